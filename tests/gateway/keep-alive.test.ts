import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { type PipedClient, pipedGateway } from './piped.ts';

let market: TestMarket;

beforeEach(async () => {
  market = await openMarket();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await market.app.close();
});

const pings = ({ others }: PipedClient): number => others.filter(({ kind }) => kind === 'ping').length;

async function pass(client: PipedClient, ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await client.quiet();
}

describe('a silent client', () => {
  it('is pinged after 30 s and cut 10 s later', async () => {
    const { gateway, connect } = pipedGateway({ services: market.app.services });
    const client = await connect({ type: 'subscribe', channel: 'trades' });
    await pass(client, 29_999);
    expect(pings(client)).toBe(0);
    await pass(client, 1);
    expect(pings(client)).toBe(1);
    await pass(client, 9_999);
    expect(client.socket.destroyed).toBe(false);
    await pass(client, 1);
    expect(client.socket.destroyed).toBe(true);
    expect(gateway.stats()).toEqual({ connections: 0, subscriptions: 0, congested: 0, sent: 1, cut: 1 });
  });

  it.each<[string, (client: PipedClient) => void]>([
    ['a pong', (client) => client.pong()],
    ['a ping of its own', (client) => client.ping()],
    ['a message', (client) => client.send({ type: 'ping' })],
    ['a message that is refused', (client) => client.send({ type: 'nonsense' })],
  ])('lives on with %s', async (_, live) => {
    const { gateway, connect } = pipedGateway({ services: market.app.services });
    const client = await connect();
    for (let round = 1; round <= 3; round += 1) {
      await pass(client, 30_000);
      expect(pings(client)).toBe(round);
      await pass(client, 9_999);
      live(client);
      await client.quiet();
      await pass(client, 29_999);
      expect(pings(client)).toBe(round);
      live(client);
      await client.quiet();
    }
    expect(gateway.stats()).toMatchObject({ connections: 1, cut: 0 });
  });
});
