import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AppRouter } from '../../server/api/router.ts';
import { channels } from '../../shared/channels.ts';
import type { Entry } from '../../shared/events.ts';
import { MarketServer } from '../client/market-server.ts';
import { type ApiChannel, apiChannels, type Follower } from '../support/api-channels.ts';
import { channelCases } from '../support/channel-cases.ts';
import { beginStory, type Cast, playRound } from '../support/platform-story.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

const table = Object.values(apiChannels);

const idOf = (market: TestMarket, seq: number): string => `${market.log.epoch}-${seq}`;

/** Ids that a channel owes to whoever has seen everything up to `after`. */
async function due({ log, app }: TestMarket, { kind }: ApiChannel, after: number): Promise<string[]> {
  const { records } = await log.read({ after, limit: log.head });
  const [vault] = app.views.vaults.byId.values();
  const channel = channelCases.find((each) => each.kind === kind);
  if (vault === undefined || channel === undefined) throw new Error('nothing to compare with');
  const concerns = (entry: Entry): boolean => channel.concerns(entry, vault.address);
  return records.flatMap(({ entry }) => (concerns(entry) ? [`${log.epoch}-${entry.seq}`] : []));
}

/** What somebody sees who comes now. */
async function viewOfNow(market: TestMarket, { ann }: Cast, channel: ApiChannel): Promise<unknown> {
  const follower = await channel.call(market.as(ann));
  await follower.until((received) => received.length > 0);
  return follower.view;
}

/**
 * Follows `follower` until it has everything that came after `after`, and checks that it came as the channel promises:
 * every message once and in order, or the newest values.
 */
async function expectEverything(
  market: TestMarket,
  cast: Cast,
  { channel, follower, after }: { channel: ApiChannel; follower: Follower; after: number },
): Promise<void> {
  const snapshots = follower.received.filter(({ data }) => data.type === 'snapshot').length;
  const now = await viewOfNow(market, cast, channel);
  if (channels[channel.kind].delivery === 'every') {
    const ids = await due(market, channel, after);
    expect(ids.length).toBeGreaterThan(0);
    await follower.until((received) => received.length >= snapshots + ids.length);
    expect(follower.received.slice(snapshots).map(({ id }) => id)).toEqual(ids);
    expect(follower.view).toEqual(now);
    return;
  }
  await follower.until((_, view) => isSame(view, now));
  expect(follower.received.slice(snapshots).map(({ data }) => data.type)).not.toContain('snapshot');
}

function isSame(view: unknown, other: unknown): boolean {
  try {
    expect(view).toEqual(other);
    return true;
  } catch {
    return false;
  }
}

describe('through direct calls', () => {
  let market: TestMarket;
  let cast: Cast;
  beforeEach(async () => {
    market = await openMarket();
    cast = await beginStory(market);
  });
  afterEach(async () => {
    await market.app.close();
    expect(market.problems).toEqual([]);
  });

  it.each(table)('$kind: a snapshot, and then everything that happens', async (channel) => {
    const start = market.log.head;
    const follower = await channel.call(market.as(cast.ann));
    await follower.until((received) => received.length === 1);
    expect(follower.received).toMatchObject([
      { id: idOf(market, start), data: { type: 'snapshot', reason: 'start' } },
    ]);
    await playRound(market, cast);
    await expectEverything(market, cast, { channel, follower, after: start });
    for (const { data } of follower.received) {
      expect(channels[channel.kind].message.safeParse(data).success).toBe(true);
    }
  });

  it.each(table)('$kind: goes on from the id it is given', async (channel) => {
    const first = await channel.call(market.as(cast.ann));
    await first.until((received) => received.length === 1);
    await playRound(market, cast);
    const half = market.log.head;
    await playRound(market, cast);
    const resumed = await channel.call(market.as(cast.ann), idOf(market, half));
    await resumed.until((received) => received.length > 0);
    expect(resumed.received[0]?.data.type).not.toBe('snapshot');
    if (channels[channel.kind].delivery === 'latest') return;
    const ids = await due(market, channel, half);
    await resumed.until((received) => received.length >= ids.length);
    expect(resumed.received.map(({ id }) => id)).toEqual(ids);
  });
});

describe('through the stock client', () => {
  let server: MarketServer;
  let cast: Cast;
  let client: TRPCClient<AppRouter>;
  let socket: ReturnType<typeof createWSClient>;
  beforeEach(async () => {
    // It takes the platform's WebSocket, and Node 20 has none.
    Object.assign(globalThis, { WebSocket });
    server = await MarketServer.open();
    cast = await beginStory(server.market);
    expect(server.trader).toBe(cast.ann);
    socket = createWSClient({ url: server.url, retryDelayMs: () => 1 });
    client = createTRPCClient({ links: [wsLink({ client: socket, transformer: superjson })] });
  });
  afterEach(async () => {
    await socket.close();
    await server[Symbol.asyncDispose]();
  });

  it.each(table)('$kind: nothing is lost or doubled by a connection that is cut', async (channel) => {
    const { market } = server;
    const start = market.log.head;
    const follower = channel.subscribe(client);
    await follower.until((received) => received.length === 1);
    expect(follower.received).toMatchObject([{ id: idOf(market, start), data: { reason: 'start' } }]);
    await playRound(market, cast);
    await expectEverything(market, cast, { channel, follower, after: start });
    server.disconnect();
    await playRound(market, cast);
    server.reconnect();
    await expectEverything(market, cast, { channel, follower, after: start });
    expect(server.proxy.connections).toBe(2);
    follower.unsubscribe();
    expect(follower.errors).toEqual([]);
  });
});
