import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
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
