import { walletSol } from '../../shared/curve.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { type Lamports, lamports, type TokenUnits, tokenUnits } from '../../shared/units.ts';
import { matchEchoes } from './echoes.ts';
import type { PlacedTrade } from './orders.ts';

/** A trader's own view of what it has, as far as it tells which trades are in it. */
interface Known {
  readonly trader: WalletAddress;
  /** Of the trader, newest first. */
  readonly trades: readonly TradeExecuted[];
  /** The newest entry that the view is known to hold. */
  readonly seq: number;
}

/** What orders placed here may still take from what a view shows. */
export interface Reserved {
  readonly sol: Lamports;
  readonly tokensOf: (agentId: AgentId) => TokenUnits;
}

/**
 * What is spoken for: an unanswered order may take all that it allows, an answered one takes exactly what it took until the
 * view holds it. What orders will bring is not counted before it is there.
 */
export function reservedBy(placed: readonly PlacedTrade[], { trader, trades, seq }: Known): Reserved {
  const own = placed.filter((order) => order.trader === trader);
  let sol = 0n;
  const tokens = new Map<AgentId, bigint>();
  const take = (agentId: AgentId, amount: bigint): void => {
    tokens.set(agentId, (tokens.get(agentId) ?? 0n) + amount);
  };
  for (const { agentId, fill, mostSol } of matchEchoes(trades, own).waiting) {
    if (fill.side === 'buy') sol += mostSol;
    else take(agentId, fill.tokens);
  }
  for (const { trade } of own) {
    if (trade === null || trade.seq <= seq) continue;
    if (trade.side === 'buy') sol += walletSol(trade);
    else take(trade.agentId, trade.tokens);
  }
  return { sol: lamports(sol), tokensOf: (agentId) => tokenUnits(tokens.get(agentId) ?? 0n) };
}

/** What is left of an amount; nothing when more is spoken for. */
export const less = (amount: bigint, taken: bigint): bigint => (amount > taken ? amount - taken : 0n);
