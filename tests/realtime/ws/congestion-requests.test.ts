import { describe, expect, it } from 'vitest';
import { nextTurn } from '../../support/gate.ts';
import type { PipedClient } from '../../support/piped-server.ts';
import { viewOf } from '../../support/quote-view.ts';
import { stillClock } from '../../support/still-clock.ts';
import { query, resumed, stop, subscription } from '../../support/ws-messages.ts';
import { PATHS, type Setting, serve } from './congestion-fixture.ts';

stillClock();

const sized = (n: number, size = 1) => query(n, 'sized', { n, size });

/** A client with a subscription that has stopped reading, and more waiting for it than the budget allows. */
async function congested({ log, connect }: Setting): Promise<PipedClient> {
  const client = await connect(subscription(1, 'every'));
  client.inbox.items.length = 0;
  client.socket.block();
  while (!client.server.isPaused) {
    log.commit(50);
    await nextTurn();
  }
  return client;
}

const answered = (client: PipedClient): number[] =>
  client.answers.flatMap((answer) => (answer.kind === 'data' ? [answer.id] : []));

describe.each(PATHS)('a congested connection (%s)', (path) => {
  it('has its requests answered later, in their order', async () => {
    const setting = serve({ path, ringCapacity: 512 });
    const client = await congested(setting);
    const ids = Array.from({ length: 30 }, (_, index) => index + 10);
    for (const id of ids) {
      client.send(sized(id));
      await nextTurn();
    }
    await client.quiet();
    expect(setting.service.asked).toEqual([]);
    client.socket.unblock();
    await client.quiet();
    expect(setting.service.asked).toEqual(ids);
    expect(answered(client)).toEqual(ids);
    expect(viewOf(client.answers, 1, setting.log, { channel: 'every', after: 0 }).covers(50)).toBe(true);
  });

  it('keeps what had been read with the request that made it so, and runs it later', async () => {
    const { service, connect } = serve({ path, ringCapacity: 8, limits: { sendBudgetBytes: 1_000 } });
    const client = await connect();
    client.socket.block();
    // The refusals are more than the budget before the queries are looked at.
    client.send(...Array.from({ length: 20 }, () => 'no JSON'), sized(1), sized(2), sized(3));
    await client.quiet();
    expect(service.asked).toEqual([]);
    client.socket.unblock();
    await client.quiet();
    expect(service.asked).toEqual([1, 2, 3]);
    expect(client.answers.filter(({ kind }) => kind === 'error')).toHaveLength(20);
    expect(answered(client)).toEqual([1, 2, 3]);
  });

  it('does not take more of its requests than its answers fit', async () => {
    const { service, connect } = serve({ path, ringCapacity: 8 });
    const client = await connect();
    client.socket.block();
    for (let id = 0; id < 1_000; id += 1) {
      client.send(sized(id, 10_000));
      await nextTurn();
    }
    expect(service.asked.length).toBeLessThan(10);
    client.socket.unblock();
    await client.quiet();
    expect(answered(client)).toEqual(Array.from({ length: 1_000 }, (_, id) => id));
  });

  it('is read from again when less than half of the budget waits, not before', async () => {
    const setting = serve({ path, ringCapacity: 4, padding: 150, limits: { sendBudgetBytes: 4_000 } });
    const { log, connect } = setting;
    log.commit(24);
    log.hold();
    // The ring reaches back to 20: ten items are to come from the log.
    const client = await connect(resumed(1, 'every', 'test-10'));
    client.socket.block();
    client.send(sized(0, 5_000));
    await client.quiet();
    log.letGo();
    await client.quiet();
    // The answer leaves, and the ten items wait: more than half of the budget.
    expect(client.socket.leave()).toBe(true);
    await client.quiet();
    expect(client.server.bufferedAmount).toBeGreaterThan(2_000);
    expect(client.server.bufferedAmount).toBeLessThan(4_000);
    expect(client.server.isPaused).toBe(true);
    client.socket.unblock();
    await client.quiet();
    expect(client.server.isPaused).toBe(false);
    expect(viewOf(client.answers, 1, log, { channel: 'every', after: 10 }).through).toBe(24);
  });

  it('ends a subscription that is stopped meanwhile', async () => {
    const setting = serve({ path, ringCapacity: 512 });
    const client = await congested(setting);
    client.send(stop(1));
    client.socket.unblock();
    await client.quiet();
    expect(client.answers.at(-1)).toEqual({ kind: 'stopped', id: 1 });
    expect(setting.log.every.subscribers).toBe(0);
  });

  it('asks ordinary generators for nothing', async () => {
    const { service, connect } = serve({ path, ringCapacity: 8, limits: { sendBudgetBytes: 2_000 } });
    const client = await connect();
    client.socket.block();
    client.send(subscription(1, 'generated', { size: 500 }), subscription(2, 'generated', { size: 500 }));
    await client.quiet();
    const { pulls } = service;
    // What the budget holds, one that is too much, and one that the other had been asked for.
    expect(pulls).toBeLessThanOrEqual(2_000 / 500 + 2);
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(service.pulls).toBe(pulls);
    for (let round = 0; round < 20; round += 1) {
      client.socket.leave();
      await client.quiet();
    }
    const counts = [1, 2].map((id) => answered(client).filter((each) => each === id).length);
    expect(Math.min(...counts)).toBeGreaterThan(20);
  });

  it.each([
    ['client says goodbye', (client: PipedClient) => client.close()],
    ['server says goodbye', (client: PipedClient) => client.server.close(1001)],
    ['connection is cut', (client: PipedClient) => client.server.terminate()],
  ])('asks them for no more when the %s', async (_, end) => {
    const { service, connect } = serve({ path, ringCapacity: 8, limits: { sendBudgetBytes: 2_000 } });
    const client = await connect();
    client.socket.block();
    client.send(subscription(1, 'generated', { size: 500 }));
    await client.quiet();
    const { pulls } = service;
    end(client);
    client.socket.unblock();
    await client.quiet();
    client.socket.destroy();
    await client.quiet();
    expect(service.generators).toBe(0);
    // One may have been on its way.
    expect(service.pulls).toBeLessThanOrEqual(pulls + 1);
  });
});

