import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PACE_MS } from '../../server/feeds/platform-sources.ts';
import type { AgentId, VaultId, WalletAddress } from '../../shared/ids.ts';
import { sol, tokens } from '../../shared/units.ts';
import { type ChannelCase, channelCases, type Subscriber } from '../support/channel-cases.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

const SECOND = 1_000;

let market: TestMarket;
let ann: WalletAddress;
let bob: WalletAddress;
let one: AgentId;
let vault: VaultId;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  market = await openMarket();
  [ann, bob] = [await market.fund('ann', '100000'), await market.fund('bob', '100000')];
  one = await market.createAgent('ONE');
  await market.buy(ann, one, '1');
  const opened = await market.as(bob).createVault({ clientOrderId: market.orderId(), name: 'Slow' });
  vault = opened.vault.vaultId;
  await market.as(ann).vaultDeposit({ clientOrderId: market.orderId(), vaultId: vault, sol: sol('50') });
  await market.as(ann).stake({ clientOrderId: market.orderId(), agentId: one, tokens: tokens('1000') });
  await market.app.services.executor.submit({ kind: 'turn_season', season: 0, lengthMs: 60_000 });
});
afterEach(async () => {
  await market.app.close();
  // Whoever is paced leaves no timer behind.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const vaultBuys = () =>
  market.as(bob).vaultBuy({
    clientOrderId: market.orderId(),
    vaultId: vault,
    agentId: one,
    exact: 'sol',
    sol: sol('0.1'),
  });

/** Each leaves one message on its channel, or changes the newest value. */
const happenings: Readonly<Record<ChannelCase['kind'], () => Promise<unknown>>> = {
  trades: () => market.buy(ann, one, '0.1'),
  prices: () => market.buy(ann, one, '0.1'),
  graduations: async () => {
    const full = await market.createAgent(`G${market.log.head}`);
    await market.as(ann).buy({
      clientOrderId: market.orderId(),
      agentId: full,
      exact: 'sol',
      sol: sol('100'),
    });
  },
  agents: () => market.createAgent(`N${market.log.head}`),
  agent: () => market.buy(ann, one, '0.1'),
  kings: async () => {
    // Somebody else's cap is taken above the king's.
    const king = market.app.market.hill.king?.agentId;
    const cap = market.app.market.hill.king?.marketCap ?? 0n;
    const other = king === one ? await market.createAgent(`K${market.log.head}`) : one;
    while (market.app.market.hill.king?.agentId === king) await market.buy(ann, other, '5');
    expect(market.app.market.hill.king?.marketCap).toBeGreaterThan(cap);
  },
  activities: () => market.createAgent(`A${market.log.head}`),
  olympics: () => market.buy(ann, one, '0.1'),
  staking: () => market.as(ann).stake({ clientOrderId: market.orderId(), agentId: one, tokens: tokens('1') }),
  vaults: vaultBuys,
  vault: vaultBuys,
  account: () => market.buy(ann, one, '0.1'),
};

const subscribe = async (channel: ChannelCase): Promise<Subscriber> => {
  const subscriber = channel.subscribe(market.app.services.feeds);
  const taken = await subscriber.read();
  expect(taken.map(({ type }) => type)).toEqual(['snapshot']);
  return subscriber;
};

const ofOneAndAnn = channelCases.filter(({ name }) => name !== 'account of bob');
const paced = channelCases.filter(({ kind }) => kind === 'olympics' || kind === 'vaults');
const unpaced = ofOneAndAnn.filter((channel) => !paced.includes(channel));
const every = ofOneAndAnn.filter(({ delivery }) => delivery === 'every');
const latest = ofOneAndAnn.filter(({ delivery }) => delivery === 'latest');

describe('of three things that happen while a subscriber does not read', () => {
  it.each(every)('$name delivers three', async (channel) => {
    const subscriber = await subscribe(channel);
    for (let count = 0; count < 3; count += 1) await happenings[channel.kind]();
    expect(await subscriber.read()).toHaveLength(3);
  });

  it.each(latest)('$name delivers the newest value, one of each key', async (channel) => {
    const subscriber = await subscribe(channel);
    for (let count = 0; count < 3; count += 1) {
      await happenings[channel.kind]();
      vi.advanceTimersByTime(PACE_MS);
    }
    const taken = await subscriber.read();
    expect(new Set(taken.map(({ key }) => key)).size).toBe(taken.length);
    expect(taken).toHaveLength(1);
    const late = await subscribe(channel);
    expect(subscriber.view).toEqual(late.view);
  });
});

describe('what happens leaves', () => {
  it.each(unpaced)('$name: at once, without a timer', async (channel) => {
    const subscriber = await subscribe(channel);
    for (let count = 0; count < 3; count += 1) {
      await happenings[channel.kind]();
      expect(await subscriber.read()).toHaveLength(1);
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(paced)(
    '$name: at most twice a second, however much happens, and the last of it too',
    async (channel) => {
      const subscriber = await subscribe(channel);
      const step = 40;
      const left: number[] = [];
      let now = 0;
      for (; now < 6 * SECOND; now += step) {
        await happenings[channel.kind]();
        for (const _ of await subscriber.read()) left.push(now);
        vi.advanceTimersByTime(step);
      }
      expect(left[0]).toBe(0);
      for (const start of left) {
        const within = left.filter((at) => at >= start && at < start + SECOND);
        expect(within.length).toBeLessThanOrEqual(2);
      }
      // It goes on as often as it may.
      expect(left.length).toBeGreaterThan(10);
      vi.advanceTimersByTime(PACE_MS);
      await subscriber.read();
      const late = await subscribe(channel);
      expect(subscriber.view).toEqual(late.view);
    },
  );

  it.each(paced)('$name: one change after a quiet time at once', async (channel) => {
    const subscriber = await subscribe(channel);
    for (let count = 0; count < 3; count += 1) {
      await happenings[channel.kind]();
      expect(await subscriber.read()).toHaveLength(1);
      vi.advanceTimersByTime(PACE_MS);
    }
  });

  it.each(paced)('$name: to nobody when nobody is there, and no timer runs', async (channel) => {
    const subscriber = await subscribe(channel);
    subscriber.close();
    vi.advanceTimersByTime(PACE_MS);
    await happenings[channel.kind]();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the vaults change with', () => {
  const vaults = channelCases.find(({ kind }) => kind === 'vaults');

  it.each<[string, () => Promise<unknown>]>([
    ['a new vault', () => market.as(ann).createVault({ clientOrderId: market.orderId(), name: 'Another' })],
    [
      'a deposit',
      () => market.as(ann).vaultDeposit({ clientOrderId: market.orderId(), vaultId: vault, sol: sol('1') }),
    ],
    [
      'SOL that a vault is given',
      () => {
        const address = market.app.views.vaults.byId.get(vault)?.address ?? ann;
        return market.operator.credit({ clientOrderId: market.orderId(), wallet: address, sol: sol('1') });
      },
    ],
    ['a trade of the vault', vaultBuys],
  ])('%s', async (_, happens) => {
    if (vaults === undefined) throw new Error('no such channel');
    const subscriber = await subscribe(vaults);
    const before = subscriber.view;
    await happens();
    vi.advanceTimersByTime(PACE_MS);
    await subscriber.read();
    expect(subscriber.view).not.toEqual(before);
    const late = await subscribe(vaults);
    expect(subscriber.view).toEqual(late.view);
  });

  it('a trade of others in what a vault holds', async () => {
    if (vaults === undefined) throw new Error('no such channel');
    await vaultBuys();
    const subscriber = await subscribe(vaults);
    await market.buy(ann, one, '1');
    expect(await subscriber.read()).toHaveLength(1);
    const late = await subscribe(vaults);
    expect(subscriber.view).toEqual(late.view);
  });

  it('nothing else: a trade in what no vault holds', async () => {
    if (vaults === undefined) throw new Error('no such channel');
    const subscriber = await subscribe(vaults);
    await market.buy(ann, one, '1');
    vi.advanceTimersByTime(PACE_MS);
    expect(await subscriber.read()).toEqual([]);
  });
});
