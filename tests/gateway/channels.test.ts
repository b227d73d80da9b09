import { describe, expect, it } from 'vitest';
import { CURVE_SUPPLY } from '../../shared/curve.ts';
import { type Shares, shares, sol, tokens } from '../../shared/units.ts';
import { wallet } from '../support/wallets.ts';
import { GatewayWorld } from './fixture.ts';
import { dataOf, listIn, units } from './units.ts';

const HOUR = 3_600_000;
/** Where the clock of the market stands. */
const NOW = '2026-01-01T00:00:00.000Z';

const started = (channel: string) => ({ type: 'subscribed', channel, since: null });
const snapshotOf = (channel: string, data: object) => ({
  type: 'snapshot',
  channel,
  data: { reason: 'start', ...data },
});

describe('trades', () => {
  it('begin with the newest ones, and bring each as it happens', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const before = await market.buy(ann, agent);
    const client = await world.connect();
    const [subscribed, snapshot] = await client.subscribe('trades');
    expect(subscribed).toEqual(started('trades'));
    expect(snapshot).toMatchObject(snapshotOf('trades', { trades: [{ id: before.receipt.position }] }));
    market.clock.advance(1_234);
    const { trade, receipt } = await market.sell(ann, agent, '1000.000001');
    const item = await client.next();
    expect(item).toMatchObject({
      type: 'trade_executed',
      channel: 'trades',
      id: receipt.position,
      timestamp: '2026-01-01T00:00:01.234Z',
      data: {
        id: receipt.position,
        agentId: agent,
        type: 'sell',
        trader: ann,
        tokenAmount: '1000.000001',
        createdAt: '2026-01-01T00:00:01.234Z',
      },
    });
    const data = dataOf(item);
    expect(units(data['solAmount'], 9)).toBe(trade.sol);
    expect(units(data['protocolFee'], 9)).toBe(trade.protocolFee);
    expect(units(data['creatorFee'], 9)).toBe(trade.creatorFee);
    expect(units(data['currentPrice'], 18)).toBe(trade.price);
    expect(units(data['marketCap'], 9)).toBe(trade.price);
    expect(units(data['totalValueLocked'], 9)).toBe(trade.realSol);
    expect(units(data['tokensSold'], 6)).toBe(CURVE_SUPPLY - trade.realTokens);
    // What a token brought: not more than the whole, and less by under a unit of its last place for each token.
    const paid = units(data['pricePerToken'], 18) * trade.tokens;
    const whole = trade.sol * 10n ** 15n;
    expect(paid <= whole && whole < paid + trade.tokens).toBe(true);
    // What is in a snapshot later is the very same.
    const other = await world.connect();
    const [, later] = await other.subscribe('trades');
    expect(listIn(later, 'trades')[0]).toEqual(data);
  });
});

describe('prices', () => {
  it('are the newest one of each agent', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
    const client = await world.connect();
    const [subscribed, snapshot] = await client.subscribe('prices');
    expect(subscribed).toEqual(started('prices'));
    expect(snapshot).toMatchObject(snapshotOf('prices', { prices: [{ agentId: one }, { agentId: two }] }));
    const { trade, receipt } = await market.buy(ann, two);
    const item = await client.next();
    expect(item).toMatchObject({
      type: 'price_update',
      channel: 'prices',
      id: receipt.position,
      timestamp: NOW,
      data: { agentId: two, trades: 1, timestamp: NOW },
    });
    expect(units(dataOf(item)['currentPrice'], 18)).toBe(trade.price);
    expect(units(dataOf(item)['volume'], 9)).toBe(trade.sol);
  });
});

describe('kings', () => {
  it('tell who takes the hill from whom', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
    await market.buy(ann, one, '1');
    const client = await world.connect();
    const [, snapshot] = await client.subscribe('kings');
    const first = { agentId: one, previousAgentId: null, timestamp: NOW };
    expect(snapshot).toMatchObject(snapshotOf('kings', { kings: [first] }));
    const { trade } = await market.buy(ann, two, '5');
    const item = await client.next();
    const second = { agentId: two, previousAgentId: one, timestamp: NOW };
    expect(item).toMatchObject({ type: 'king_change', channel: 'kings', data: second });
    expect(units(dataOf(item)['marketCap'], 9)).toBe(trade.price);
  });
});

