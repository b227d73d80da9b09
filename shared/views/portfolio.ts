import { walletSol } from '../curve.ts';
import type { TradeExecuted, WalletCredited } from '../events.ts';
import type { WalletAddress } from '../ids.ts';
import { type Lamports, lamports, tokenUnits } from '../units.ts';
import type { Holding, PortfolioView } from '../view-schemas.ts';

export const emptyPortfolio = (wallet: WalletAddress): PortfolioView => ({
  wallet,
  sol: lamports(0n),
  holdings: new Map(),
});

export const NOTHING_HELD: Holding = { tokens: tokenUnits(0n), cost: lamports(0n), realised: 0n };

/** Folds an entry of this wallet into its portfolio. A holding that was sold stays, with its realised gain. */
export function reducePortfolio(view: PortfolioView, entry: TradeExecuted | WalletCredited): PortfolioView {
  switch (entry.type) {
    case 'wallet_credited':
      return { ...view, sol: lamports(view.sol + entry.sol) };
    case 'trade_executed': {
      const holding = view.holdings.get(entry.agentId) ?? NOTHING_HELD;
      const holdings = new Map(view.holdings).set(entry.agentId, reduceHolding(holding, entry));
      return { ...view, sol: solAfter(view.sol, entry), holdings };
    }
    default:
      return entry satisfies never;
  }
}

/** The trader's SOL after a trade. */
export function solAfter(sol: Lamports, trade: TradeExecuted): Lamports {
  const moved = walletSol(trade);
  return lamports(trade.side === 'buy' ? sol - moved : sol + moved);
}

/** Average cost: a sale takes its share of the cost along, rounded down. */
export function reduceHolding(holding: Holding, trade: TradeExecuted): Holding {
  const moved = walletSol(trade);
  if (trade.side === 'buy') {
    return {
      tokens: tokenUnits(holding.tokens + trade.tokens),
      cost: lamports(holding.cost + moved),
      realised: holding.realised,
    };
  }
  const cost = (holding.cost * trade.tokens) / holding.tokens;
  return {
    tokens: tokenUnits(holding.tokens - trade.tokens),
    cost: lamports(holding.cost - cost),
    realised: holding.realised + moved - cost,
  };
}
