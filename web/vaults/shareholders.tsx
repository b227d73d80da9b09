import type { WalletAddress } from '../../shared/ids.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import type { Shares } from '../../shared/units.ts';
import { useSession } from '../services.ts';
import { Address } from '../ui/address.tsx';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { shareText } from '../ui/percent.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { exactShares, formatShares } from './share-text.ts';

interface ShareholdersProps {
  readonly vault: VaultDetail;
  /** The largest first; `undefined` while they are not known. */
  readonly holders: readonly { readonly wallet: WalletAddress; readonly shares: Shares }[] | undefined;
  /** Of all. */
  readonly count: number;
  /** Why they are not known, if they will not come. */
  readonly problem: string | null;
  readonly onRetry: () => void;
}

/** Who has how many shares of a vault. */
export function Shareholders({ vault, holders, count, problem, onRetry }: ShareholdersProps) {
  const session = useSession();
  const own = session.kind === 'signed_in' ? session.wallet : null;
  if (holders === undefined) {
    return (
      <Panel title="Shareholders">
        {problem === null ? (
          <SkeletonRows rows={4} label="Loading shareholders" />
        ) : (
          <Problem what="Shareholders" detail={problem} onRetry={onRetry} />
        )}
      </Panel>
    );
  }
  return (
    <Panel title="Shareholders" aside={<span className="figure muted">{count}</span>}>
      {holders.length === 0 ? (
        <Empty title="Nobody yet">The first who deposits appears here.</Empty>
      ) : (
        <ol className="shareholders">
          {holders.map(({ wallet, shares }) => (
            <li key={wallet} data-wallet={wallet}>
              <span className="shareholder">
                <Address value={wallet} />
                {wallet === own && <span className="tag yours">You</span>}
                {wallet === vault.manager && <span className="tag">Manager</span>}
              </span>
              <span className="figure muted" title={exactShares(shares)}>
                {formatShares(shares)}
              </span>
              <span className="figure shareholder-part">{shareText(shares, vault.shares)}</span>
            </li>
          ))}
        </ol>
      )}
      {count > holders.length && <p className="panel-body muted">and {count - holders.length} smaller</p>}
    </Panel>
  );
}
