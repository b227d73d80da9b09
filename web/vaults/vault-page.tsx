import './vault.css';
import { useMemo } from 'react';
import type { VaultId } from '../../shared/ids.ts';
import type { VaultView } from '../../shared/views/vault.ts';
import { trpc } from '../api.ts';
import { useVault } from '../live/hooks.ts';
import { pagePath } from '../router.ts';
import { useSession } from '../services.ts';
import { Link } from '../ui/link.tsx';
import { Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useTitle } from '../ui/use-title.ts';
import { useHeldAgents } from './held-agents.ts';
import { Positions } from './positions.tsx';
import { Shareholders } from './shareholders.tsx';
import { SharesPanel } from './shares-panel.tsx';
import { VaultHead } from './vault-head.tsx';
import { VaultHistory } from './vault-history.tsx';
import { VaultTrading } from './vault-trading.tsx';
import { stockOf } from './worth.ts';

/** One vault, live. */
export function VaultPage({ vaultId }: { readonly vaultId: VaultId }) {
  const { view, status, retry } = useVault(vaultId);
  useTitle(view?.vault.name ?? `Vault ${vaultId}`);
  if (view !== null) return <LoadedVault view={view} />;
  return (
    <main id="main" className="page-lone">
      <h1 className="visually-hidden">Vault {vaultId}</h1>
      <Panel title={`Vault ${vaultId}`}>
        {status.kind === 'ended' ? (
          <Problem what={`Vault ${vaultId}`} detail={status.error.message} onRetry={retry} />
        ) : (
          <SkeletonRows rows={14} label="Loading the vault" />
        )}
      </Panel>
      <Link className="back" href={pagePath('vaults')}>
        All vaults
      </Link>
    </main>
  );
}

function LoadedVault({ view: { vault, history } }: { readonly view: VaultView }) {
  const { vaultId, manager, positions } = vault;
  const session = useSession();
  const answer = trpc.vault.useQuery({ vaultId });
  const held = useMemo(
    () => positions.filter(({ tokens }) => tokens > 0n).map(({ agentId }) => agentId),
    [positions],
  );
  const agents = useHeldAgents(held);
  const stock = useMemo(() => stockOf(vault, agents), [vault, agents]);
  const isManager = session.kind === 'signed_in' && session.wallet === manager;
  return (
    <main id="main" className="page-vault">
      <VaultHead
        vault={vault}
        // As the server has reckoned it, until the prices of what the vault holds have come.
        netAssetValue={stock?.netAssetValue ?? answer.data?.summary.netAssetValue ?? null}
      />
      <div className="vault-main">
        <Positions vault={vault} agents={agents} />
        <div className="vault-pair">
          <VaultHistory history={history} />
          <Shareholders
            vault={vault}
            holders={answer.data?.holders}
            count={answer.data?.summary.holders ?? 0}
            problem={answer.error?.message ?? null}
            onRetry={() => void answer.refetch()}
          />
        </div>
      </div>
      <div className="vault-side">
        <SharesPanel vault={vault} stock={stock} agents={agents} />
        {isManager && <VaultTrading vault={vault} />}
      </div>
    </main>
  );
}
