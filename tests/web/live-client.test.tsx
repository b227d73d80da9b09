// @vitest-environment happy-dom
import { cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import superjson from 'superjson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { MessageOf } from '../../shared/channels.ts';
import { Backoff } from '../../shared/client/backoff.ts';
import { type ConnectedClient, createClient } from '../../shared/client/index.ts';
import { Cell } from '../../shared/client/store.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { agentId, vaultId } from '../../shared/ids.ts';
import { lamports, sol, tokens } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { Clock } from '../../web/clock.ts';
import { ServerClock } from '../../web/live/clock-offset.ts';
import { Connection } from '../../web/live/connection.ts';
import { Frames } from '../../web/live/frames.ts';
import {
  useAccount,
  useActivities,
  useAgent,
  useKing,
  useOlympics,
  useStaking,
  useVault,
  useVaults,
} from '../../web/live/hooks.ts';
import { createLiveClient } from '../../web/live/live-client.ts';
import { Orders } from '../../web/orders/orders.ts';
import { Router } from '../../web/router.ts';
import { type Services, ServicesProvider } from '../../web/services.ts';
import { createSettings } from '../../web/settings/settings.ts';
import { Announcer } from '../../web/shell/announcer.ts';
import { Toasts } from '../../web/ui/toasts.ts';
import { SignInFlow } from '../../web/wallet/sign-in-flow.ts';
import { type HostileConnection, HostileServer } from '../client/hostile-server.ts';
import { MarketServer } from '../client/market-server.ts';
import { AgentStory, alice } from '../shared/fixtures.ts';
import { FakeSession } from './fixture.tsx';

const ONE = agentId('1');
const VAULT = vaultId('1');

let connected: ConnectedClient | undefined;
afterEach(async () => {
  cleanup();
  await connected?.close();
});

/** The page's live stores on a real connection. */
function openPage(url: string) {
  const client = createClient({ url, WebSocket, backoff: { firstMs: 1, longestMs: 1 } });
  connected = client;
  const frames = new Frames();
  const connection = new Connection(frames, Date.now);
  const newBackoff = () => new Backoff({ firstMs: 1, longestMs: 1 }, Date.now, Math.random);
  const live = createLiveClient(client.client, { frames, connection, newBackoff });
  // The server takes every connection for one wallet; the page has to be told.
  const session = new FakeSession();
  session.isOf('ann');
  const wallets = new Cell([]);
  const toasts = new Toasts();
  const services: Services = {
    live,
    connection,
    frames,
    clock: new Clock(),
    serverClock: new ServerClock(Date.now),
    router: new Router(window),
    preload: () => undefined,
    session,
    wallets,
    signIn: new SignInFlow(session, wallets),
    client: client.client,
    settings: createSettings(),
    toasts,
    orders: new Orders(toasts, Date.now),
    announcer: new Announcer(),
    outdated: new Cell(false),
  };
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ServicesProvider value={services}>{children}</ServicesProvider>
  );
  return {
    connection,
    show: <T,>(hook: () => T) => renderHook(hook, { wrapper }).result,
  };
}

