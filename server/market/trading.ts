import {
  type Curve,
  type Fill,
  fillBuyTokens,
  fillSellTokens,
  POOL_SUPPLY,
  spotPrice,
  tokensForSpend,
  walletSol,
} from '../../shared/curve.ts';
import type { AgentGraduated, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import type { Rejection } from '../../shared/rejections.ts';
import type { Lamports, TokenUnits } from '../../shared/units.ts';
import { poolOf } from './addresses.ts';
import type { BuyForSol, BuyTokens, SellTokens } from './command.ts';
import { accepted, type Decision, type Entries, rejected, type Stamp } from './decision.ts';
import { solOf, tokensOf } from './ledger.ts';
import type { MarketState } from './state.ts';

/** What a buy asks of a curve. */
type BuyTerms = Pick<BuyForSol, 'kind' | 'sol' | 'minTokens'> | Pick<BuyTokens, 'kind' | 'tokens' | 'maxSol'>;

/** Buys from a curve with `available` lamports in the wallet. */
export function fillBuy(curve: Curve, terms: BuyTerms, available: Lamports): Fill | Rejection {
  const wanted = terms.kind === 'buy_for_sol' ? tokensForSpend(curve, terms.sol) : terms.tokens;
  if (wanted === 0n) return { reason: 'amount_too_small' };
  const fill = fillBuyTokens(curve, wanted);
  const cost = walletSol(fill);
  if (terms.kind === 'buy_for_sol' && fill.tokens < terms.minTokens) {
    return { reason: 'too_few_tokens', minimum: terms.minTokens, actual: fill.tokens };
  }
  if (terms.kind === 'buy_tokens' && cost > terms.maxSol) {
    return { reason: 'too_much_sol', maximum: terms.maxSol, actual: cost };
  }
  if (cost > available) return { reason: 'insufficient_sol', needed: cost, available };
  return fill;
}

function fillSell(curve: Curve, command: SellTokens, available: TokenUnits): Fill | Rejection {
  if (command.tokens > available) {
    return { reason: 'insufficient_tokens', needed: command.tokens, available };
  }
  const fill = fillSellTokens(curve, command.tokens);
  if (fill.sol < fill.protocolFee + fill.creatorFee) return { reason: 'amount_too_small' };
  const proceeds = walletSol(fill);
  if (proceeds < command.minSol) {
    return { reason: 'too_little_sol', minimum: command.minSol, actual: proceeds };
  }
  return fill;
}

/** Decides a buy or a sale in an agent that exists. */
export function decideTrade(
  state: MarketState,
  command: BuyForSol | BuyTokens | SellTokens,
  stamp: Stamp,
): Decision {
  const { agentId, wallet } = command;
  const agent = state.agents.get(agentId);
  if (agent === undefined) return rejected({ reason: 'agent_not_found', agentId });
  if (agent.phase.kind === 'graduated') return rejected({ reason: 'agent_graduated', agentId });
  const { curve } = agent.phase;
  const fill =
    command.kind === 'sell_tokens'
      ? fillSell(curve, command, tokensOf(state.ledger, agentId, wallet))
      : fillBuy(curve, command, solOf(state.ledger, wallet));
  if ('reason' in fill) return rejected(fill);
  return accepted(tradeEntries(state.epoch, { agentId, trader: wallet, fill, stamp }));
}

interface Trade {
  readonly agentId: AgentId;
  readonly trader: WalletAddress;
  readonly fill: Fill;
  readonly stamp: Stamp;
}

/** The entries of a fill: the trade and, when it sells out the curve, the graduation. */
export function tradeEntries(epoch: string, { agentId, trader, fill, stamp }: Trade): Entries {
  const { after } = fill;
  const { seq, at } = stamp;
  const trade: TradeExecuted = {
    type: 'trade_executed',
    seq,
    at,
    agentId,
    trader,
    side: fill.side,
    tokens: fill.tokens,
    sol: fill.sol,
    protocolFee: fill.protocolFee,
    creatorFee: fill.creatorFee,
    virtualSol: after.virtualSol,
    virtualTokens: after.virtualTokens,
    realSol: after.realSol,
    realTokens: after.realTokens,
    price: spotPrice(after),
  };
  if (after.realTokens > 0n) return [trade];
  const graduation: AgentGraduated = {
    type: 'agent_graduated',
    seq: seq + 1,
    at,
    agentId,
    poolId: poolOf(epoch, seq + 1),
    sol: after.realSol,
    tokens: POOL_SUPPLY,
  };
  return [trade, graduation];
}
