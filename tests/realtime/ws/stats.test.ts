import { initTRPC } from '@trpc/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { applyWSSHandler, type WSSHandlerOptions, type WSSStats } from '../../../server/realtime/ws/index.ts';
import type { Limits } from '../../../server/realtime/ws/options.ts';
import { nextTurn } from '../../support/gate.ts';
import { PacedLog } from '../../support/paced-log.ts';
import { type PipedClient, PipedServer } from '../../support/piped-server.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { mutation, query, stop, subscription } from '../../support/ws-messages.ts';

beforeEach(() => {
  // With `performance`, so that serving takes no time.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  return () => vi.useRealTimers();
});

interface Options {
  readonly limits?: Partial<Limits>;
  readonly keepAlive?: { readonly enabled: true; readonly pingMs: number; readonly pongWaitMs: number };
}

function serve({ limits, keepAlive }: Options = {}) {
  const log = new QuoteLog({ ringCapacity: 64 });
  const { router } = new QuoteService(log);
  let stats: () => WSSStats = () => {
    throw new Error('not yet');
  };
  const server = new PipedServer((wss) => {
    const options: WSSHandlerOptions<typeof router> = {
      wss,
      router,
      limits,
      ...(keepAlive === undefined ? {} : { keepAlive }),
    };
    stats = applyWSSHandler(options).stats;
  });
  return { log, stats: () => stats(), connect: (...messages: object[]) => connect(server, ...messages) };
}

async function connect(server: PipedServer, ...messages: readonly object[]): Promise<PipedClient> {
  const client = await server.connect();
  client.send(...messages);
  await client.quiet();
  return client;
}

describe('what a handler counts', () => {
  it('connections and their subscriptions, as they are now', async () => {
    const { stats, connect } = serve();
    expect(stats()).toEqual({ connections: 0, subscriptions: 0, congested: 0, sent: 0, cut: 0 });
    const first = await connect(subscription(1, 'every'), subscription(2, 'latest'), mutation(3, 'pending'));
    const second = await connect(subscription(1, 'every'));
    expect(stats()).toMatchObject({ connections: 2, subscriptions: 3 });
    first.send(stop(2));
    await first.quiet();
    expect(stats()).toMatchObject({ connections: 2, subscriptions: 2 });
    first.socket.destroy();
    await first.quiet();
    expect(stats()).toMatchObject({ connections: 1, subscriptions: 1 });
    second.socket.destroy();
    await second.quiet();
    expect(stats()).toMatchObject({ connections: 0, subscriptions: 0, cut: 0 });
  });

  it('items that were sent to subscribers, of live streams and of others, but no answers', async () => {
    const { log, stats, connect } = serve();
    const first = await connect(subscription(1, 'every'), query(2, 'sized', { n: 1, size: 1 }));
    const second = await connect(subscription(1, 'every'));
    expect(stats().sent).toBe(2);
    log.commit(3);
    await second.quiet();
    expect(stats().sent).toBe(8);
    first.close();
    log.commit(1);
    await second.quiet();
    expect(stats().sent).toBe(9);
    const items = second.answers.filter(({ kind }) => kind === 'item');
    expect(items).toHaveLength(5);
    second.send(subscription(2, 'generated', { size: 1 }));
    while (!second.answers.some(({ kind }) => kind === 'data')) await nextTurn();
    second.send(stop(2));
    await second.quiet();
    const generated = second.answers.filter(({ kind }) => kind === 'data');
    expect(stats().sent).toBe(9 + generated.length);
  });

  it('connections that are congested, and those that were cut because they were stuck', async () => {
    const { log, stats, connect } = serve({ limits: { sendBudgetBytes: 4_000, stuckMs: 1_000 } });
    const client = await connect(subscription(1, 'every'));
    const other = await connect(subscription(1, 'every'));
    client.socket.block();
    log.commit(100);
    await other.quiet();
    expect(stats()).toMatchObject({ connections: 2, congested: 1, cut: 0 });
    client.socket.unblock();
    await client.quiet();
    expect(stats()).toMatchObject({ congested: 0, cut: 0 });
    client.socket.block();
    log.commit(100);
    await other.quiet();
    vi.advanceTimersByTime(2_000);
    await client.quiet();
    expect(client.socket.destroyed).toBe(true);
    expect(stats()).toMatchObject({ connections: 1, congested: 0, cut: 1 });
  });

  it('connections that were cut because they did not answer', async () => {
    const { stats, connect } = serve({ keepAlive: { enabled: true, pingMs: 100, pongWaitMs: 50 } });
    const client = await connect(subscription(1, 'every'));
    const other = await connect();
    vi.advanceTimersByTime(100);
    other.send('PONG');
    vi.advanceTimersByTime(50);
    await client.quiet();
    expect(client.socket.destroyed).toBe(true);
    expect(stats()).toMatchObject({ connections: 1, cut: 1 });
  });
});

describe('a live stream of a paced channel', () => {
  it('gets what waits before it ends because the hub closes', async () => {
    const log = new PacedLog({ paceMs: 100 });
    const t = initTRPC.create();
    const router = t.router({
      paced: t.procedure.input(z.undefined()).subscription(({ signal }) => {
        return log.hub.stream(log.channel, { signal });
      }),
    });
    const server = new PipedServer((wss) => {
      applyWSSHandler({ wss, router });
    });
    const client = await connect(server, subscription(1, 'paced'));
    const come = () => client.answers.map((answer) => ('seq' in answer ? answer.seq : answer.kind));
    log.commit('a');
    log.commit('a', 'b');
    await client.quiet();
    expect(come()).toEqual(['started', 0, 1]);
    vi.advanceTimersByTime(100);
    await client.quiet();
    expect(come()).toEqual(['started', 0, 1, 2, 3]);
    log.commit('b', 'a');
    log.hub.close();
    await client.quiet();
    expect(come()).toEqual(['started', 0, 1, 2, 3, 4, 5, 'stopped']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