describe('the views of a market', () => {
  let server: MarketServer;
  beforeEach(async () => {
    server = await MarketServer.open();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('are live: the king, activities, the olympics, stakes, vaults and the account', async () => {
    const { market, trader } = server;
    await market.createAgent('ONE');
    await market.createAgent('TWO');
    await market.app.runSeasons(3_600_000);
    const caller = market.as(trader);
    const order = () => ({ clientOrderId: market.orderId() });
    await caller.createVault({ ...order(), name: 'First' });
    const { show, connection } = openPage(server.url);
    const king = show(() => useKing());
    const activities = show(() => useActivities());
    const stakes = show(() => useActivities(['unstaked', 'staked']));
    const olympics = show(() => useOlympics());
    const staking = show(() => useStaking());
    const stakingOfTwo = show(() => useStaking(agentId('2')));
    const vaults = show(() => useVaults());
    const vault = show(() => useVault(VAULT));
    const account = show(() => useAccount());
    const all = [king, activities, stakes, olympics, staking, stakingOfTwo, vaults, vault, account];
    await waitFor(() => expect(all.map(({ current }) => current.status.kind)).toEqual(all.map(() => 'live')));
    expect(king.current.view).toEqual([]);

    await market.buy(trader, ONE, '2');
    await caller.stake({ ...order(), agentId: ONE, tokens: tokens('10') });
    await caller.vaultDeposit({ ...order(), vaultId: VAULT, sol: sol('3') });

    await waitFor(() => expect(vaults.current.view[0]?.netAssetValue).toBe(sol('3')));
    await waitFor(() => expect(account.current.events).toBe(3));
    expect(king.current.view).toMatchObject([{ agentId: ONE, previousAgentId: null }]);
    expect(activities.current.view.map(({ kind }) => kind)).toEqual([
      'vault_deposited',
      'staked',
      'king_changed',
      'whale_trade',
      'vault_created',
      'agent_created',
      'agent_created',
    ]);
    expect(stakes.current.view.map(({ kind }) => kind)).toEqual(['staked']);
    expect(olympics.current.view.season?.standings).toMatchObject([{ agentId: ONE, traders: 1 }]);
    expect(staking.current.view.get(ONE)).toMatchObject({ staked: tokens('10'), stakers: 1 });
    expect(stakingOfTwo.current.view.size).toBe(0);
    expect(vault.current.view).toMatchObject({
      vault: { sol: sol('3') },
      history: [{ type: 'vault_deposited' }],
    });
    expect(account.current.view).toEqual((await caller.account()).account);
    expect(connection.get()).toMatchObject({ gaps: 0, repairs: 0 });
    expect(all.map(({ current }) => current.repairs)).toEqual(all.map(() => 0));
  });
});

describe('an agent on a server that a test plays', () => {
  let server: HostileServer;
  beforeEach(async () => {
    server = await HostileServer.open();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  const started = ({ connection, id }: { readonly connection: HostileConnection; readonly id: number }) =>
    connection.send({ id, result: { type: 'started' } });
  const give = (
    { connection, id }: { readonly connection: HostileConnection; readonly id: number },
    eventId: string,
    data: MessageOf<'agent'>,
  ) => {
    const item = superjson.serialize({ id: eventId, data });
    connection.send({ id, result: { type: 'data', id: eventId, data: item } });
  };
  const snapshotOf = (agent: AgentView, ...trades: TradeExecuted[]): MessageOf<'agent'> => ({
    type: 'snapshot',
    reason: 'start',
    agent,
    trades,
  });

  it('is fetched anew when a trade does not follow from what is shown', async () => {
    const story = new AgentStory(ONE);
    const created = createdAgent(story.created());
    const trade = story.buy(alice, tokens('1000'));
    const { show, connection: page } = openPage(server.url);
    const agent = show(() => useAgent(ONE));
    const connection = await server.connection(0);
    const first = { connection, id: (await connection.call(0)).id };
    started(first);
    give(first, 'aa-1', snapshotOf(created));
    give(first, 'aa-2', { ...trade, creatorFee: lamports(trade.creatorFee + 1n) });
    expect(await connection.call(1)).toMatchObject({ id: first.id, method: 'subscription.stop' });
    const call = await connection.call(2);
    expect(call.params?.lastEventId).toBeUndefined();
    expect(agent.current.view?.agent).toEqual(created);
    const after = reduceAgent(created, trade);
    const second = { connection, id: call.id };
    started(second);
    give(second, 'aa-2', snapshotOf(after, trade));
    await waitFor(() => expect(agent.current.view?.agent).toEqual(after));
    expect(agent.current).toMatchObject({ repairs: 1, events: 0, gaps: 0 });
    expect(page.get().repairs).toBe(1);
  });

  it('is shown as the server has it when the log was put back while the connection was lost', async () => {
    const story = new AgentStory(ONE);
    const created = createdAgent(story.created());
    const trade = story.buy(alice, tokens('1000'));
    const { show } = openPage(server.url);
    const agent = show(() => useAgent(ONE));
    const first = await server.connection(0);
    const call = { connection: first, id: (await first.call(0)).id };
    started(call);
    give(call, 'aa-2', snapshotOf(reduceAgent(created, trade), trade));
    await waitFor(() => expect(agent.current.view?.agent.trades).toBe(1));
    first.socket.terminate();
    const second = await server.connection(1);
    const resumed = await second.call(0);
    expect(resumed.params?.lastEventId).toBe('aa-2');
    const again = { connection: second, id: resumed.id };
    started(again);
    give(again, 'aa-1', snapshotOf(created));
    await waitFor(() => expect(agent.current.view?.agent).toEqual(created));
  });
});
