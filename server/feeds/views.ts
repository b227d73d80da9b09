import type { AgentCreated, AgentGraduated, Entry, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { CANDLE_INTERVALS, type CandleInterval } from '../../shared/inputs.ts';
import { type Lamports, lamports, type TokenUnits } from '../../shared/units.ts';
import type { AgentView, CandleSeries, Holding, PriceChanged } from '../../shared/view-schemas.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { applyToCandles, emptyCandles } from '../../shared/views/candles.ts';
import { applyToHolders } from '../../shared/views/holders.ts';
import {
  GRADUATIONS_LENGTH,
  NEW_AGENTS_LENGTH,
  newestFirst,
  pushLast,
  pushNewest,
  TAPE_LENGTH,
} from '../../shared/views/newest.ts';
import { NOTHING_HELD, reduceHolding, solAfter } from '../../shared/views/portfolio.ts';
import { priceOf } from '../../shared/views/prices.ts';

export interface WalletView {
  sol: Lamports;
  readonly holdings: Map<AgentId, Holding>;
}

export type CandleSet = Readonly<Record<CandleInterval, CandleSeries>>;

/** Everything of {@link MarketViews}, as a snapshot stores it. */
export interface ViewsState {
  seq: number;
  readonly agents: Map<AgentId, AgentView>;
  /** In order of the last change, oldest first. */
  readonly prices: Map<AgentId, PriceChanged>;
  readonly candles: Map<AgentId, CandleSet>;
  readonly holders: Map<AgentId, Map<WalletAddress, TokenUnits>>;
  readonly wallets: Map<WalletAddress, WalletView>;
  /** Oldest first, the newest {@link TAPE_LENGTH} and some more. */
  readonly trades: TradeExecuted[];
  newAgents: readonly AgentCreated[];
  graduations: readonly AgentGraduated[];
}

export const emptyViews = (): ViewsState => ({
  seq: 0,
  agents: new Map(),
  prices: new Map(),
  candles: new Map(),
  holders: new Map(),
  wallets: new Map(),
  trades: [],
  newAgents: [],
  graduations: [],
});

/**
 * Folds a committed entry into the views, in place. The views are what queries and channel snapshots read: they hold
 * only what is durable, while the executor's own state may be a group ahead. Each part is folded by the shared reducer
 * that clients use; only the maps around them are changed in place.
 */
export function foldViews(views: ViewsState, entry: Entry): void {
  if (entry.seq !== views.seq + 1) throw new RangeError(`entry ${entry.seq} does not follow ${views.seq}`);
  views.seq = entry.seq;
  switch (entry.type) {
    case 'agent_created':
      setAgent(views, createdAgent(entry));
      views.candles.set(entry.agentId, emptyCandleSet());
      views.holders.set(entry.agentId, new Map());
      views.newAgents = pushNewest(views.newAgents, entry, NEW_AGENTS_LENGTH);
      break;
    case 'trade_executed':
      foldTrade(views, entry);
      break;
    case 'agent_graduated':
      views.agents.set(entry.agentId, reduceAgent(known(views.agents, entry.agentId), entry));
      views.graduations = pushNewest(views.graduations, entry, GRADUATIONS_LENGTH);
      break;
    case 'wallet_credited': {
      const wallet = walletOf(views, entry.wallet);
      wallet.sol = lamports(wallet.sol + entry.sol);
      break;
    }
    default:
      entry satisfies never;
  }
}

function foldTrade(views: ViewsState, trade: TradeExecuted): void {
  const { agentId } = trade;
  setAgent(views, reduceAgent(known(views.agents, agentId), trade));
  const candles = known(views.candles, agentId);
  for (const interval of CANDLE_INTERVALS) applyToCandles(candles[interval], trade);
  applyToHolders(known(views.holders, agentId), trade);
  const wallet = walletOf(views, trade.trader);
  wallet.sol = solAfter(wallet.sol, trade);
  wallet.holdings.set(agentId, reduceHolding(wallet.holdings.get(agentId) ?? NOTHING_HELD, trade));
  pushLast(views.trades, trade, TAPE_LENGTH);
}

/** Takes over an agent whose price an entry has set. */
function setAgent(views: ViewsState, agent: AgentView): void {
  views.agents.set(agent.agentId, agent);
  views.prices.delete(agent.agentId);
  views.prices.set(agent.agentId, priceOf(agent));
}

function walletOf(views: ViewsState, address: WalletAddress): WalletView {
  const wallet = views.wallets.get(address);
  if (wallet !== undefined) return wallet;
  const created: WalletView = { sol: lamports(0n), holdings: new Map() };
  views.wallets.set(address, created);
  return created;
}

function known<V>(map: ReadonlyMap<AgentId, V>, agentId: AgentId): V {
  const value = map.get(agentId);
  if (value === undefined) throw new RangeError(`entry of unknown agent ${agentId}`);
  return value;
}

const emptyCandleSet = (): CandleSet => ({
  '1s': emptyCandles('1s'),
  '15s': emptyCandles('15s'),
  '1m': emptyCandles('1m'),
  '5m': emptyCandles('5m'),
  '15m': emptyCandles('15m'),
  '1h': emptyCandles('1h'),
  '4h': emptyCandles('4h'),
  '1d': emptyCandles('1d'),
});

/** The newest trades of all agents, newest first. */
export const newestTrades = (views: Readonly<ViewsState>): TradeExecuted[] =>
  newestFirst(views.trades, TAPE_LENGTH);
