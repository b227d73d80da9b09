import type { MessageOf } from '../channels.ts';
import type { AgentCreated, AgentGraduated, TradeExecuted } from '../events.ts';
import type { AgentId } from '../ids.ts';
import type { AgentView, PriceChanged } from '../view-schemas.ts';
import { reduceAgent } from './agent.ts';
import { GRADUATIONS_LENGTH, NEW_AGENTS_LENGTH, pushNewest, TAPE_LENGTH } from './newest.ts';

/**
 * What a subscriber makes of a channel: for every view, snapshot(n) and the messages up to m give snapshot(m).
 * The reducers are pure; an unchanged part keeps its identity.
 */
export interface AgentDetailView {
  readonly agent: AgentView;
  /** Newest first. */
  readonly trades: readonly TradeExecuted[];
}

/** Keyed by agent, in order of the last change, oldest first. */
export type PricesView = ReadonlyMap<AgentId, PriceChanged>;

/** A conflated view of prices keeps this many agents: the ones that changed last. */
export const PRICES_LENGTH = 1000;

export function reduceTrades(
  view: readonly TradeExecuted[],
  message: MessageOf<'trades'>,
): readonly TradeExecuted[] {
  return message.type === 'snapshot' ? message.trades : pushNewest(view, message, TAPE_LENGTH);
}

export function reduceGraduations(
  view: readonly AgentGraduated[],
  message: MessageOf<'graduations'>,
): readonly AgentGraduated[] {
  return message.type === 'snapshot' ? message.graduations : pushNewest(view, message, GRADUATIONS_LENGTH);
}

export function reduceNewAgents(
  view: readonly AgentCreated[],
  message: MessageOf<'agents'>,
): readonly AgentCreated[] {
  return message.type === 'snapshot' ? message.agents : pushNewest(view, message, NEW_AGENTS_LENGTH);
}

export function reducePrices(view: PricesView, message: MessageOf<'prices'>): PricesView {
  const next = new Map(message.type === 'snapshot' ? [] : view);
  for (const changed of message.type === 'snapshot' ? message.prices : [message])
    setLatestPrice(next, changed);
  return next;
}

/** Puts a price at the end of the map and lets the longest unchanged one go when there are too many. */
export function setLatestPrice(prices: Map<AgentId, PriceChanged>, changed: PriceChanged): void {
  prices.delete(changed.agentId);
  prices.set(changed.agentId, changed);
  if (prices.size <= PRICES_LENGTH) return;
  const [oldest] = prices.keys();
  if (oldest !== undefined) prices.delete(oldest);
}

/** `null` until the first snapshot has come. */
export function reduceAgentDetail(
  view: AgentDetailView | null,
  message: MessageOf<'agent'>,
): AgentDetailView | null {
  switch (message.type) {
    case 'snapshot':
      return { agent: message.agent, trades: message.trades };
    case 'trade_executed':
      if (view === null) return null;
      return {
        agent: reduceAgent(view.agent, message),
        trades: pushNewest(view.trades, message, TAPE_LENGTH),
      };
    case 'agent_graduated':
      if (view === null) return null;
      return { ...view, agent: reduceAgent(view.agent, message) };
    default:
      return message satisfies never;
  }
}
