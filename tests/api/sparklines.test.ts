import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INITIAL_CURVE, spotPrice } from '../../shared/curve.ts';
import { type AgentId, agentId } from '../../shared/ids.ts';
import { issuesOf, rejectionOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

const MINUTE = 60_000;
const initial = spotPrice(INITIAL_CURVE);

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.app.close());

const draw = (input: Parameters<ReturnType<TestMarket['as']>['sparklines']>[0]) =>
  market.app.caller().sparklines(input);

describe('sparklines', () => {
  it('are of every agent asked for, in that order, at the steps of the interval', async () => {
    const ann = await market.fund('ann');
    const [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
    const first = await market.buy(ann, one, '1');
    market.clock.advance(2 * MINUTE);
    const second = await market.buy(ann, one, '2');
    market.clock.advance(MINUTE);
    const { sparklines, seq } = await draw({ agentIds: [two, one], interval: '1m', points: 5 });
    expect(sparklines).toEqual([
      { agentId: two, prices: Array(5).fill(initial) },
      {
        agentId: one,
        prices: [initial, first.trade.price, first.trade.price, second.trade.price, second.trade.price],
      },
    ]);
    expect(seq).toBe(market.app.views.seq);
  });

  it('are of two hours unless told', async () => {
    const ann = await market.fund('ann');
    const one = await market.createAgent('ONE');
    const { trade } = await market.buy(ann, one, '1');
    market.clock.advance(5 * MINUTE * 22);
    const [sparkline] = (await draw({ agentIds: [one] })).sparklines;
    expect(sparkline?.prices).toEqual([initial, ...Array(23).fill(trade.price)]);
  });

  it('end with the price of the agent', async () => {
    const ann = await market.fund('ann');
    const one = await market.createAgent('ONE');
    await market.buy(ann, one, '1');
    await market.sell(ann, one);
    const { price } = await market.app.caller().agent({ agentId: one });
    for (const interval of ['1s', '5m', '1d'] as const) {
      const { sparklines } = await draw({ agentIds: [one], interval, points: 2 });
      expect(sparklines[0]?.prices.at(-1)).toBe(price);
    }
  });

  it('are refused when one agent is not known', async () => {
    const one = await market.createAgent('ONE');
    expect(await rejectionOf(draw({ agentIds: [one, agentId('99')] }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'agent_not_found',
      agentId: '99',
    });
  });

  const one = agentId('1');
  const many = (count: number): AgentId[] => Array.from({ length: count }, () => one);
  it.each([
    ['no agent', { agentIds: [] }, 'agentIds'],
    ['101 agents', { agentIds: many(101) }, 'agentIds'],
    ['one point', { agentIds: [one], points: 1 }, 'points'],
    ['61 points', { agentIds: [one], points: 61 }, 'points'],
    ['a point and a half', { agentIds: [one], points: 2.5 }, 'points'],
  ])('of %s are refused', async (_, input, path) => {
    expect(await issuesOf(draw(input))).toEqual([path]);
  });

  it('may be of a hundred agents with sixty points each', async () => {
    await market.createAgent('ONE');
    const { sparklines } = await draw({ agentIds: many(100), points: 60 });
    expect(sparklines).toHaveLength(100);
    expect(sparklines.every(({ prices }) => prices.length === 60)).toBe(true);
  });
});

it('time is what the server dates entries by', async () => {
  const { now } = await market.app.caller().time();
  expect(now).toBe(market.clock.now());
  market.clock.advance(1);
  expect(await market.app.caller().time()).toEqual({ now: now + 1 });
  await market.createAgent('ONE');
  expect((await market.app.caller().agent({ agentId: agentId('1') })).createdAt).toBe(now + 1);
});
