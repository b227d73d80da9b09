import { Empty, Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';

export function OlympicsPage() {
  useTitle('Olympics');
  return (
    <main id="main" className="page-lone">
      <Panel title="Olympics">
        <Empty title="Olympics">Not built yet.</Empty>
      </Panel>
    </main>
  );
}
