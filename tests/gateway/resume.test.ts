import { describe, expect, it } from 'vitest';
import { sol, tokens } from '../../shared/units.ts';
import { GatewayWorld } from './fixture.ts';
import type { JsonClient, Message } from './json-client.ts';
import { dataOf, seqOf } from './units.ts';

const HOUR = 3_600_000;

/** What everything that can happen to a market is made of, once over. */
async function openMarket(world: GatewayWorld) {
  const { market } = world;
  const ann = await market.fund('ann', '100000');
  const agent = await market.createAgent('ONE');
  await market.app.runSeasons(HOUR);
  await market.buy(ann, agent, '2');
  const { vault } = await market.as(ann).createVault({ clientOrderId: market.orderId(), name: 'Index' });
  let symbols = 0;
  /** Something for every channel. */
  const happen = async (): Promise<void> => {
    const { vaultId } = vault;
    const as = market.as(ann);
    symbols += 1;
    await market.buy(ann, agent, '0.5');
    await as.stake({ clientOrderId: market.orderId(), agentId: agent, tokens: tokens('10') });
    await as.vaultDeposit({ clientOrderId: market.orderId(), vaultId, sol: sol('1') });
    const other = await market.createAgent(`NEW${symbols}`);
    await market.buy(ann, other, '40');
    await market.buy(ann, other, '200');
  };
  return { ann, agent, vault, happen };
}

const channelsOf = ({ agent, vault }: { agent: string; vault: { vaultId: string } }): readonly string[] => [
  'trades',
  'prices',
  'kings',
  'activities',
  'graduations',
  'olympics',
  'staking',
  'vaults',
  `agent:${agent}`,
  `vault:${vault.vaultId}`,
  'account',
];

const LATEST: ReadonlySet<string> = new Set(['prices', 'olympics', 'staking', 'vaults']);

async function follow(client: JsonClient, since: ReadonlyMap<string, string>): Promise<Message[]> {
  for (const [channel, id] of since) client.send({ type: 'subscribe', channel, since: id });
  return client.take(since.size);
}

describe('since', () => {
  it('goes on after what was seen, on every channel, in a new process on the same log', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const { ann, agent, vault, happen } = await openMarket(world);
    const names = channelsOf({ agent, vault });
    const client = await world.connect();
    await world.signIn(client, ann);
    const last = new Map<string, string>();
    const note = (messages: readonly Message[]): void => {
      for (const { channel, id } of messages) {
        if (typeof channel === 'string' && typeof id === 'string') last.set(channel, id);
      }
    };
    for (const name of names) note(await client.subscribe(name));
    await happen();
    // What is paced comes within half a second.
    note(await client.until(({ channel }) => channel === 'vaults'));
    note(await client.settled());
    await client.cut();
    const from = market.app.views.seq;
    await happen();
    await world.restart();
    await happen();

    const back = await world.connect();
    await world.signIn(back, ann);
    const seen = await follow(back, last);
    // What is read from the log comes when it has been read.
    const quiet = () => names.filter((name) => seen.filter(({ channel }) => channel === name).length < 2);
    while (quiet().length > 0) seen.push(await back.next());
    seen.push(...(await back.settled()));
    for (const name of names) {
      const [subscribed, ...items] = seen.filter(({ channel }) => channel === name);
      expect(subscribed).toEqual({ type: 'subscribed', channel: name, since: last.get(name) });
      expect(items.map(({ type }) => type)).not.toContain('snapshot');
      const seqs = items.map(seqOf);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      expect(Math.min(...seqs)).toBeGreaterThan(Number(last.get(name)?.split('-')[1]));
      if (LATEST.has(name)) continue;
      // One who has been there from the start, or has not missed it, would have seen the same.
      const other = await world.connect();
      await world.signIn(other, ann);
      const since = `${market.log.epoch}-${from}`;
      other.send({ type: 'subscribe', channel: name, since });
      const again = (await other.until(({ id }) => id === items.at(-1)?.id)).slice(1);
      expect(again).toEqual(items.filter((item) => seqOf(item) > from));
    }
    const trades = seen.filter(({ channel, type }) => channel === 'trades' && type === 'trade_executed');
    // Three for each time that something happened since.
    expect(trades).toHaveLength(6);
  });

  it.each([
    ['of another log', () => 'other-5'],
    ['ahead of the log', (epoch: string) => `${epoch}-999999`],
    ['no position at all', () => 'yesterday'],
    ['a position with more behind it', (epoch: string) => `${epoch}-1-1`],
    ['empty', () => ''],
    ['very long', () => 'x'.repeat(10_000)],
  ])('that is %s gives a snapshot with reason gap', async (_, since) => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const agent = await market.createAgent('ONE');
    for (const channel of ['trades', 'prices', `agent:${agent}`]) {
      const client = await world.connect();
      const [subscribed, snapshot] = await client.subscribe(channel, since(market.log.epoch));
      expect(subscribed).toEqual({ type: 'subscribed', channel, since: null });
      expect(snapshot).toMatchObject({ type: 'snapshot', channel, data: { reason: 'gap' } });
      expect(seqOf(snapshot)).toBe(market.app.views.seq);
    }
  });

  it('null is no since', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    client.send({ type: 'subscribe', channel: 'trades', since: null });
    const [, snapshot] = await client.take(2);
    expect(snapshot).toMatchObject({ type: 'snapshot', data: { reason: 'start' } });
  });

  it('goes on from the log where the ring does not reach back', async () => {
    const world = await GatewayWorld.open({ market: { ringCapacity: 4 } });
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const positions: string[] = [];
    for (let count = 0; count < 30; count += 1) {
      positions.push((await market.buy(ann, agent, '0.01')).receipt.position);
    }
    const client = await world.connect();
    client.send({ type: 'subscribe', channel: 'trades', since: positions[9] });
    const items = (await client.until(({ id }) => id === positions[29])).slice(1);
    expect(items.map(({ id }) => id)).toEqual(positions.slice(10));
  });

  it('at the head of the log brings nothing but what comes', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const { receipt } = await market.buy(ann, agent);
    const client = await world.connect();
    client.send({ type: 'subscribe', channel: 'trades', since: receipt.position });
    expect(await client.settled()).toEqual([
      { type: 'subscribed', channel: 'trades', since: receipt.position },
    ]);
    const { receipt: next } = await market.buy(ann, agent);
    expect(await client.next()).toMatchObject({ type: 'trade_executed', id: next.position });
  });

  it('of a snapshot goes on after what the snapshot shows', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    await market.buy(ann, agent);
    const client = await world.connect();
    const [, snapshot] = await client.subscribe(`agent:${agent}`);
    await client.cut();
    await market.buy(ann, agent);
    const back = await world.connect();
    const [, item] = await back.subscribe(`agent:${agent}`, String(snapshot.id));
    expect(item.type).toBe('trade_executed');
    expect(dataOf(snapshot)).toMatchObject({ agent: { trades: 1 } });
  });
});