describe('activities', () => {
  it('tell of new agents under a type of their own, and of everything else by kind and parts', async () => {
    const world = await GatewayWorld.open({ market: { whaleSol: sol('3') } });
    const { market } = world;
    const ann = await market.fund('ann');
    const creator = wallet('creator');
    const client = await world.connect();
    const [, snapshot] = await client.subscribe('activities');
    expect(snapshot).toMatchObject(snapshotOf('activities', { activities: [] }));
    const { agent, receipt } = await market.as(creator).createAgent({
      clientOrderId: market.orderId(),
      name: 'Oracle',
      symbol: 'ORCL',
      purpose: 'Reads "markets"\nand tells 🐙',
    });
    const created = await client.next();
    expect(created).toEqual({
      type: 'new_agent',
      channel: 'activities',
      id: receipt.position,
      timestamp: NOW,
      data: {
        id: agent.agentId,
        name: 'Oracle',
        symbol: 'ORCL',
        purpose: 'Reads "markets"\nand tells 🐙',
        tokenMint: agent.mint,
        creatorWallet: creator,
        timestamp: NOW,
      },
    });
    const { trade } = await market.buy(ann, agent.agentId, '4');
    const whale = await client.next();
    expect(whale).toMatchObject({
      type: 'activity',
      data: {
        kind: 'whale_trade',
        parts: { agentId: agent.agentId, symbol: 'ORCL', trader: ann, type: 'buy' },
        timestamp: NOW,
      },
    });
    const crowned = await client.next();
    expect(crowned).toMatchObject({
      type: 'activity',
      data: { kind: 'king_changed', parts: { symbol: 'ORCL' } },
    });
    const other = await world.connect();
    const [, later] = await other.subscribe('activities');
    // Newest first, as they were sent.
    const { channel: _1, ...third } = crowned;
    const { channel: _2, ...second } = whale;
    const { channel: _3, ...first } = created;
    expect(listIn(later, 'activities')).toEqual([third, second, first]);
    expect(trade.sol >= sol('3')).toBe(true);
  });
});

describe('graduations', () => {
  it('tell of agents whose curve has sold out', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann', '1000');
    const agent = await market.createAgent('ONE');
    const client = await world.connect();
    await client.subscribe('graduations');
    const { graduation } = await market.buy(ann, agent, '200');
    const item = await client.next();
    expect(item).toMatchObject({
      type: 'graduation',
      channel: 'graduations',
      data: { agentId: agent, poolId: graduation?.poolId, timestamp: NOW },
    });
    expect(units(dataOf(item)['solAmount'], 9)).toBe(graduation?.sol);
    expect(units(dataOf(item)['tokenAmount'], 6)).toBe(graduation?.tokens);
    const [, snapshot] = await (await world.connect()).subscribe('graduations');
    expect(listIn(snapshot, 'graduations')).toEqual([item.data]);
  });
});

describe('olympics', () => {
  it('show the standings, and how a season ended', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const client = await world.connect();
    const [, nothing] = await client.subscribe('olympics');
    expect(nothing).toMatchObject(snapshotOf('olympics', { season: null, last: null }));
    await market.app.runSeasons(HOUR);
    expect(await client.next()).toMatchObject({
      type: 'olympics_update',
      data: { kind: 'standings', season: 1, endsAt: '2026-01-01T01:00:00.000Z', standings: [] },
    });
    const { trade } = await market.buy(ann, agent, '2');
    const standing = await client.next();
    expect(standing).toMatchObject({
      type: 'olympics_update',
      data: { kind: 'standings', season: 1, standings: [{ agentId: agent, symbol: 'ONE', traders: 1 }] },
    });
    expect(units(listIn(standing, 'standings')[0]?.['score'], 9)).toBe(trade.sol);
    market.clock.advance(HOUR);
    await market.app.runSeasons(HOUR);
    const [ended] = await client.until(({ data }) => JSON.stringify(data).includes('season_ended'));
    expect(ended).toMatchObject({
      type: 'olympics_update',
      channel: 'olympics',
      data: {
        kind: 'season_ended',
        season: 1,
        medals: [{ medal: 'gold', agentId: agent, creatorWallet: wallet('creator'), traders: 1 }],
      },
    });
    const [, snapshot] = await (await world.connect()).subscribe('olympics');
    expect(dataOf(snapshot)).toMatchObject({ season: { season: 2 }, last: ended?.data });
  });
});

