import './vaults.css';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { trpc } from '../api.ts';
import { useVaults } from '../live/hooks.ts';
import { useSession } from '../services.ts';
import { useSignIn } from '../shell/use-sign-in.ts';
import { MoreRow } from '../ui/more-row.tsx';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { problemText } from '../ui/problem-text.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useTitle } from '../ui/use-title.ts';
import { listedVaults } from './listing.ts';
import { OpenVault } from './open-vault.tsx';
import { VaultRow } from './vault-row.tsx';

const PAGE = 50;

/** All vaults, the largest first, and the way to open one. */
export function VaultsPage() {
  useTitle('Vaults');
  const session = useSession();
  const signIn = useSignIn();
  const [isOpening, setOpening] = useState(false);
  const open = (): void => (session.kind === 'signed_in' ? setOpening(true) : signIn());
  const button = (
    <button type="button" className="button button-primary" onClick={open}>
      <Plus size={16} aria-hidden="true" />
      {session.kind === 'signed_in' ? 'Open a vault' : 'Sign in to open a vault'}
    </button>
  );
  return (
    <main id="main" className="page-vaults">
      <h1 className="visually-hidden">Vaults</h1>
      <Panel title="Vaults" aside={button}>
        <p className="vaults-about muted">
          A vault pools SOL that its manager trades with. Who deposits gets shares, and takes out their part
          of everything it holds at any time.
        </p>
        <VaultList wallet={session.kind === 'signed_in' ? session.wallet : null} />
      </Panel>
      {isOpening && <OpenVault onClose={() => setOpening(false)} />}
    </main>
  );
}

/** @param wallet that is signed in */
function VaultList({ wallet }: { readonly wallet: string | null }) {
  const { view, status } = useVaults();
  const pages = trpc.vaults.useInfiniteQuery(
    { limit: PAGE },
    { getNextPageParam: (page) => page.nextCursor },
  );
  const vaults = useMemo(
    () => listedVaults(pages.data?.pages.flatMap((page) => page.vaults) ?? [], view),
    [pages.data, view],
  );
  if (vaults.length === 0) {
    if (pages.data !== undefined || status.kind === 'live') {
      return <Empty title="No vaults yet">The first vault that is opened appears here by itself.</Empty>;
    }
    if (pages.error === null) return <SkeletonRows rows={10} label="Loading vaults" />;
    return <Problem what="Vaults" detail={problemText(pages.error)} onRetry={() => void pages.refetch()} />;
  }
  return (
    <>
      <table className="table vaults">
        <thead>
          <tr>
            <th scope="col">Vault</th>
            <th scope="col" className="number">
              Net asset value, SOL
            </th>
            <th scope="col" className="number only-wide">
              Share, SOL
            </th>
            <th scope="col" className="number">
              Since opening
            </th>
            <th scope="col" className="number only-wide">
              Fee
            </th>
            <th scope="col" className="number only-wide">
              Holders
            </th>
            <th scope="col" className="number only-wide">
              Positions
            </th>
          </tr>
        </thead>
        <tbody>
          {vaults.map((vault) => (
            <VaultRow key={vault.vaultId} vault={vault} isOwn={vault.manager === wallet} />
          ))}
        </tbody>
      </table>
      <MoreRow pages={pages}>Show more vaults</MoreRow>
    </>
  );
}
