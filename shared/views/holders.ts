import type { TradeExecuted } from '../events.ts';
import type { WalletAddress } from '../ids.ts';
import { type TokenUnits, tokenUnits } from '../units.ts';

/** Who holds how many of one agent's tokens; nobody with zero is in it. */
export type HoldersView = ReadonlyMap<WalletAddress, TokenUnits>;

/** Folds a trade of the agent into its holders. */
export function reduceHolders(view: HoldersView, trade: TradeExecuted): HoldersView {
  const next = new Map(view);
  applyToHolders(next, trade);
  return next;
}

/** As {@link reduceHolders}, in place: for an owner that nobody shares the map with. */
export function applyToHolders(holders: Map<WalletAddress, TokenUnits>, trade: TradeExecuted): void {
  const held = holders.get(trade.trader) ?? 0n;
  const now = trade.side === 'buy' ? held + trade.tokens : held - trade.tokens;
  if (now === 0n) holders.delete(trade.trader);
  else holders.set(trade.trader, tokenUnits(now));
}

export interface Holder {
  readonly wallet: WalletAddress;
  readonly tokens: TokenUnits;
}

/** The largest holders, largest first; equal ones by address. */
export function largestHolders(view: HoldersView, limit: number): Holder[] {
  return [...view]
    .map(([wallet, tokens]) => ({ wallet, tokens }))
    .sort((a, b) => (a.tokens === b.tokens ? (a.wallet < b.wallet ? -1 : 1) : a.tokens > b.tokens ? -1 : 1))
    .slice(0, limit);
}
