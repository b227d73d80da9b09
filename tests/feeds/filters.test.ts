import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { sol, tokens } from '../../shared/units.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

let market: TestMarket;
let ann: WalletAddress;
let bob: WalletAddress;
let one: AgentId;
let two: AgentId;

beforeEach(async () => {
  market = await openMarket();
  [ann, bob] = [await market.fund('ann'), await market.fund('bob')];
  [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
});
afterEach(() => market.app.close());

/** Trades of every kind; gives the position of each by name. */
async function tradeAround(): Promise<Record<'annOne' | 'bobOne' | 'annTwo' | 'annSold', string>> {
  const annOne = await market.buy(ann, one, '2');
  const bobOne = await market.buy(bob, one, '0.1');
  const annTwo = await market.buy(ann, two, '0.1');
  const annSold = await market.sell(ann, one, '1000');
  return {
    annOne: annOne.receipt.position,
    bobOne: bobOne.receipt.position,
    annTwo: annTwo.receipt.position,
    annSold: annSold.receipt.position,
  };
}

const all = ['annOne', 'bobOne', 'annTwo', 'annSold'] as const;

it.each([
  ['no filter', () => ({}), all],
  ['agentId', () => ({ agentId: two }), ['annTwo']],
  ['side', () => ({ side: 'sell' as const }), ['annSold']],
  ['trader', () => ({ trader: bob }), ['bobOne']],
  ['minSol', () => ({ minSol: sol('1') }), ['annOne']],
  ['several at once', () => ({ trader: ann, side: 'buy' as const, agentId: one }), ['annOne']],
] as const)('onTrade narrows by %s: live, in the snapshot and on resume', async (_, filter, expected) => {
  const { feeds } = market.app.services;
  const start = `${market.log.epoch}-${market.app.views.seq}`;
  const live = feeds.trades(filter());
  await live.cursor.take(10);
  const positions = await tradeAround();
  const wanted = all.filter((name) => expected.some((each) => each === name)).map((name) => positions[name]);
  expect((await live.cursor.take(10)).map(({ id }) => id)).toEqual(wanted);
  const resumed = feeds.trades({ ...filter(), lastEventId: start });
  expect((await resumed.cursor.take(10)).map(({ id }) => id)).toEqual(wanted);
  const [fresh] = await feeds.trades(filter()).cursor.take(1);
  const trades = fresh?.data.type === 'snapshot' ? fresh.data.trades : [];
  expect(trades.map(({ seq }) => `${market.log.epoch}-${seq}`)).toEqual(wanted.toReversed());
});

it.each([
  ['one kind', ['staked']],
  ['several kinds', ['whale_trade', 'agent_created']],
  ['what does not happen', ['medals']],
] as const)('onActivity narrows by %s: live, in the snapshot and on resume', async (_, given) => {
  const { feeds } = market.app.services;
  const kinds = [...given];
  const start = market.app.views.seq;
  const live = feeds.activities({ kinds });
  await live.cursor.take(10);
  await tradeAround();
  await market.as(ann).stake({ clientOrderId: market.orderId(), agentId: one, tokens: tokens('1') });
  await market.createAgent('NEW');
  const wanted = market.app.views.activities.filter(({ kind }) => kinds.some((each) => each === kind));
  const since = wanted.filter(({ seq }) => seq > start).map(({ seq }) => seq);
  expect((await live.cursor.take(10)).map(({ seq }) => seq)).toEqual(since);
  const resumed = feeds.activities({ kinds, lastEventId: `${market.log.epoch}-${start}` });
  expect((await resumed.cursor.take(10)).map(({ seq }) => seq)).toEqual(since);
  const [fresh] = await feeds.activities({ kinds }).cursor.take(1);
  expect(fresh?.data).toEqual({ type: 'snapshot', reason: 'start', activities: wanted.toReversed() });
});

it('onStaking narrows by agent: live, in the snapshot and on resume', async () => {
  const { feeds } = market.app.services;
  await tradeAround();
  const stake = async (agentId: AgentId) =>
    (await market.as(ann).stake({ clientOrderId: market.orderId(), agentId, tokens: tokens('1') })).receipt;
  const none = await feeds.staking({ agentId: one }).cursor.take(1);
  expect(none.map(({ data }) => data)).toEqual([{ type: 'snapshot', reason: 'start', pools: [] }]);
  const live = feeds.staking({ agentId: one });
  await live.cursor.take(1);
  const { position: ofOne } = await stake(one);
  const { position: ofTwo } = await stake(two);
  expect((await live.cursor.take(10)).map(({ id }) => id)).toEqual([ofOne]);
  const start = `${market.log.epoch}-1`;
  const resumed = feeds.staking({ agentId: one, lastEventId: start });
  expect((await resumed.cursor.take(10)).map(({ id }) => id)).toEqual([ofOne]);
  const all = feeds.staking({ lastEventId: start });
  expect((await all.cursor.take(10)).map(({ id }) => id)).toEqual([ofOne, ofTwo]);
  const [fresh] = await feeds.staking({ agentId: two }).cursor.take(1);
  expect(fresh?.data).toMatchObject({ type: 'snapshot', pools: [{ agentId: two, staked: tokens('1') }] });
});

it('prices are conflated: of what comes while nobody reads only the newest per agent is delivered', async () => {
  const stream = market.app.services.feeds.prices({});
  await stream.cursor.take(10);
  for (let index = 0; index < 5; index += 1) await market.buy(ann, one, '0.1');
  const other = await market.buy(ann, two, '0.1');
  const last = await market.buy(ann, one, '0.1');
  expect((await stream.cursor.take(10)).map(({ id }) => id)).toEqual([
    other.receipt.position,
    last.receipt.position,
  ]);
});

it('prices that have left the ring are read from the view, without a gap', async () => {
  await market.restart({ ringCapacity: 2 });
  const start = `${market.log.epoch}-${market.app.views.seq}`;
  const three = await market.createAgent('THREE');
  const positions: string[] = [];
  for (const agent of [one, two, three])
    positions.push((await market.buy(ann, agent, '0.1')).receipt.position);
  const items = await market.app.services.feeds.prices({ lastEventId: start }).cursor.take(10);
  expect(items.map(({ id, data }) => [id, data.type])).toEqual(positions.map((id) => [id, 'price_changed']));
});
