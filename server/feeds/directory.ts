import type { AgentId } from '../../shared/ids.ts';
import { isAgentId, agentId as parseAgentId } from '../../shared/ids.ts';
import type { AgentOrder, AgentSort, AgentsInput } from '../../shared/inputs.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { allCandles } from '../../shared/views/candles.ts';
import type { ViewsState } from './views.ts';

export interface AgentsPage {
  readonly agents: readonly AgentView[];
  /** Asks for the next page; absent on the last one. */
  readonly nextCursor?: string;
}

/** An agent is on the final stretch from this progress on. */
export const FINAL_STRETCH_BPS = 5_000;
/** Trending counts the SOL traded in this time. */
export const TRENDING_MS = 3_600_000;
/** A ranking is computed anew at most this often. */
const RANKING_MS = 1_000;

/** Which agents are listed, and what comes first. */
type Listing = Pick<AgentsInput, 'sort' | 'order'>;
type Filter = Pick<AgentsInput, 'search' | 'minMarketCap' | 'minVolume' | 'createdAfter'>;
/** Higher is first; equal ones by agent, newer first. */
interface Ranked {
  readonly agentId: AgentId;
  readonly rank: bigint;
}

interface Ranking {
  readonly at: number;
  /** As they were then: with another one an agent belongs to another list, at once. */
  readonly graduations: ViewsState['graduations'];
  readonly ranked: readonly Ranked[];
}

/** The list of agents: sorted, filtered, in pages. */
export class Directory {
  readonly #rankings = new Map<`${AgentSort} ${AgentOrder}`, Ranking>();

  constructor(
    private readonly views: Readonly<ViewsState>,
    private readonly clock: () => number,
  ) {}

  /**
   * A page of agents. A cursor names the rank of the last one: an agent that keeps its rank while the pages are read is on
   * one of them, once. A cursor that makes no sense starts from the beginning.
   */
  page({ sort, order, cursor, limit, ...filter }: AgentsInput): AgentsPage {
    const matches = matcher(filter);
    const agents: AgentView[] = [];
    let last: Ranked | undefined;
    for (const ranked of this.#after({ sort, order }, parseCursor(cursor))) {
      const agent = this.views.agents.get(ranked.agentId);
      if (agent === undefined || !matches(agent)) continue;
      if (agents.length === limit) {
        return last === undefined ? { agents } : { agents, nextCursor: `${last.rank}:${last.agentId}` };
      }
      agents.push(agent);
      last = ranked;
    }
    return { agents };
  }

  *#after(listing: Listing, cursor: Ranked | undefined): Iterable<Ranked> {
    if (listing.sort === 'new' && listing.order === 'usual') {
      yield* this.#newest(cursor === undefined ? this.views.agents.size : Number(cursor.agentId) - 1);
      return;
    }
    const { ranked } = this.#ranking(listing);
    for (const entry of ranked) {
      if (cursor === undefined || compare(cursor, entry) < 0) yield entry;
    }
  }

  /** Agents are numbered in order of creation. */
  *#newest(from: number): Iterable<Ranked> {
    for (let number = Math.min(from, this.views.agents.size); number >= 1; number -= 1) {
      yield { agentId: parseAgentId(`${number}`), rank: 0n };
    }
  }

  #ranking({ sort, order }: Listing): Ranking {
    const now = this.clock();
    const key = `${sort} ${order}` as const;
    const known = this.#rankings.get(key);
    const { graduations } = this.views;
    const isNew = known !== undefined && now >= known.at && now - known.at < RANKING_MS;
    if (isNew && known.graduations === graduations) return known;
    const ranked: Ranked[] = [];
    for (const agent of this.views.agents.values()) {
      const usual = this.#usualRank(agent, sort, now);
      if (usual === undefined) continue;
      const rank = order === 'usual' ? usual : rankBy(agent, order);
      ranked.push({ agentId: agent.agentId, rank });
    }
    const ranking = { at: now, graduations, ranked: ranked.sort(compare) };
    this.#rankings.set(key, ranking);
    return ranking;
  }

  /** `undefined` leaves the agent out. */
  #usualRank(agent: AgentView, sort: AgentSort, now: number): bigint | undefined {
    const { phase } = agent;
    switch (sort) {
      case 'new':
        return 0n;
      case 'trending': {
        const volume = this.#volumeSince(agent, now - TRENDING_MS);
        return volume > 0n ? volume : undefined;
      }
      case 'final_stretch':
        return phase.kind === 'bonding' && agent.progressBps >= FINAL_STRETCH_BPS
          ? agent.curve.realSol
          : undefined;
      case 'graduated':
        return phase.kind === 'graduated' ? BigInt(phase.at) : undefined;
      default:
        return sort satisfies never;
    }
  }

  #volumeSince({ agentId, lastTradeAt }: AgentView, since: number): bigint {
    const series = this.views.candles.get(agentId)?.['1m'];
    if (series === undefined || lastTradeAt === null || lastTradeAt < since) return 0n;
    let volume = 0n;
    for (const candle of allCandles(series)) if (candle.start >= since) volume += candle.volume;
    return volume;
  }
}

function rankBy({ marketCap, volume, lastTradeAt }: AgentView, order: Exclude<AgentOrder, 'usual'>): bigint {
  switch (order) {
    case 'market_cap':
      return marketCap;
    case 'volume':
      return volume;
    case 'last_trade':
      return BigInt(lastTradeAt ?? 0);
    default:
      return order satisfies never;
  }
}

function compare(a: Ranked, b: Ranked): number {
  if (a.rank !== b.rank) return a.rank > b.rank ? -1 : 1;
  return Number(b.agentId) - Number(a.agentId);
}

function parseCursor(cursor: string | undefined): Ranked | undefined {
  const [, rank, id] = /^(\d{1,40}):(\d+)$/.exec(cursor ?? '') ?? [];
  if (rank === undefined || id === undefined || !isAgentId(id)) return undefined;
  return { rank: BigInt(rank), agentId: parseAgentId(id) };
}

function matcher({ search, minMarketCap, minVolume, createdAfter }: Filter): (agent: AgentView) => boolean {
  const isFound = searcher(search);
  return (agent) =>
    (minMarketCap === undefined || agent.marketCap >= minMarketCap) &&
    (minVolume === undefined || agent.volume >= minVolume) &&
    (createdAfter === undefined || agent.createdAt > createdAfter) &&
    isFound(agent);
}

function searcher(search: string | undefined): (agent: AgentView) => boolean {
  if (search === undefined || search === '') return () => true;
  const folded = search.toLowerCase();
  return ({ symbol, name, mint, creator }) =>
    symbol.toLowerCase().startsWith(folded) ||
    name.toLowerCase().includes(folded) ||
    mint === search ||
    creator === search;
}