describe('staking', () => {
  it('shows what is at stake in each agent', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    await market.buy(ann, agent, '2');
    const client = await world.connect();
    const [, snapshot] = await client.subscribe('staking');
    expect(snapshot).toMatchObject(snapshotOf('staking', { pools: [] }));
    const order = { clientOrderId: market.orderId(), agentId: agent, tokens: tokens('1000.5') };
    const { receipt } = await market.as(ann).stake(order);
    expect(await client.next()).toMatchObject({
      type: 'staking_update',
      channel: 'staking',
      id: receipt.position,
      data: { kind: 'pool', agentId: agent, totalStaked: '1000.5', stakers: 1, rewards: '0', claimed: '0' },
    });
    const { trade } = await market.buy(ann, agent, '2');
    const earned = dataOf(await client.next());
    const reward = trade.protocolFee / 5n;
    expect(units(earned['rewards'], 9)).toBe(reward);
    // Lamports for a base unit, in 10^-18; in SOL for a token that is 10^-21.
    expect(units(earned['rewardPerToken'], 21)).toBe((reward * 10n ** 18n) / 1_000_500_000n);
    const [, later] = await (await world.connect()).subscribe('staking');
    expect(listIn(later, 'pools')).toEqual([earned]);
  });
});

/** A vault of mia's, with SOL of ann's. */
async function withVault(world: GatewayWorld) {
  const { market } = world;
  const [mia, ann] = [await market.fund('mia'), await market.fund('ann')];
  const order = { clientOrderId: market.orderId(), name: 'Index', performanceFeeBps: 1_000 };
  const { vault } = await market.as(mia).createVault(order);
  const deposit = async (amount: string) => {
    const { vaultId } = vault;
    return market.as(ann).vaultDeposit({ clientOrderId: market.orderId(), vaultId, sol: sol(amount) });
  };
  return { mia, ann, vault, deposit };
}

const half = (all: Shares): Shares => shares(all / 2n);

describe('vaults', () => {
  it('show what each is worth', async () => {
    const world = await GatewayWorld.open();
    const { vault, deposit } = await withVault(world);
    const client = await world.connect();
    const [, snapshot] = await client.subscribe('vaults');
    const empty = { vaultId: vault.vaultId, name: 'Index', performanceFeeBps: 1_000, sol: '0', holders: 0 };
    expect(snapshot).toMatchObject(snapshotOf('vaults', { vaults: [empty] }));
    const { deposit: made } = await deposit('10');
    const item = await client.next();
    expect(item).toMatchObject({
      type: 'vault_update',
      channel: 'vaults',
      data: {
        kind: 'values',
        vaults: [
          {
            vaultId: vault.vaultId,
            sol: '10',
            netAssetValue: '10',
            holders: 1,
            shares: `${made.totalShares}`,
          },
        ],
      },
    });
    // 1 lamport for 1,000 shares: 10^-12 SOL for one.
    expect(listIn(item, 'vaults')[0]?.['shareValue']).toBe('0.000000000001');
  });
});

