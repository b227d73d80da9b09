import { TOTAL_SUPPLY } from '../../shared/curve.ts';
import { formatTokens } from '../../shared/format.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { formatDecimal, TOKEN_DECIMALS, type TokenUnits } from '../../shared/units.ts';
import { trpc } from '../api.ts';
import { Address } from '../ui/address.tsx';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { percent } from '../ui/percent.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';

const SHOWN = 10;
const REFRESH_MS = 3_000;
const BPS = 10_000n;

interface HoldersProps {
  readonly agentId: AgentId;
  readonly creator: WalletAddress;
}

/** Who holds the most of an agent's tokens, asked for again every few seconds: there is no channel for it. */
export function Holders({ agentId, creator }: HoldersProps) {
  const { data } = useHolders(agentId);
  const aside = data !== undefined && <span className="figure muted">{data.count}</span>;
  return (
    <Panel title="Top holders" aside={aside} className="holders">
      <HolderList agentId={agentId} creator={creator} />
    </Panel>
  );
}

const useHolders = (agentId: AgentId) =>
  trpc.holders.useQuery({ agentId, limit: SHOWN }, { refetchInterval: REFRESH_MS });

function HolderList({ agentId, creator }: HoldersProps) {
  const { data, error, refetch } = useHolders(agentId);
  if (data === undefined) {
    if (error === null) return <SkeletonRows rows={SHOWN} label="Loading holders" />;
    return <Problem what="Top holders" detail={error.message} onRetry={() => void refetch()} />;
  }
  if (data.holders.length === 0) {
    return <Empty title="Nobody holds it yet">The first buyer appears here.</Empty>;
  }
  return (
    <ol className="holder-rows">
      {data.holders.map(({ wallet, tokens }) => (
        <li key={wallet} className="holder-row">
          <Address value={wallet} />
          <span>{wallet === creator && <span className="tag">Creator</span>}</span>
          <span className="figure muted" title={`${formatDecimal(tokens, TOKEN_DECIMALS)} tokens`}>
            {formatTokens(tokens)}
          </span>
          <span className="figure">{shareOf(tokens)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Of the total supply; a share too small to write is not nothing. */
function shareOf(tokens: TokenUnits): string {
  const bps = Number((tokens * BPS) / TOTAL_SUPPLY);
  return bps === 0 ? '<0.01 %' : percent(bps, 2);
}
