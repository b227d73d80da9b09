import { Empty, Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';

export function VaultsPage() {
  useTitle('Vaults');
  return (
    <main id="main" className="page-lone">
      <Panel title="Vaults">
        <Empty title="Vaults">Not built yet.</Empty>
      </Panel>
    </main>
  );
}
