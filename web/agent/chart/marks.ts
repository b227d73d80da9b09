import type { TradeExecuted } from '../../../shared/events.ts';
import type { WalletAddress } from '../../../shared/ids.ts';
import type { CandleInterval } from '../../../shared/inputs.ts';
import { INTERVAL_MS } from '../../../shared/views/candles.ts';

/** Trades of one side that somebody worth marking made during one candle. */
export interface Mark {
  /** Start of the candle, ms since the epoch. */
  readonly start: number;
  readonly who: 'you' | 'creator';
  readonly side: TradeExecuted['side'];
  readonly trades: number;
}

/** Whose trades are marked. One who is both is `you`. */
export interface MarkedWallets {
  readonly creator: WalletAddress;
  /** `null` while nobody is signed in. */
  readonly you: string | null;
}

/** What to mark on the candles of an interval, oldest first: one mark for all trades of a wallet's side in a candle. */
export function marksOf(
  trades: readonly TradeExecuted[],
  interval: CandleInterval,
  { creator, you }: MarkedWallets,
): Mark[] {
  const marks = new Map<string, Mark>();
  for (const { at, trader, side } of trades) {
    if (trader !== you && trader !== creator) continue;
    const start = at - (at % INTERVAL_MS[interval]);
    const who = trader === you ? 'you' : 'creator';
    const key = `${start} ${who} ${side}`;
    marks.set(key, { start, who, side, trades: (marks.get(key)?.trades ?? 0) + 1 });
  }
  return [...marks.values()].sort((a, b) => a.start - b.start);
}

/** The letter of a mark, and how many trades it stands for where that is not one: "B", "S 3", "C". */
export function markText({ who, side, trades }: Mark): string {
  const letter = who === 'creator' ? 'C' : side === 'buy' ? 'B' : 'S';
  return trades === 1 ? letter : `${letter} ${trades}`;
}
