import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { appRouter, type Caller } from '../../server/api/router.ts';
import type { ChannelKind, MessageOf } from '../../shared/channels.ts';
import { type ApiClient, type ConnectedClient, createClient, follow } from '../../shared/client/index.ts';
import type { EventType } from '../../shared/events.ts';
import { agentId, type ClientOrderId } from '../../shared/ids.ts';
import { shares, sol, tokens } from '../../shared/units.ts';
import { isOpen, statesOf } from './fixture.ts';
import { ONE, VAULT, type Watched, type WatchedChannel, watchedChannels } from './followed-channels.ts';
import { MarketServer } from './market-server.ts';

const TWO = agentId('2');

/** The mutations, over the network or not. */
type Mutations = Pick<
  Caller,
  | 'createAgent'
  | 'buy'
  | 'sell'
  | 'stake'
  | 'unstake'
  | 'claimRewards'
  | 'createVault'
  | 'vaultDeposit'
  | 'vaultWithdraw'
  | 'vaultBuy'
  | 'vaultSell'
  | 'faucet'
  | 'credit'
>;

const overTheWire = (client: ApiClient): Mutations => ({
  createAgent: (input) => client.createAgent.mutate(input),
  buy: (input) => client.buy.mutate(input),
  sell: (input) => client.sell.mutate(input),
  stake: (input) => client.stake.mutate(input),
  unstake: (input) => client.unstake.mutate(input),
  claimRewards: (input) => client.claimRewards.mutate(input),
  createVault: (input) => client.createVault.mutate(input),
  vaultDeposit: (input) => client.vaultDeposit.mutate(input),
  vaultWithdraw: (input) => client.vaultWithdraw.mutate(input),
  vaultBuy: (input) => client.vaultBuy.mutate(input),
  vaultSell: (input) => client.vaultSell.mutate(input),
  faucet: (input) => client.faucet.mutate(input),
  credit: (input) => client.credit.mutate(input),
});

interface Receipt {
  readonly position: string;
  readonly seq: number;
  readonly events: number;
}

interface Case {
  readonly mutation: keyof Mutations;
  readonly what: string;
  /** Its first event. */
  readonly first: EventType;
  /** How many of its events each channel carries that it touches. */
  readonly channels: { readonly [K in ChannelKind]?: number };
  readonly act: (
    mutations: Mutations,
    clientOrderId: ClientOrderId,
  ) => Promise<{ readonly receipt: Receipt }>;
}

