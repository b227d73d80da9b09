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
  changeHolder(holders, trade.trader, trade.side === 'buy' ? trade.tokens : -trade.tokens);
}

/** Adds to what a wallet holds, in place. */
export function changeHolder(
  holders: Map<WalletAddress, TokenUnits>,
  wallet: WalletAddress,
  change: bigint,
): void {
  const now = (holders.get(wallet) ?? 0n) + change;
  if (now === 0n) holders.delete(wallet);
  else holders.set(wallet, tokenUnits(now));
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
