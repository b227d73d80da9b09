import { memo } from 'react';
import { formatSol, formatTokens } from '../../shared/format.ts';
import type { TapeRow } from '../orders/tape-rows.ts';
import { agentPath } from '../router.ts';
import { Address } from '../ui/address.tsx';
import { Age } from '../ui/age.tsx';
import { exactPrice, exactSol, exactTokens } from '../ui/exact.ts';
import { ArrowDown, ArrowUp } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { PriceText } from '../ui/price-text.tsx';
import { FetchedSymbol } from '../ui/symbols.tsx';

interface TapeRowProps extends Omit<TapeRow, 'key'> {
  /** On a tape of all agents: of this one, `null` when it is not known yet. Left out on a tape of one. */
  readonly symbol?: string | null;
  /** On a tape of one agent: what the trader is known for, empty for a stranger. Left out on a tape of all. */
  readonly label?: string;
  readonly isOwn: boolean;
}

/**
 * A trade: its side by word, sign, arrow and hue; SOL, tokens, price after it, trader and age. One that is on its way says so
 * and has no price yet. Its properties are compared by value, so that a frame renders only the rows that are new in it.
 */
export const TapeRowView = memo(function TapeRowView(row: TapeRowProps) {
  const { side, sol, tokens, trade, trader, agentId, symbol, label, isOwn } = row;
  const isBuy = side === 'buy';
  return (
    <li
      className="tape-row"
      data-side={side}
      data-own={isOwn}
      {...(trade === null ? { 'data-pending': true } : { 'data-seq': trade.seq })}
    >
      <span className="tape-side">
        {isBuy ? <ArrowUp /> : <ArrowDown />}
        <span className="tape-word">{isBuy ? 'Buy' : 'Sell'}</span>
      </span>
      {symbol !== undefined && (
        <Link className="tape-symbol" href={agentPath(agentId)}>
          {symbol ?? <FetchedSymbol agentId={agentId} />}
        </Link>
      )}
      <span className="figure tape-sol" title={exactSol(sol)}>
        {isBuy ? '+' : '−'}
        {formatSol(sol)}
      </span>
      <span className="figure tape-tokens" title={exactTokens(tokens)}>
        {formatTokens(tokens)}
      </span>
      {trade === null ? (
        <span className="figure tape-price muted">–</span>
      ) : (
        <span className="figure tape-price" title={exactPrice(trade.price)}>
          <PriceText value={trade.price} />
        </span>
      )}
      {label !== undefined && (
        <span className="tape-trader">
          {label === '' ? <Address value={trader} /> : <Label text={label} address={trader} isOwn={isOwn} />}
        </span>
      )}
      {trade === null ? <span className="tape-pending">pending</span> : <Age at={trade.at} />}
    </li>
  );
});

interface LabelProps {
  readonly text: string;
  readonly address: string;
  readonly isOwn: boolean;
}

function Label({ text, address, isOwn }: LabelProps) {
  return (
    <span className="tag" title={address} data-kind={isOwn ? 'you' : 'known'}>
      {text}
    </span>
  );
}
