import { memo, useMemo } from 'react';
import type { AgentGraduated } from '../../shared/events.ts';
import { formatMarketCap } from '../../shared/format.ts';
import type { AgentView, PriceChanged } from '../../shared/view-schemas.ts';
import { withGraduation, withPrice } from '../live/agent-rows.ts';
import { agentPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { exactSol, MarketCapFigure, PriceFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { Progress } from '../ui/progress.tsx';

interface AgentRowProps {
  readonly listed: AgentView;
  readonly price: PriceChanged | undefined;
  readonly graduation: AgentGraduated | undefined;
}

/** One agent on the board. It renders again only when one of the three changes. */
export const AgentRow = memo(function AgentRow({ listed, price, graduation }: AgentRowProps) {
  const agent = useMemo(
    () => withGraduation(withPrice(listed, price), graduation),
    [listed, price, graduation],
  );
  return (
    <tr className="agent-row" data-agent={agent.agentId}>
      <td className="col-agent">
        <Avatar seed={agent.mint} imageUrl={agent.imageUrl} />
        <span className="agent-names">
          <Link className="row-link" href={agentPath(agent.agentId)}>
            {agent.symbol}
          </Link>
          <span className="agent-name">{agent.name}</span>
        </span>
      </td>
      <td className="col-number col-price">
        <PriceFigure value={agent.price} />
        <span className="only-narrow muted">
          <span className="figure">{formatMarketCap(agent.marketCap)}</span>
        </span>
      </td>
      <td className="col-number only-wide">
        <MarketCapFigure value={agent.marketCap} />
      </td>
      <td className="col-progress">
        <Progress bps={agent.progressBps} phase={agent.phase} />
      </td>
      <td className="col-number only-wide">
        <span className="figure muted" title={exactSol(agent.volume)}>
          {formatMarketCap(agent.volume)}
        </span>
      </td>
      <td className="col-number col-age only-wide">
        {agent.lastTradeAt === null ? <span className="muted">—</span> : <Age at={agent.lastTradeAt} />}
      </td>
    </tr>
  );
});
