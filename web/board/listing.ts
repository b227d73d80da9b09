import type { RouterInputs } from '../../server/api/router.ts';
import { sol } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { type BoardFilter, type MaxAge, NO_FILTER } from './address.ts';
import type { BoardSort } from './sorts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const AGE_MS: Readonly<Record<Exclude<MaxAge, 'any'>, number>> = {
  '10m': 10 * MINUTE,
  '1h': HOUR,
  '6h': 6 * HOUR,
  '1d': 24 * HOUR,
};
/** Who has not traded for so long is quiet. */
const QUIET_MS = HOUR;
const PAGE = 50;

/** Rankings change by themselves and are asked for again; prices and new agents come live. */
export const RANKING_MS = 10_000;
/** The agents that were traded most in the last hour. */
export const TRENDING = { sort: 'trending', limit: 12 } as const;

/** What to ask the server for: a list as the filter wants it. It narrows ages down to those at `now`. */
export function listInput(sort: BoardSort, filter: BoardFilter, now: number): RouterInputs['agents'] {
  const { order, minMarketCap, minVolume, within } = filter;
  return {
    sort,
    order,
    limit: PAGE,
    ...(minMarketCap === NO_FILTER.minMarketCap ? {} : { minMarketCap: sol(minMarketCap) }),
    ...(minVolume === NO_FILTER.minVolume ? {} : { minVolume: sol(minVolume) }),
    ...(within === 'any' ? {} : { createdAfter: now - AGE_MS[within] }),
  };
}

/** Whether an agent that was listed is still to be shown: time alone makes it too old, or quiet. */
export function isShown(agent: AgentView, { within, hideQuiet }: BoardFilter, now: number): boolean {
  if (within !== 'any' && agent.createdAt <= now - AGE_MS[within]) return false;
  return !hideQuiet || (agent.lastTradeAt !== null && agent.lastTradeAt > now - QUIET_MS);
}

/**
 * A list in the order it had when it was held, with what is known of its agents now. Who came in between waits; who left
 * stays as it was; those that follow the last of the held ones, such as the next page, come after them.
 */
export function steadyRows(held: readonly AgentView[], fresh: readonly AgentView[]): readonly AgentView[] {
  if (held === fresh) return fresh;
  const now = new Map(fresh.map((agent) => [agent.agentId, agent]));
  const ids = new Set(held.map(({ agentId }) => agentId));
  const last = fresh.findLastIndex(({ agentId }) => ids.has(agentId));
  return [...held.map((agent) => now.get(agent.agentId) ?? agent), ...fresh.slice(last + 1)];
}
