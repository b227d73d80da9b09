import { Empty, Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';

export function SettingsPage() {
  useTitle('Settings');
  return (
    <main id="main" className="page-lone">
      <Panel title="Settings">
        <Empty title="Settings">Not built yet.</Empty>
      </Panel>
    </main>
  );
}
