import { Empty, Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';

export function ActivityPage() {
  useTitle('Activity');
  return (
    <main id="main" className="page-lone">
      <Panel title="Activity">
        <Empty title="Activity">Not built yet.</Empty>
      </Panel>
    </main>
  );
}