/** On {@link prepared}. The king is agent 1, and the least SOL of a whale's trade is 1. */
const cases: readonly Case[] = [
  {
    mutation: 'createAgent',
    what: 'with nothing bought',
    first: 'agent_created',
    channels: { agents: 1, activities: 1, prices: 1 },
    act: ({ createAgent }, clientOrderId) => createAgent({ clientOrderId, name: 'Three', symbol: 'THREE' }),
  },
  {
    mutation: 'createAgent',
    what: 'with a first buy that makes it king',
    first: 'agent_created',
    channels: {
      agents: 1,
      activities: 3,
      trades: 1,
      prices: 1,
      kings: 1,
      account: 1,
      olympics: 1,
    },
    act: ({ createAgent }, clientOrderId) =>
      createAgent({ clientOrderId, name: 'Three', symbol: 'THREE', firstBuy: { sol: sol('20') } }),
  },
  {
    mutation: 'buy',
    what: 'of an agent that is staked and in a vault',
    first: 'trade_executed',
    channels: { trades: 1, prices: 1, agent: 1, account: 1, olympics: 1, staking: 1, vaults: 1 },
    act: ({ buy }, clientOrderId) => buy({ clientOrderId, agentId: ONE, exact: 'sol', sol: sol('0.5') }),
  },
  {
    mutation: 'buy',
    what: 'by a whale, of a new king',
    first: 'trade_executed',
    channels: { trades: 1, prices: 1, account: 1, olympics: 1, activities: 2, kings: 1 },
    act: ({ buy }, clientOrderId) => buy({ clientOrderId, agentId: TWO, exact: 'sol', sol: sol('30') }),
  },
  {
    mutation: 'buy',
    what: 'of all that is left: a graduation',
    first: 'trade_executed',
    channels: {
      trades: 1,
      prices: 1,
      agent: 2,
      account: 1,
      olympics: 1,
      staking: 1,
      vaults: 1,
      graduations: 1,
      kings: 1,
      activities: 3,
    },
    act: ({ buy }, clientOrderId) => buy({ clientOrderId, agentId: ONE, exact: 'sol', sol: sol('200') }),
  },
  {
    mutation: 'sell',
    what: 'of an agent that is staked and in a vault',
    first: 'trade_executed',
    channels: { trades: 1, prices: 1, agent: 1, account: 1, olympics: 1, staking: 1, vaults: 1 },
    act: ({ sell }, clientOrderId) => sell({ clientOrderId, agentId: ONE, tokens: tokens('1000000') }),
  },
  {
    mutation: 'stake',
    what: '',
    first: 'staked',
    channels: { staking: 1, agent: 1, account: 1, activities: 1 },
    act: ({ stake }, clientOrderId) => stake({ clientOrderId, agentId: ONE, tokens: tokens('10') }),
  },
  {
    mutation: 'unstake',
    what: '',
    first: 'unstaked',
    channels: { staking: 1, agent: 1, account: 1, activities: 1 },
    act: ({ unstake }, clientOrderId) => unstake({ clientOrderId, agentId: ONE, tokens: tokens('10') }),
  },
  {
    mutation: 'claimRewards',
    what: '',
    first: 'rewards_claimed',
    channels: { staking: 1, agent: 1, account: 1 },
    act: ({ claimRewards }, clientOrderId) => claimRewards({ clientOrderId, agentId: ONE }),
  },
  {
    mutation: 'createVault',
    what: '',
    first: 'vault_created',
    channels: { vaults: 1, activities: 1 },
    act: ({ createVault }, clientOrderId) => createVault({ clientOrderId, name: 'Second' }),
  },
  {
    mutation: 'vaultDeposit',
    what: '',
    first: 'vault_deposited',
    channels: { vaults: 1, vault: 1, account: 1, activities: 1 },
    act: ({ vaultDeposit }, clientOrderId) => vaultDeposit({ clientOrderId, vaultId: VAULT, sol: sol('1') }),
  },
  {
    mutation: 'vaultWithdraw',
    what: 'in kind',
    first: 'vault_withdrawn',
    channels: { vaults: 1, vault: 1, account: 1, activities: 1 },
    act: ({ vaultWithdraw }, clientOrderId) =>
      vaultWithdraw({ clientOrderId, vaultId: VAULT, shares: shares(1_000_000_000n) }),
  },
  {
    mutation: 'vaultBuy',
    what: '',
    first: 'trade_executed',
    channels: { vault: 1, trades: 1, vaults: 1, prices: 1, agent: 1, staking: 1, olympics: 1 },
    act: ({ vaultBuy }, clientOrderId) =>
      vaultBuy({ clientOrderId, vaultId: VAULT, agentId: ONE, exact: 'sol', sol: sol('0.5') }),
  },
  {
    mutation: 'vaultSell',
    what: '',
    first: 'trade_executed',
    channels: { vault: 1, trades: 1, vaults: 1, prices: 1, agent: 1, staking: 1, olympics: 1 },
    act: ({ vaultSell }, clientOrderId) =>
      vaultSell({ clientOrderId, vaultId: VAULT, agentId: ONE, tokens: tokens('1000') }),
  },
  {
    mutation: 'faucet',
    what: 'once',
    first: 'wallet_credited',
    channels: { account: 1 },
    act: ({ faucet }, clientOrderId) => faucet({ clientOrderId }),
  },
  {
    mutation: 'credit',
    what: 'of the wallet itself',
    first: 'wallet_credited',
    channels: { account: 1 },
    act: ({ credit }, clientOrderId) => credit({ clientOrderId, wallet: server.trader, sol: sol('3') }),
  },
  {
    mutation: 'credit',
    what: 'of a vault',
    first: 'wallet_credited',
    channels: { vault: 1, vaults: 1 },
    act: ({ credit }, clientOrderId) => credit({ clientOrderId, wallet: vaultAddress(), sol: sol('3') }),
  },
];

let server: MarketServer;
let connected: ConnectedClient;
let watched: Channel[];

beforeEach(async () => {
  server = await MarketServer.open();
  await prepared();
  connected = createClient({
    url: server.url,
    WebSocket,
    backoff: { firstMs: 1, longestMs: 1 },
    random: () => 0,
  });
  await statesOf(connected.state).until(isOpen);
  watched = [];
});
afterEach(async () => {
  for (const { followed } of watched) followed.unsubscribe();
  await connected.close();
  await server[Symbol.asyncDispose]();
});

/** The trader has tokens of agents 1 and 2, a stake in agent 1 that has earned something, and a vault that holds it. */
async function prepared(): Promise<void> {
  const { market, trader } = server;
  const other = await market.fund('bob');
  await market.createAgent('ONE');
  await market.createAgent('TWO');
  await market.app.runSeasons(3_600_000);
  await market.buy(trader, ONE, '5');
  await market.buy(trader, TWO, '1');
  const caller = market.as(trader);
  const order = () => ({ clientOrderId: market.orderId() });
  await caller.stake({ ...order(), agentId: ONE, tokens: tokens('5000000') });
  await caller.createVault({ ...order(), name: 'First', performanceFeeBps: 1_000 });
  await caller.vaultDeposit({ ...order(), vaultId: VAULT, sol: sol('10') });
  await caller.vaultBuy({ ...order(), vaultId: VAULT, agentId: ONE, exact: 'sol', sol: sol('2') });
  await market.buy(other, ONE, '1');
}

