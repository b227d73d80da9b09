import type { VaultId } from '../../shared/ids.ts';
import { Empty, Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';

export function VaultPage({ vaultId: _vaultId }: { readonly vaultId: VaultId }) {
  useTitle('Vault');
  return (
    <main id="main" className="page-lone">
      <Panel title="Vault">
        <Empty title="Vault">Not built yet.</Empty>
      </Panel>
    </main>
  );
}
