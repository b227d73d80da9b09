// @vitest-environment happy-dom
import { QueryClient } from '@tanstack/react-query';
import { getQueryKey } from '@trpc/react-query';
import { describe, expect, it, vi } from 'vitest';
import type { RouterInputs, RouterOutputs } from '../../server/api/router.ts';
import { vaultId, walletAddress } from '../../shared/ids.ts';
import { lamports, rate, shares } from '../../shared/units.ts';
import type { AgentView, PriceChanged } from '../../shared/view-schemas.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { priceOf } from '../../shared/views/prices.ts';
import type { VaultView } from '../../shared/views/vault.ts';
import { trpc } from '../../web/api.ts';
import { cacheListeners } from '../../web/live/cache.ts';
import { stableKey } from '../../web/live/keys.ts';
import { agentCreated, agentGraduated, tradeExecuted, WALLETS } from '../support/entries.ts';
import { pass, withFakeTime } from './fixture.tsx';

interface Pages {
  readonly pages: RouterOutputs['agents'][];
  readonly pageParams: unknown[];
}

withFakeTime();

const NOTHING_ELSE = { holdings: [], stakes: [], shares: [], fills: [] };
const vaultView: VaultView = {
  vault: {
    vaultId: vaultId('1'),
    address: walletAddress(WALLETS[0]),
    manager: walletAddress(WALLETS[1]),
    name: 'A vault',
    performanceFeeBps: 0,
    createdAt: 0,
    sol: lamports(0n),
    shares: shares(0n),
    highWaterMark: rate(0n),
    positions: [],
  },
  history: [],
};
const agents = [2, 1].map((id) => createdAgent(agentCreated(id, { agentId: `${id}` })));
const traded = (agent: AgentView, seq: number): AgentView =>
  reduceAgent(agent, tradeExecuted(seq, { agentId: agent.agentId }));
const pricesOf = (...views: readonly AgentView[]): ReadonlyMap<AgentView['agentId'], PriceChanged> =>
  new Map(views.map((view) => [view.agentId, priceOf(view)]));

function cached() {
  const client = new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: stableKey } } });
  const listeners = cacheListeners(client);
  const keyOf = (input: RouterInputs['agents']) => getQueryKey(trpc.agents, input, 'infinite');
  const put = (input: RouterInputs['agents'], listed: readonly AgentView[]): void => {
    client.setQueryData<Pages>(keyOf(input), { pages: [{ agents: [...listed] }], pageParams: [null] });
  };
  const listed = (input: RouterInputs['agents']): readonly AgentView[] =>
    client.getQueryData<Pages>(keyOf(input))?.pages.flatMap((page) => page.agents) ?? [];
  const isStale = (input: RouterInputs['agents']): boolean =>
    client.getQueryState(keyOf(input))?.isInvalidated ?? false;
  return { client, listeners, put, listed, isStale };
}

describe('what queries have answered', () => {
  it('is carried forward by prices, reserves included, and agents without news stay the same objects', () => {
    const { listeners, put, listed } = cached();
    put({ sort: 'new', limit: 50 }, agents);
    put({ sort: 'trending', limit: 50 }, agents);
    const [second, first] = agents;
    if (second === undefined || first === undefined) throw new Error('two agents');
    const news = traded(second, 9);
    listeners.prices?.(pricesOf(news), {});
    for (const sort of ['new', 'trending'] as const) {
      expect(listed({ sort, limit: 50 })[0]).toEqual(news);
      expect(listed({ sort, limit: 50 })[1]).toBe(first);
    }
    // An older one changes nothing.
    const before = listed({ sort: 'new', limit: 50 });
    listeners.prices?.(pricesOf(traded(second, 8)), {});
    expect(listed({ sort: 'new', limit: 50 })[0]).toBe(before[0]);
  });

  it('has a new agent in front of the plain list of the newest alone, once', () => {
    const { listeners, put, listed } = cached();
    const filtered = { sort: 'new', limit: 50, search: 'x' } as const;
    put({ sort: 'new', limit: 50 }, agents);
    put(filtered, agents);
    put({ sort: 'trending', limit: 50 }, agents);
    const created = agentCreated(7, { agentId: '3' });
    listeners.newAgents?.([created], {});
    listeners.newAgents?.([created], {});
    expect(listed({ sort: 'new', limit: 50 }).map(({ agentId }) => agentId)).toEqual(['3', '2', '1']);
    expect(listed(filtered)).toHaveLength(2);
    expect(listed({ sort: 'trending', limit: 50 })).toHaveLength(2);
  });

  it('knows who has graduated, and asks again which list they are in, but not for those of before', () => {
    const { listeners, put, listed, isStale } = cached();
    const input = { sort: 'final_stretch', limit: 50 } as const;
    put(input, agents);
    const old = agentGraduated(5, { agentId: '1' });
    listeners.graduations?.([old], {});
    expect(listed(input)[1]?.phase.kind).toBe('graduated');
    expect(isStale(input)).toBe(false);
    listeners.graduations?.([agentGraduated(6, { agentId: '2' }), old], {});
    expect(listed(input)[0]?.phase.kind).toBe('graduated');
    expect(isStale(input)).toBe(true);
  });

  it('has the agent that is on the page as its channel has it, never an older one', () => {
    const { client, listeners } = cached();
    const [agent] = agents;
    if (agent === undefined) throw new Error('an agent');
    const key = getQueryKey(trpc.agent, { agentId: agent.agentId }, 'query');
    const news = traded(agent, 9);
    listeners.agent?.({ agent: news, trades: [] }, { agentId: agent.agentId });
    expect(client.getQueryData(key)).toBe(news);
    listeners.agent?.({ agent, trades: [] }, { agentId: agent.agentId });
    expect(client.getQueryData(key)).toBe(news);
  });

  it('is asked for again at most once a second, however often a vault changes, and after the last change', () => {
    const { client, listeners } = cached();
    const asked = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
    const change = (id: string): void => listeners.vault?.(vaultView, { vaultId: vaultId(id) });
    for (let frame = 0; frame < 60; frame += 1) change('1');
    change('2');
    expect(asked).toHaveBeenCalledTimes(2);
    pass(1_000);
    expect(asked).toHaveBeenCalledTimes(3);
    // Nothing has changed since.
    pass(10_000);
    expect(asked).toHaveBeenCalledTimes(3);
    change('1');
    expect(asked).toHaveBeenCalledTimes(4);
  });

  it('is no account where nobody has asked for one', () => {
    const { client, listeners } = cached();
    const key = getQueryKey(trpc.account, undefined, 'query');
    const account = { wallet: walletAddress(WALLETS[0]), sol: lamports(1n), ...NOTHING_ELSE };
    listeners.account?.(account, { sessionId: 'ann' });
    expect(client.getQueryData(key)).toBeUndefined();
    client.setQueryData(key, { ...account, sol: lamports(0n) });
    listeners.account?.(account, { sessionId: 'ann' });
    expect(client.getQueryData(key)).toEqual(account);
  });
});