describe('agent:{agentId}', () => {
  it('brings everything of one agent, and nothing of another', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann', '1000');
    const [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
    const channel = `agent:${one}`;
    const client = await world.connect();
    const [, snapshot] = await client.subscribe(channel);
    const agent = {
      agentId: one,
      symbol: 'ONE',
      status: 'bonding',
      poolId: null,
      currentPrice: '0.000000027958993476',
    };
    expect(snapshot).toMatchObject(snapshotOf(channel, { agent, trades: [] }));
    await market.buy(ann, two);
    const { receipt, trade } = await market.buy(ann, one, '1');
    const as = market.as(ann);
    const order = () => ({ clientOrderId: market.orderId(), agentId: one });
    await as.stake({ ...order(), tokens: tokens('5') });
    await market.buy(ann, one, '1');
    const { claim } = await as.claimRewards(order());
    await as.unstake({ ...order(), tokens: tokens('2') });
    await market.buy(ann, two);
    await market.buy(ann, one, '200');
    const items = await client.until(({ type }) => type === 'graduation');
    expect(items.map(({ type, channel: from }) => [type, from])).toEqual(
      [
        'trade_executed',
        'staking_update',
        'trade_executed',
        'staking_update',
        'staking_update',
        'trade_executed',
        'graduation',
      ].map((type) => [type, channel]),
    );
    const [bought, staked, , claimed, unstaked] = items;
    expect(bought).toMatchObject({ id: receipt.position, data: { agentId: one, trader: ann } });
    expect(units(bought === undefined ? '' : dataOf(bought)['tokenAmount'], 6)).toBe(trade.tokens);
    expect(staked?.data).toMatchObject({
      kind: 'staked',
      wallet: ann,
      tokenAmount: '5',
      stake: '5',
      totalStaked: '5',
    });
    expect(unstaked?.data).toMatchObject({
      kind: 'unstaked',
      tokenAmount: '2',
      stake: '3',
      totalStaked: '3',
    });
    expect(claimed?.data).toMatchObject({ kind: 'rewards_claimed', wallet: ann });
    expect(units(claimed === undefined ? '' : dataOf(claimed)['solAmount'], 9)).toBe(claim.sol);
    const [, later] = await (await world.connect()).subscribe(channel);
    expect(dataOf(later)).toMatchObject({
      agent: { status: 'graduated', totalStaked: '3', progressBps: 10_000, trades: 3 },
    });
    expect(listIn(later, 'trades')[2]).toEqual(bought?.data);
  });
});

describe('vault:{vaultId}', () => {
  it('brings what comes and goes, and what the vault buys', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const { mia, ann, vault, deposit } = await withVault(world);
    const { vaultId } = vault;
    const agent = await market.createAgent('ONE');
    const channel = `vault:${vaultId}`;
    const client = await world.connect();
    const [, snapshot] = await client.subscribe(channel);
    const state = {
      vaultId,
      name: 'Index',
      manager: mia,
      address: vault.address,
      sol: '0',
      shares: '0',
      positions: [],
    };
    expect(snapshot).toMatchObject(snapshotOf(channel, { vault: state, history: [] }));
    const { deposit: made } = await deposit('10');
    const order = () => ({ clientOrderId: market.orderId(), vaultId });
    await market.as(mia).vaultBuy({ ...order(), agentId: agent, exact: 'sol', sol: sol('4') });
    const { withdrawal } = await market.as(ann).vaultWithdraw({ ...order(), shares: half(made.shares) });
    await market.operator.credit({
      clientOrderId: market.orderId(),
      wallet: vault.address,
      sol: sol('0.25'),
    });
    const [deposited, bought, withdrawn, credited] = await client.take(4);
    expect(deposited).toMatchObject({
      type: 'vault_update',
      channel,
      data: {
        kind: 'deposited',
        vaultId,
        wallet: ann,
        solAmount: '10',
        shares: `${made.shares}`,
        netAssetValueBefore: '0',
      },
    });
    expect(bought).toMatchObject({
      type: 'trade_executed',
      channel,
      data: { trader: vault.address, agentId: agent },
    });
    expect(withdrawn).toMatchObject({
      type: 'vault_update',
      data: { kind: 'withdrawn', wallet: ann, shares: `${withdrawal.shares}`, tokens: [{ agentId: agent }] },
    });
    expect(credited).toMatchObject({
      type: 'balance_update',
      channel,
      data: { walletAddress: vault.address, solAmount: '0.25', source: 'operator' },
    });
    const [, later] = await (await world.connect()).subscribe(channel);
    expect(listIn(later, 'history').map(({ type, id }) => [type, id])).toEqual(
      [credited, withdrawn, bought, deposited].map((item) => [item?.type, item?.id]),
    );
    expect(dataOf(later)).toMatchObject({ vault: { positions: [{ agentId: agent, staked: '0' }] } });
  });
});

