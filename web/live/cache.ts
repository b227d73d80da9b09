import type { QueryClient } from '@tanstack/react-query';
import { getQueryKey } from '@trpc/react-query';
import type { RouterOutputs } from '../../server/api/router.ts';
import type { AgentCreated } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { AccountView } from '../../shared/platform-schemas.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { trpc } from '../api.ts';
import { withGraduation, withNewAgents, withPrice } from './agent-rows.ts';
import { stableKey } from './keys.ts';
import type { ViewListeners } from './live-client.ts';

type AgentsPage = RouterOutputs['agents'];
/** As an infinite query keeps it. */
interface AgentPages {
  readonly pages: AgentsPage[];
  readonly pageParams: unknown[];
}
interface VaultPages {
  readonly pages: RouterOutputs['vaults'][];
  readonly pageParams: unknown[];
}

const AGENTS = getQueryKey(trpc.agents, undefined, 'infinite');
const AGENT_LISTS = getQueryKey(trpc.agents, undefined, 'query');
const VAULTS = getQueryKey(trpc.vaults, undefined, 'infinite');

/**
 * Keeps what queries have answered in step with the channels that show the same, once per frame and never backwards: an
 * answer that was asked for a minute ago is as new as the last price.
 */
export function cacheListeners(cache: QueryClient): ViewListeners {
  const eachAgent = (change: (agent: AgentView) => AgentView): void => {
    cache.setQueriesData<AgentPages>({ queryKey: AGENTS }, (data) => data && inPages(data, change));
    cache.setQueriesData<AgentsPage>({ queryKey: AGENT_LISTS }, (data) => data && inPage(data, change));
  };
  const again = asking(cache);
  let graduated: ReadonlySet<AgentId> | undefined;
  return {
    prices: (prices) => eachAgent((agent) => withPrice(agent, prices.get(agent.agentId))),
    newAgents: (created) => {
      for (const query of cache.getQueryCache().findAll({ queryKey: AGENTS })) {
        if (isPlainNewest(query.queryKey)) {
          cache.setQueryData<AgentPages>(query.queryKey, (data) => data && inFront(data, created));
        }
      }
    },
    graduations: (graduations) => {
      const events = new Map(graduations.map((event) => [event.agentId, event]));
      eachAgent((agent) => withGraduation(agent, events.get(agent.agentId)));
      const before = graduated;
      graduated = new Set(events.keys());
      // Which list an agent is in changes with it.
      if (before !== undefined && [...graduated].some((id) => !before.has(id))) again(AGENTS);
    },
    agent: (view) => {
      if (view === null) return;
      const { agent } = view;
      cache.setQueryData<AgentView>(getQueryKey(trpc.agent, { agentId: agent.agentId }, 'query'), (known) =>
        known !== undefined && known.seq > agent.seq ? known : agent,
      );
    },
    kings: () => again(getQueryKey(trpc.king, undefined, 'query')),
    vaults: (vaults) => {
      const summaries = new Map(vaults.map((vault) => [vault.vaultId, vault]));
      cache.setQueriesData<VaultPages>(
        { queryKey: VAULTS },
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              vaults: page.vaults.map((vault) => summaries.get(vault.vaultId) ?? vault),
            })),
          },
      );
    },
    vault: (view, { vaultId }) => {
      if (view !== null) again(getQueryKey(trpc.vault, { vaultId }, 'query'));
    },
    account: (account) => {
      if (account === null) return;
      // Only where it was asked for: the key does not say whose it is.
      cache.setQueryData<AccountView>(
        getQueryKey(trpc.account, undefined, 'query'),
        (known) => known && account,
      );
    },
  };
}

/** A vault that trades all the time changes with every frame: what it holds is asked for this often. */
const AGAIN_MS = 1_000;

/** Has queries asked again, each at once and then at most once a second, the last change included. */
function asking(cache: QueryClient): (queryKey: readonly unknown[]) => void {
  /** Those that were asked again just now, and whether there was a change since. */
  const resting = new Map<string, boolean>();
  const ask = (queryKey: readonly unknown[]): void => {
    const key = stableKey(queryKey);
    if (resting.has(key)) {
      resting.set(key, true);
      return;
    }
    resting.set(key, false);
    // One that is under way may have been answered before the change.
    void cache.invalidateQueries({ queryKey }, { cancelRefetch: true });
    setTimeout(() => {
      const changed = resting.get(key);
      resting.delete(key);
      if (changed === true) ask(queryKey);
    }, AGAIN_MS);
  };
  return ask;
}

/** The same page where nothing changes. */
function inPage(page: AgentsPage, change: (agent: AgentView) => AgentView): AgentsPage {
  let changed = false;
  const agents = page.agents.map((agent) => {
    const next = change(agent);
    if (next !== agent) changed = true;
    return next;
  });
  return changed ? { ...page, agents } : page;
}

function inPages(data: AgentPages, change: (agent: AgentView) => AgentView): AgentPages {
  let changed = false;
  const pages = data.pages.map((page) => {
    const next = inPage(page, change);
    if (next !== page) changed = true;
    return next;
  });
  return changed ? { ...data, pages } : data;
}

function inFront(data: AgentPages, created: readonly AgentCreated[]): AgentPages {
  const [first, ...others] = data.pages;
  if (first === undefined) return data;
  const agents = withNewAgents(first.agents, created);
  if (agents.length === first.agents.length) return data;
  return { ...data, pages: [{ ...first, agents: [...agents] }, ...others] };
}

/** Whether it is the list of all agents, the newest first: there a new one belongs in front for certain. */
function isPlainNewest(queryKey: readonly unknown[]): boolean {
  const [, parts] = queryKey;
  if (typeof parts !== 'object' || parts === null || !('input' in parts)) return false;
  const { input } = parts;
  if (typeof input !== 'object' || input === null) return false;
  return Object.entries(input).every(([name, value]) => {
    if (name === 'sort') return value === 'new';
    if (name === 'order') return value === 'usual';
    return name === 'limit' || value === undefined;
  });
}
