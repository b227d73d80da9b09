import { memo } from 'react';
import { walletSol } from '../../shared/curve.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { formatSol, formatTokens } from '../../shared/format.ts';
import { FILLS_LENGTH } from '../../shared/views/account.ts';
import { Age } from '../ui/age.tsx';
import { AgentName } from '../ui/agent-name.tsx';
import { exactPrice, exactSol, exactTokens } from '../ui/exact.ts';
import { ArrowDown, ArrowUp } from '../ui/icons.tsx';
import { PriceText } from '../ui/price-text.tsx';

/** The newest trades of the wallet, newest first. */
export function Fills({ fills }: { readonly fills: readonly TradeExecuted[] }) {
  return (
    <>
      <table className="table fills">
        <thead>
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Agent</th>
            <th scope="col" className="number only-wide">
              Tokens
            </th>
            <th scope="col" className="number">
              SOL
            </th>
            <th scope="col" className="number only-wide">
              Price
            </th>
            <th scope="col" className="number only-wide">
              Entry
            </th>
            <th scope="col" className="number only-wide">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {fills.map((fill) => (
            <FillRow key={fill.seq} fill={fill} />
          ))}
        </tbody>
      </table>
      {fills.length === FILLS_LENGTH && <p className="list-foot muted">Your newest {FILLS_LENGTH} trades.</p>}
    </>
  );
}

const FillRow = memo(function FillRow({ fill }: { readonly fill: TradeExecuted }) {
  const { seq, at, agentId, side, tokens, price } = fill;
  const isBuy = side === 'buy';
  const tone = isBuy ? 'up' : 'down';
  const moved = walletSol(fill);
  const amount = (
    <span className={`figure ${tone}`} title={exactTokens(tokens)}>
      {isBuy ? '+' : '−'}
      {formatTokens(tokens)}
    </span>
  );
  return (
    <tr data-seq={seq} data-agent={agentId}>
      <td>
        <span className={`side ${tone}`}>
          {isBuy ? <ArrowUp /> : <ArrowDown />}
          {isBuy ? 'Buy' : 'Sell'}
        </span>
      </td>
      <td>
        <AgentName agentId={agentId} isSmall narrowDetail={amount} />
      </td>
      <td className="number only-wide">{amount}</td>
      <td className="number">
        <span className="figure" title={`${exactSol(moved)} ${isBuy ? 'paid' : 'received'}, fees included`}>
          {formatSol(moved)}
        </span>
        <div className="cell-line only-narrow">
          <Age at={at} />
        </div>
      </td>
      <td className="number only-wide">
        <span className="figure" title={exactPrice(price)}>
          <PriceText value={price} />
        </span>
      </td>
      <td className="number only-wide">
        <span className="figure muted">{seq}</span>
      </td>
      <td className="number only-wide">
        <Age at={at} />
      </td>
    </tr>
  );
});