function vaultAddress() {
  const vault = server.market.app.views.vaults.byId.get(VAULT);
  if (vault === undefined) throw new Error('there is no vault');
  return vault.address;
}

interface Way {
  readonly way: string;
  /** The connections that it takes. */
  readonly connections: number;
  readonly carryOut: (one: Case, clientOrderId: ClientOrderId) => Promise<Receipt>;
}

const ways: readonly Way[] = [
  {
    way: 'connected',
    connections: 1,
    carryOut: async ({ act }, clientOrderId) => {
      const { receipt } = await act(overTheWire(connected.client), clientOrderId);
      return receipt;
    },
  },
  {
    way: 'through a cut',
    connections: 2,
    carryOut: async ({ act, first }, clientOrderId) => {
      // Neither its answer nor its events have left.
      const leave = server.market.app.bus.on(first, () => server.proxy.cut());
      const { receipt } = await act(overTheWire(connected.client), clientOrderId);
      leave();
      return receipt;
    },
  },
  {
    way: 'while it is away',
    connections: 2,
    carryOut: async ({ act }, clientOrderId) => {
      const states = statesOf(connected.state);
      server.disconnect();
      await states.until((all) => all.at(-1)?.kind === 'reconnecting');
      const caller = server.market.app.caller({ wallet: server.trader, operator: true });
      const { receipt } = await act(caller, clientOrderId);
      server.reconnect();
      return receipt;
    },
  },
];

const isChannel = (name: string): name is ChannelKind => name in watchedChannels;
const channelNames = Object.keys(watchedChannels).filter(isChannel);

interface Channel extends Watched {
  readonly name: ChannelKind;
  readonly channel: WatchedChannel;
}

/** Follows every channel, from a snapshot on. */
async function watchAll(): Promise<Channel[]> {
  watched = channelNames.map((name) => {
    const channel = watchedChannels[name];
    return { name, channel, ...channel.watch(connected.client) };
  });
  await Promise.all(watched.map(({ given }) => given.until(({ length }) => length === 1)));
  return watched;
}

const seqOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));

describe.each(cases)('$mutation $what', (one) => {
  it.each(ways)('is seen once on all it touches, $way', async ({ connections, carryOut }) => {
    const all = await watchAll();
    const receipt = await carryOut(one, server.market.orderId());
    // What was given as its own, not in a new snapshot.
    const own = (ids: readonly string[]) =>
      ids.slice(1).filter((id) => seqOf(id) >= receipt.seq && seqOf(id) < receipt.seq + receipt.events);
    await Promise.all(
      all.map(async ({ name, channel, followed, given, view }) => {
        const events = one.channels[name] ?? 0;
        if (events === 0) return;
        await followed.until(receipt);
        const seen = { events: own(given.items).length, view: view() };
        const fresh = await channel.fresh(server.market.app.services.feeds, server.trader);
        expect(seen.events, `${name}: when it resolves`).toBeGreaterThan(0);
        if (events === 1) expect(seen.view, `${name}: when it resolves`).toEqual(fresh);
        // The mutation's others follow.
        await given.until((ids) => own(ids).length >= events);
        expect(view(), name).toEqual(fresh);
        // It is so for whoever asks later, too.
        await followed.until(receipt);
      }),
    );
    // Comes behind everything that was on its way.
    await connected.client.agents.query({});
    for (const { name, given } of all) {
      expect(own(given.items), `${name}: each once`).toHaveLength(one.channels[name] ?? 0);
      expect(given.items, `${name}: nothing else`).toHaveLength(1 + (one.channels[name] ?? 0));
    }
    expect(server.proxy.connections).toBe(connections);
    expect(server.market.problems).toEqual([]);
  });
});

describe('these cases', () => {
  it('are of every mutation of the market and of every channel', () => {
    // Those of sessions change nothing in the market, and have a router of their own.
    const { auth: _sessions, ...procedures } = appRouter._def.record;
    const mutations = Object.entries(procedures).flatMap(([name, { _def }]) =>
      _def.type === 'mutation' ? [name] : [],
    );
    expect([...new Set(cases.map(({ mutation }) => mutation))].sort()).toEqual(mutations.sort());
    const channels = new Set(cases.flatMap(({ channels }) => Object.keys(channels)));
    expect([...channels].sort()).toEqual([...channelNames].sort());
  });
});

describe('an agent that has just been created', () => {
  it('is seen in the snapshot of its own channel by whoever follows that only then', async () => {
    const { receipt, agent } = await connected.client.createAgent.mutate({
      clientOrderId: server.market.orderId(),
      name: 'Three',
      symbol: 'THREE',
      firstBuy: { sol: sol('1') },
    });
    const given: string[] = [];
    const followed = follow<MessageOf<'agent'>>(
      (handlers) => connected.client.onAgent.subscribe({ agentId: agent.agentId }, handlers),
      ({ data }) => given.push(data.type),
    );
    await followed.until(receipt);
    expect(given).toEqual(['snapshot']);
    followed.unsubscribe();
  });
});
