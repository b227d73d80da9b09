import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTurn } from '../../support/gate.ts';
import type { PipedClient } from '../../support/piped-server.ts';
import { mutation, query, resumed, subscription } from '../../support/ws-messages.ts';
import { PATHS, type Setting, serve } from './congestion-fixture.ts';

const STUCK_MS = 1_000;

/** A client with one call of each kind that stops reading, and then as much published as makes it congested. */
async function congested({ log, connect }: Setting): Promise<PipedClient> {
  const client = await connect(
    subscription(1, 'every'),
    subscription(2, 'latest'),
    subscription(3, 'even'),
    mutation(4, 'pending'),
  );
  client.socket.block();
  client.send(subscription(5, 'generated', { size: 1_000 }));
  while (!client.server.isPaused) {
    log.commit(10);
    await nextTurn();
  }
  return client;
}

/** A client of whose three answers the first is on its way, and the others have to wait for it. */
async function withThreeAnswers({ connect }: Setting): Promise<PipedClient> {
  const client = await connect();
  const sized = (id: number) => query(id, 'sized', { n: id, size: 3_000 });
  client.socket.block();
  client.send(sized(1));
  await client.quiet();
  client.send([sized(2), sized(3)]);
  await client.quiet();
  return client;
}

const options = { ringCapacity: 64, limits: { sendBudgetBytes: 4_000, stuckMs: STUCK_MS } };

beforeEach(() => {
  // With `performance`, so that serving takes no time.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  return () => vi.useRealTimers();
});

describe.each(PATHS)('a connection that is stuck (%s)', (path) => {
  it('is cut in time, and nothing of it is left', async () => {
    const setting = serve({ ...options, path });
    const { service, log } = setting;
    const client = await congested(setting);
    vi.advanceTimersByTime(STUCK_MS - 1);
    await client.quiet();
    expect(client.socket.destroyed).toBe(false);
    expect([service.pending, service.generators]).toEqual([1, 1]);
    const { pulls } = service;
    vi.advanceTimersByTime(1);
    await client.quiet();
    expect(client.socket.destroyed).toBe(true);
    expect([service.pending, service.aborted, service.generators]).toEqual([0, 1, 0]);
    expect(service.pulls).toBe(pulls);
    expect([log.every.subscribers, log.latest.subscribers]).toEqual([0, 0]);
    expect(vi.getTimerCount()).toBe(0);
    // News is nothing to it any more.
    log.commit(10);
    await client.quiet();
    expect(client.answers.some(({ kind }) => kind === 'close')).toBe(false);
  });

  it('lives when all that waits leaves in time, again and again', async () => {
    const setting = serve({ ...options, path });
    const client = await congested(setting);
    for (let round = 0; round < 30; round += 1) {
      vi.advanceTimersByTime(STUCK_MS - 1);
      setting.log.commit(200);
      // One write is being made, and the others wait together.
      expect(client.socket.leave()).toBe(true);
      client.socket.leave();
      await client.quiet();
      expect(client.socket.destroyed).toBe(false);
    }
    while (!client.server.isPaused) {
      setting.log.commit(10);
      await nextTurn();
    }
    vi.advanceTimersByTime(STUCK_MS);
    await client.quiet();
    expect(client.socket.destroyed).toBe(true);
  });

  it('lives when a part of what waits leaves in time', async () => {
    const client = await withThreeAnswers(serve({ ...options, path }));
    for (let left = 0; left < 2; left += 1) {
      vi.advanceTimersByTime(STUCK_MS - 1);
      await client.quiet();
      expect(client.socket.destroyed).toBe(false);
      expect(client.socket.leave()).toBe(true);
      await client.quiet();
    }
    expect(client.answers.map(({ kind }) => kind)).toEqual(['data', 'data', 'data']);
  });

  it('is cut when a part of what waits has left in time, and then nothing more', async () => {
    const client = await withThreeAnswers(serve({ ...options, path }));
    vi.advanceTimersByTime(STUCK_MS - 1);
    expect(client.socket.leave()).toBe(true);
    await client.quiet();
    // To within a quarter.
    vi.advanceTimersByTime(STUCK_MS);
    await client.quiet();
    expect(client.socket.destroyed).toBe(false);
    vi.advanceTimersByTime(STUCK_MS / 4);
    await client.quiet();
    expect(client.socket.destroyed).toBe(true);
  });

  it('lives when as much comes as leaves', async () => {
    const { log, connect } = serve({ ...options, path });
    log.commit(1_000);
    log.hold();
    const client = await connect(
      ...Array.from({ length: 12 }, (_, id) => resumed(id, 'every', `test-${id}`)),
    );
    client.socket.block();
    client.send(query(20, 'sized', { n: 1, size: 5_000 }));
    await client.quiet();
    // What had been asked for before comes little by little.
    for (let left = 0; left < 10; left += 1) {
      vi.advanceTimersByTime(STUCK_MS / 4);
      await client.quiet();
      expect(client.socket.destroyed).toBe(false);
      expect(log.letGo()).toBe(true);
      await client.quiet();
      expect(client.socket.leave()).toBe(true);
      await client.quiet();
      expect(client.server.isPaused).toBe(true);
    }
  });

  it('has no timer once it reads again, or has gone', async () => {
    const setting = serve({ ...options, path });
    const client = await setting.connect(subscription(1, 'every'));
    client.socket.block();
    setting.log.commit(100);
    await client.quiet();
    expect(vi.getTimerCount()).toBe(1);
    client.socket.unblock();
    await client.quiet();
    expect(vi.getTimerCount()).toBe(0);
    client.socket.block();
    setting.log.commit(100);
    await client.quiet();
    expect(vi.getTimerCount()).toBe(1);
    client.socket.destroy();
    await client.quiet();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('keep-alive', () => {
  it('does not cut a connection that is not read from, and goes on when it is', async () => {
    const keepAlive = { enabled: true, pingMs: 100, pongWaitMs: 50 } as const;
    const setting = serve({ ringCapacity: 64, limits: { sendBudgetBytes: 4_000 }, keepAlive });
    const client = await setting.connect(subscription(1, 'every'));
    client.socket.block();
    setting.log.commit(100);
    await client.quiet();
    // It has been asked, but its answer is not read.
    vi.advanceTimersByTime(20_000);
    await client.quiet();
    expect(client.socket.destroyed).toBe(false);
    client.socket.unblock();
    await client.quiet();
    expect(client.answers.filter(({ kind }) => kind === 'PING')).toEqual([]);
    vi.advanceTimersByTime(100);
    await client.quiet();
    expect(client.answers.at(-1)).toEqual({ kind: 'PING' });
    vi.advanceTimersByTime(50);
    await client.quiet();
    expect(client.socket.destroyed).toBe(true);
  });
});
