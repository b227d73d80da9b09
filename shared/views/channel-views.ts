import type { MessageOf } from '../channels.ts';
import type { AgentCreated, AgentGraduated, KingChanged, SeasonEnded, TradeExecuted } from '../events.ts';
import type { AgentId } from '../ids.ts';
import type { Activity, StakePoolChanged, StandingsChanged, VaultSummary } from '../platform-schemas.ts';
import type { AgentView, PriceChanged } from '../view-schemas.ts';
import { reduceAgent } from './agent.ts';
import {
  ACTIVITIES_LENGTH,
  GRADUATIONS_LENGTH,
  KINGS_LENGTH,
  NEW_AGENTS_LENGTH,
  pushNewest,
  TAPE_LENGTH,
} from './newest.ts';

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

/** A conflated view keeps this many agents: the ones that changed last. */
export const LATEST_LENGTH = 1000;

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

/** Newest first: the first one tells who is king. */
export function reduceKings(
  view: readonly KingChanged[],
  message: MessageOf<'kings'>,
): readonly KingChanged[] {
  return message.type === 'snapshot' ? message.kings : pushNewest(view, message, KINGS_LENGTH);
}

export function reduceActivities(
  view: readonly Activity[],
  message: MessageOf<'activities'>,
): readonly Activity[] {
  return message.type === 'snapshot' ? message.activities : pushNewest(view, message, ACTIVITIES_LENGTH);
}

/** The running season, and how the last one ended. */
export interface OlympicsView {
  readonly season: StandingsChanged | null;
  readonly last: SeasonEnded | null;
}

export function reduceOlympics(view: OlympicsView, message: MessageOf<'olympics'>): OlympicsView {
  switch (message.type) {
    case 'snapshot':
      return { season: message.season, last: message.last };
    case 'standings_changed':
      return { ...view, season: message };
    case 'season_ended':
      return { season: null, last: message };
    default:
      return message satisfies never;
  }
}

/** Keyed by agent, in order of the last change, oldest first. */
export type StakePoolsView = ReadonlyMap<AgentId, StakePoolChanged>;

export function reduceStaking(view: StakePoolsView, message: MessageOf<'staking'>): StakePoolsView {
  const next = new Map(message.type === 'snapshot' ? [] : view);
  for (const changed of message.type === 'snapshot' ? message.pools : [message]) setLatest(next, changed);
  return next;
}

/** The largest first. */
export const reduceVaults = (
  _view: readonly VaultSummary[],
  message: MessageOf<'vaults'>,
): readonly VaultSummary[] => message.vaults;

export function reducePrices(view: PricesView, message: MessageOf<'prices'>): PricesView {
  const next = new Map(message.type === 'snapshot' ? [] : view);
  for (const changed of message.type === 'snapshot' ? message.prices : [message]) setLatest(next, changed);
  return next;
}

/** Puts an agent's value at the end of the map and lets the longest unchanged one go when there are too many. */
function setLatest<V extends { readonly agentId: AgentId }>(values: Map<AgentId, V>, changed: V): void {
  values.delete(changed.agentId);
  values.set(changed.agentId, changed);
  if (values.size <= LATEST_LENGTH) return;
  const [oldest] = values.keys();
  if (oldest !== undefined) values.delete(oldest);
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
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
      if (view === null) return null;
      return { ...view, agent: reduceAgent(view.agent, message) };
    default:
      return message satisfies never;
  }
}
