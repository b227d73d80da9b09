import { type FocusEvent, memo, type PointerEvent, type ReactNode, useState } from 'react';
import type { TradeExecuted } from '../../shared/events.ts';
import { formatSol, formatTokens } from '../../shared/format.ts';
import { formatDecimal, PRICE_DECIMALS, TOKEN_DECIMALS } from '../../shared/units.ts';
import { agentPath } from '../router.ts';
import { Age } from '../ui/age.tsx';
import { exactSol } from '../ui/figure.tsx';
import { ArrowDown, ArrowUp } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { PriceText } from '../ui/price-text.tsx';
import { FetchedSymbol, type Symbols } from '../ui/symbols.tsx';

/** What a tape shows: the newest trades, newest first, and how many there have been, to count what waits. */
interface Trades {
  readonly trades: readonly TradeExecuted[];
  readonly total: number;
}

interface TapeProps extends Trades {
  readonly title: string;
  /** Names the agent of each row, on a tape of more than one. */
  readonly symbols?: Symbols;
  /** Instead of the rows, where there are none. */
  readonly placeholder: ReactNode;
}

/** Trades as they come. It stands still under the pointer or the focus, and then catches up at once. */
export function Tape({ title, trades, total, symbols, placeholder }: TapeProps) {
  const [held, setHeld] = useState<Trades | null>(null);
  const shown = held ?? { trades, total };
  const waiting = total - shown.total;
  const hold = (): void => setHeld((before) => before ?? { trades, total });
  const release = (): void => setHeld(null);

  const onPointerEnter = (event: PointerEvent): void => {
    // A finger has no way to hover; it would leave the tape stuck.
    if (event.pointerType === 'mouse') hold();
  };
  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    // Focus that a click left behind must not hold the tape for good.
    if (event.target.matches(':focus-visible')) hold();
  };
  const onBlur = (event: FocusEvent<HTMLElement>): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) release();
  };

  const aside = held !== null && (
    <button type="button" className="waiting" onClick={release}>
      {waiting > 0 ? `${waiting} new` : 'Paused'}
    </button>
  );
  return (
    <Panel
      title={title}
      aside={aside}
      className="tape"
      onPointerEnter={onPointerEnter}
      onPointerLeave={release}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      {shown.trades.length === 0 ? (
        placeholder
      ) : (
        <ol className="tape-rows">
          {shown.trades.map((trade) => (
            <TapeRow
              key={trade.seq}
              trade={trade}
              {...(symbols === undefined ? {} : { symbol: symbols.of(trade.agentId) })}
            />
          ))}
        </ol>
      )}
    </Panel>
  );
}

interface TapeRowProps {
  readonly trade: TradeExecuted;
  /** Left out on a tape of one agent; `null` when it is not known yet. */
  readonly symbol?: string | null;
}

/** A trade: side by word, sign, arrow and hue; SOL, price after it, and age. */
const TapeRow = memo(function TapeRow({ trade, symbol }: TapeRowProps) {
  const { side, sol, tokens, price, agentId } = trade;
  return (
    <li className="tape-row" data-side={side} data-seq={trade.seq}>
      <span className="tape-side">
        {side === 'buy' ? <ArrowUp /> : <ArrowDown />}
        <span className="visually-hidden">{side === 'buy' ? 'Buy' : 'Sell'}</span>
      </span>
      {symbol !== undefined && (
        <Link className="tape-symbol" href={agentPath(agentId)}>
          {symbol ?? <FetchedSymbol agentId={agentId} />}
        </Link>
      )}
      <span className="figure tape-sol" title={exactSol(sol)}>
        {side === 'buy' ? '+' : '−'}
        {formatSol(sol)}
      </span>
      <span className="figure tape-tokens" title={`${formatDecimal(tokens, TOKEN_DECIMALS)} tokens`}>
        {formatTokens(tokens)}
      </span>
      <span className="figure tape-price" title={`${formatDecimal(price, PRICE_DECIMALS)} SOL`}>
        <PriceText value={price} />
      </span>
      <Age at={trade.at} />
    </li>
  );
});
