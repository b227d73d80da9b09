import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { eventually } from '../support/gate.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { type PipedClient, pipedGateway } from './piped.ts';
import { dataOf } from './units.ts';

const BUDGET = 64 * 1024;
/** What a reader takes at a time. */
const BATCH_BYTES = 128 * 800;

let market: TestMarket;
let ann: WalletAddress;
let agents: AgentId[];

beforeEach(async () => {
  market = await openMarket();
  ann = await market.fund('ann', '100000');
  agents = [
    await market.createAgent('ONE'),
    await market.createAgent('TWO'),
    await market.createAgent('SIX'),
  ];
});

afterEach(() => market.app.close());

/** Trades in turn in each agent, a hundred at a time. @returns their positions */
async function trade(count: number, each: () => void = () => undefined): Promise<string[]> {
  const positions: string[] = [];
  while (positions.length < count) {
    const bought = Array.from({ length: 100 }, (_, index) => {
      const agent = agents[index % agents.length];
      if (agent === undefined) throw new Error('there is one');
      return market.buy(ann, agent, '0.001');
    });
    for (const { receipt } of await Promise.all(bought)) positions.push(receipt.position);
    await new Promise((resolve) => setImmediate(resolve));
    each();
  }
  return positions;
}

const subscribeTo = (channel: string) => ({ type: 'subscribe', channel });
const itemsOf = ({ messages }: PipedClient, type: string) =>
  messages.filter((message) => message.type === type);

describe('a client that does not read', () => {
  it('costs no more than its budget and a batch, holds nobody up, and misses nothing', async () => {
    const { gateway, connect } = pipedGateway({ services: market.app.services });
    const slow = await connect(subscribeTo('trades'));
    const quick = await connect(subscribeTo('trades'));
    slow.socket.block();
    let most = 0;
    const positions = await trade(3_000, () => {
      most = Math.max(most, slow.server().bufferedAmount);
    });
    await quick.quiet();
    expect(most).toBeGreaterThan(BUDGET / 2);
    expect(most).toBeLessThan(BUDGET + BATCH_BYTES);
    expect(slow.server().isPaused).toBe(true);
    expect(gateway.stats()).toMatchObject({ connections: 2, congested: 1, cut: 0 });
    expect(itemsOf(quick, 'trade_executed').map(({ id }) => id)).toEqual(positions);
    expect(itemsOf(slow, 'trade_executed')).toHaveLength(0);
    slow.socket.unblock();
    // What has left the ring is read from the log.
    await eventually(() => slow.messages.at(-1)?.id === positions.at(-1));
    expect(itemsOf(slow, 'trade_executed').map(({ id }) => id)).toEqual(positions);
    expect(itemsOf(slow, 'snapshot')).toHaveLength(1);
    expect(gateway.stats().congested).toBe(0);
  });

  it('gets just the newest of what is conflated', async () => {
    const { connect } = pipedGateway({ services: market.app.services });
    const slow = await connect(subscribeTo('prices'));
    slow.socket.block();
    await trade(3_000);
    slow.socket.unblock();
    await slow.quiet();
    const prices = itemsOf(slow, 'price_update');
    expect(prices.length).toBeGreaterThan(agents.length);
    expect(prices.length).toBeLessThan(600);
    const newest = new Map(prices.map((price) => [dataOf(price)['agentId'], dataOf(price)['trades']]));
    const { prices: now } = market.app.views;
    expect(newest).toEqual(new Map(agents.map((agent) => [agent, now.get(agent)?.trades])));
  });

  it('is not read from either: what it asked for is answered in its turn', async () => {
    const { connect } = pipedGateway({ services: market.app.services });
    const slow = await connect(subscribeTo('trades'));
    slow.socket.block();
    await trade(600);
    slow.send(
      { type: 'ping', id: 1 },
      subscribeTo('prices'),
      { type: 'unsubscribe', channel: 'prices' },
      { type: 'ping', id: 2 },
    );
    await slow.quiet();
    const before = slow.messages.length;
    expect(slow.socket.readableLength).toBeGreaterThan(0);
    slow.socket.unblock();
    await slow.quiet();
    const rest = slow.messages.slice(before).filter(({ type }) => type !== 'trade_executed');
    expect(rest.map(({ type, requestId }) => [type, requestId])).toEqual([
      ['pong', 1],
      ['subscribed', undefined],
      ['snapshot', undefined],
      ['unsubscribed', undefined],
      ['pong', 2],
    ]);
    expect(itemsOf(slow, 'trade_executed')).toHaveLength(600);
  });

  it('is cut when nothing has left for 30 s, without a close frame', async () => {
    const { gateway, connect } = pipedGateway({ services: market.app.services });
    const [stuck, quick] = [await connect(subscribeTo('trades')), await connect(subscribeTo('trades'))];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      stuck.socket.block();
      const positions = await trade(600);
      await vi.advanceTimersByTimeAsync(29_999);
      expect(stuck.socket.destroyed).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await quick.quiet();
      expect(stuck.socket.destroyed).toBe(true);
      expect(stuck.others).toEqual([]);
      expect(gateway.stats()).toMatchObject({ connections: 1, subscriptions: 1, congested: 0, cut: 1 });
      expect(itemsOf(quick, 'trade_executed')).toHaveLength(positions.length);
    } finally {
      vi.useRealTimers();
    }
  });
});