describe('account', () => {
  it('brings everything of the wallet that has signed in', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const { ann, vault, deposit } = await withVault(world);
    const bob = await market.fund('bob');
    const agent = await market.createAgent('ONE', ann);
    await market.app.runSeasons(HOUR);
    const client = await world.connect();
    expect(await world.signIn(client, ann)).toMatchObject({ type: 'authenticated', walletAddress: ann });
    const [subscribed, snapshot] = await client.subscribe('account');
    expect(subscribed).toEqual(started('account'));
    const nothing = { walletAddress: ann, sol: '1000', holdings: [], stakes: [], shares: [], fills: [] };
    expect(snapshot).toMatchObject(snapshotOf('account', { account: nothing }));
    await market.buy(bob, agent);
    const { receipt } = await market.buy(ann, agent, '1');
    const as = market.as(ann);
    await as.stake({ clientOrderId: market.orderId(), agentId: agent, tokens: tokens('5') });
    const { deposit: made } = await deposit('10');
    await market.operator.credit({ clientOrderId: market.orderId(), wallet: ann, sol: sol('0.000000001') });
    await as.faucet({ clientOrderId: market.orderId() });
    market.clock.advance(HOUR);
    await market.app.runSeasons(HOUR);
    const items = await client.take(6);
    expect(items).toMatchObject([
      { type: 'trade_executed', id: receipt.position, data: { trader: ann } },
      { type: 'staking_update', data: { kind: 'staked', wallet: ann } },
      { type: 'vault_update', data: { kind: 'deposited', vaultId: vault.vaultId } },
      { type: 'balance_update', data: { walletAddress: ann, solAmount: '0.000000001', source: 'operator' } },
      { type: 'balance_update', data: { walletAddress: ann, solAmount: '10', source: 'faucet' } },
      { type: 'olympics_update', data: { kind: 'season_ended', medals: [{ creatorWallet: ann }] } },
    ]);
    expect(new Set(items.map(({ channel }) => channel))).toEqual(new Set(['account']));
    const other = await world.connect();
    await world.signIn(other, ann);
    const [, later] = await other.subscribe('account');
    expect(dataOf(later)).toMatchObject({
      account: {
        holdings: [{ agentId: agent, staked: '5' }],
        stakes: [{ agentId: agent, staked: '5' }],
        shares: [{ vaultId: vault.vaultId, shares: `${made.shares}` }],
        fills: [{ id: receipt.position }],
      },
    });
  });
});

describe('two channels', () => {
  it('that carry the same trade bring it once each, under one id and word for word', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const client = await world.connect();
    await world.signIn(client, ann);
    const names = ['trades', `agent:${agent}`, 'account'];
    for (const channel of names) await client.subscribe(channel);
    const receipts: string[] = [];
    for (let count = 0; count < 20; count += 1)
      receipts.push((await market.buy(ann, agent)).receipt.position);
    const items = await client.settled();
    const byChannel = names.map((name) => items.filter(({ channel }) => channel === name));
    for (const carried of byChannel) expect(carried.map(({ id }) => id)).toEqual(receipts);
    const [first, ...others] = byChannel.map((carried) => carried.map(({ channel: _, ...item }) => item));
    for (const other of others) expect(other).toEqual(first);
    expect(items).toHaveLength(60);
  });
});