describe('requests on a connection that is always behind', () => {
  it.each(['every', 'latest'])('are answered all the same, and a stop ends it (%s)', async (channel) => {
    const limits = { sendBudgetBytes: 1_000 };
    const { log, connect } = serve({ ringCapacity: 4_000, keys: 1_000, limits });
    const client = await connect(subscription(1, channel));
    client.inbox.items.length = 0;
    client.socket.block();
    log.commit(1_000);
    await nextTurn();
    client.send(sized(7), stop(1));
    for (let round = 0; round < 50; round += 1) {
      log.commit(500);
      client.socket.leave();
      await client.quiet();
    }
    expect(answered(client)).toEqual([7]);
    expect(client.answers).toContainEqual({ kind: 'stopped', id: 1 });
  });
});

describe('news on a connection that asks for more than it reads', () => {
  it('comes between the answers to what had been read', async () => {
    const { log, connect } = serve({ ringCapacity: 4_000, limits: { sendBudgetBytes: 1_000 } });
    const client = await connect(subscription(1, 'every'));
    client.socket.block();
    // They arrive in one piece; each of them is answered at once.
    client.send(...Array.from({ length: 100 }, () => 'no JSON'));
    await client.quiet();
    log.commit(50);
    for (let left = 0; left < 4; left += 1) {
      await client.quiet();
      client.socket.leave();
    }
    await client.quiet();
    expect(viewOf(client.answers, 1, log, { channel: 'every' }).through).toBe(50);
    const refusals = client.answers.filter(({ kind }) => kind === 'error').length;
    expect(refusals).toBeGreaterThan(5);
    expect(refusals).toBeLessThan(100);
  });

  it('is delivered all the same', async () => {
    const { log, connect } = serve({ ringCapacity: 4_000, limits: { sendBudgetBytes: 1_000 } });
    const client = await connect(subscription(1, 'every'));
    client.socket.block();
    client.send(sized(2, 2_000));
    await client.quiet();
    log.commit(50);
    await client.quiet();
    for (let id = 3; id < 50; id += 1) {
      client.send(sized(id, 2_000));
      await client.quiet();
      client.socket.leave();
      await client.quiet();
    }
    expect(viewOf(client.answers, 1, log, { channel: 'every' }).through).toBe(50);
    expect(answered(client).length).toBeGreaterThan(20);
  });
});
