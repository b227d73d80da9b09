import { Empty, Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';

export function CreatePage() {
  useTitle('Create an agent');
  return (
    <main id="main" className="page-lone">
      <Panel title="Create an agent">
        <Empty title="Create an agent">Not built yet.</Empty>
      </Panel>
    </main>
  );
}
