import {
  type Curve,
  type Fill,
  fillBuyTokens,
  fillSellTokens,
  marketCap,
  POOL_SUPPLY,
  spotPrice,
  tokensForSpend,
  walletSol,
} from '../../shared/curve.ts';
import type { AgentGraduated, Entry, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import type { Rejection } from '../../shared/rejections.ts';
import type { Lamports, TokenUnits } from '../../shared/units.ts';
import { poolOf } from './addresses.ts';
import type { Agent } from './agent.ts';
import type { BuyForSol, BuyTokens, SellTokens, TradeTerms } from './command.ts';
import { accepted, type Decision, type Entries, rejected, type Stamp } from './decision.ts';
import { decideKing, type Hill } from './hill.ts';
import { type Ledger, solOf, tokensOf } from './ledger.ts';
import { type StakePools, stakeOf } from './staking.ts';

/** What trades depend on, of the market's state. */
export interface TradingState {
  readonly epoch: string;
  readonly agents: ReadonlyMap<AgentId, Agent>;
  readonly ledger: Ledger;
  readonly hill: Hill;
  readonly pools: StakePools;
}

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

/** What the seller has, in the wallet and at stake. */
interface Held {
  readonly available: TokenUnits;
  readonly staked: TokenUnits;
}

function fillSell(curve: Curve, command: SellTokens, { available, staked }: Held): Fill | Rejection {
  const { tokens: needed } = command;
  if (needed > available) {
    return needed > available + staked
      ? { reason: 'insufficient_tokens', needed, available }
      : { reason: 'tokens_locked', needed, available, staked };
  }
  const fill = fillSellTokens(curve, command.tokens);
  if (fill.sol < fill.protocolFee + fill.creatorFee) return { reason: 'amount_too_small' };
  const proceeds = walletSol(fill);
  if (proceeds < command.minSol) {
    return { reason: 'too_little_sol', minimum: command.minSol, actual: proceeds };
  }
  return fill;
}

/** Decides a buy or a sale. */
export function decideTrade(
  state: TradingState,
  { terms, trader }: { readonly terms: TradeTerms; readonly trader: WalletAddress },
  stamp: Stamp,
): Decision {
  const { agentId } = terms;
  const agent = state.agents.get(agentId);
  if (agent === undefined) return rejected({ reason: 'agent_not_found', agentId });
  if (agent.phase.kind === 'graduated') return rejected({ reason: 'agent_graduated', agentId });
  const { curve } = agent.phase;
  const fill =
    terms.kind === 'sell_tokens'
      ? fillSell(curve, terms, {
          available: tokensOf(state.ledger, agentId, trader),
          staked: stakeOf(state.pools, agentId, trader),
        })
      : fillBuy(curve, terms, solOf(state.ledger, trader));
  if ('reason' in fill) return rejected(fill);
  return accepted(tradeEntries(state, { agentId, trader, fill, stamp }));
}

interface Executed {
  readonly agentId: AgentId;
  readonly trader: WalletAddress;
  readonly fill: Fill;
  readonly stamp: Stamp;
}

/** The entries of a fill: the trade, the graduation when it sells out the curve, and who is king then. */
export function tradeEntries(
  { epoch, hill }: TradingState,
  { agentId, trader, fill, stamp }: Executed,
): Entries {
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
  const graduates = after.realTokens === 0n;
  const following: Entry[] = graduates ? [graduation(epoch, trade)] : [];
  const king = decideKing(
    hill,
    { agentId, marketCap: marketCap(trade.price), graduates },
    { seq: seq + 1 + following.length, at },
  );
  if (king !== undefined) following.push(king);
  return [trade, ...following];
}

function graduation(epoch: string, { seq, at, agentId, realSol }: TradeExecuted): AgentGraduated {
  return {
    type: 'agent_graduated',
    seq: seq + 1,
    at,
    agentId,
    poolId: poolOf(epoch, seq + 1),
    sol: realSol,
    tokens: POOL_SUPPLY,
  };
}
