import { memo } from 'react';
import { TOTAL_SUPPLY } from '../../shared/curve.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import type { TokenUnits } from '../../shared/units.ts';
import type { Holder } from '../../shared/views/holders.ts';
import { trpc } from '../api.ts';
import { useWalletLabels, type WalletLabel } from '../tape/wallet-labels.ts';
import { Address } from '../ui/address.tsx';
import { Empty, Problem } from '../ui/panel.tsx';
import { shareText } from '../ui/percent.ts';
import { problemText } from '../ui/problem-text.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Tokens } from '../ui/tokens.tsx';

const SHOWN = 20;
const REFRESH_MS = 3_000;

interface HoldersProps {
  readonly agentId: AgentId;
  readonly creator: WalletAddress;
}

/** Who holds the most of an agent's tokens, asked for again every few seconds: there is no channel for it. */
export const Holders = memo(function Holders({ agentId, creator }: HoldersProps) {
  const { data, error, refetch } = trpc.holders.useQuery(
    { agentId, limit: SHOWN },
    { refetchInterval: REFRESH_MS },
  );
  const labelsOf = useWalletLabels(creator);
  if (data === undefined) {
    if (error === null) return <SkeletonRows rows={SHOWN / 2} label="Loading holders" />;
    return <Problem what="Holders" detail={problemText(error)} onRetry={() => void refetch()} />;
  }
  const { holders, count } = data;
  const [largest] = holders;
  if (largest === undefined) {
    return <Empty title="Nobody holds it yet">The first buyer appears here.</Empty>;
  }
  const others = count - holders.length;
  return (
    <div className="holders">
      <p className="holders-count muted">
        <span className="figure">{count.toLocaleString('en-US')}</span> {count === 1 ? 'holder' : 'holders'},
        by share of the supply
      </p>
      <ol className="holder-rows">
        {holders.map((holder) => (
          <HolderRow
            key={holder.wallet}
            holder={holder}
            largest={largest.tokens}
            labels={labelsOf(holder.wallet)}
          />
        ))}
      </ol>
      {others > 0 && (
        <p className="holders-rest muted">
          and <span className="figure">{others.toLocaleString('en-US')}</span> smaller
        </p>
      )}
    </div>
  );
});

interface HolderRowProps {
  readonly holder: Holder;
  /** What the largest has: its bar is the full width. */
  readonly largest: TokenUnits;
  readonly labels: readonly WalletLabel[];
}

const STEPS = 1_000n;

function HolderRow({ holder: { wallet, tokens }, largest, labels }: HolderRowProps) {
  const isOwn = labels.some(({ kind }) => kind === 'you');
  return (
    <li className="holder-row" data-wallet={wallet} data-own={isOwn}>
      <span className="wallet-cell">
        <Address value={wallet} />
        {labels.map(({ kind, text }) => (
          <span key={kind} className="tag" data-kind={kind}>
            {text}
          </span>
        ))}
      </span>
      <svg className="holder-bar" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Number((tokens * STEPS) / largest)} height="4" />
      </svg>
      <Tokens value={tokens} className="muted" />
      <span className="figure">{shareText(tokens, TOTAL_SUPPLY)}</span>
    </li>
  );
}
