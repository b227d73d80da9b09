import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAX_BEHIND } from '../../../server/realtime/cursor.ts';
import { DEFAULT_LIMITS } from '../../../server/realtime/ws/options.ts';
import { eventually, nextTurn } from '../../support/gate.ts';
import { viewOf } from '../../support/quote-view.ts';
import { stillClock } from '../../support/still-clock.ts';
import { mutation, query, subscription } from '../../support/ws-messages.ts';
import { BATCH, BUDGET } from './congestion-fixture.ts';
import { caughtUp, ENOUGH, ITEM_BYTES, publish, serve, untilFull } from './slow-readers-fixture.ts';

stillClock();

describe('a client that stops reading', () => {
  it.each([
    { where: 'the ring', ringCapacity: 2 * ENOUGH, deflate: false },
    { where: 'the log', ringCapacity: 256, deflate: false },
    { where: 'the log, compressed', ringCapacity: 256, deflate: true },
  ])('costs a budget and a batch, and gets every item from $where when it reads on', async (options) => {
    const { log, connect } = await serve(options);
    const slow = await connect(subscription(1, 'every'));
    const other = await connect(subscription(1, 'every'));
    slow.client.pause();
    // Compressed as well as these items are, more of them fit into the system's buffers.
    const count = options.deflate ? 5_000 : ENOUGH;
    const most = await publish(log, count, slow.socket);
    expect(most).toBeLessThan(BUDGET + BATCH * ITEM_BYTES);
    if (!options.deflate) await untilFull(slow.socket);
    await caughtUp(other.client, log, 1);
    const { answers } = other.client;
    expect(viewOf(answers, 1, log, { channel: 'every' }).quotes).toBe(count);

    slow.client.resume();
    await caughtUp(slow.client, log, 1);
    const view = viewOf(slow.client.answers, 1, log, { channel: 'every' });
    expect([view.quotes, view.snapshots]).toEqual([count, ['start']]);
  });

  it('gets a new snapshot when too much has come, and goes on from there', async () => {
    const { log, connect } = await serve({ ringCapacity: 256, keys: 10 });
    const { client, socket } = await connect(subscription(1, 'every'));
    client.pause();
    const most = await publish(log, ENOUGH + MAX_BEHIND, socket);
    expect(most).toBeLessThan(BUDGET + BATCH * ITEM_BYTES);
    client.resume();
    await caughtUp(client, log, 1);
    await publish(log, 500, socket);
    await caughtUp(client, log, 1);
    const view = viewOf(client.answers, 1, log, { channel: 'every' });
    expect(view.snapshots).toEqual(['start', 'gap']);
    expect(view.newest).toEqual(log.newest(log.hub.head));
  });

  it('gets the newest of each key of a conflated channel', async () => {
    const { log, connect } = await serve({ ringCapacity: 256, keys: 40 });
    const { client, socket } = await connect(subscription(1, 'latest'));
    client.pause();
    await publish(log, 2 * ENOUGH, socket);
    await untilFull(socket);
    client.resume();
    await caughtUp(client, log, 1);
    const view = viewOf(client.answers, 1, log, { channel: 'latest' });
    expect(view.newest).toEqual(log.newest(log.hub.head));
    expect(view.quotes).toBeLessThan(ENOUGH);
  });

  it('gets everything on each of its subscriptions, and its answers', async () => {
    const { log, service, connect } = await serve({ ringCapacity: 256, keys: 40 });
    const { client, socket } = await connect(
      ...['every', 'latest', 'every', 'even'].map((path, index) => subscription(index + 1, path)),
    );
    client.pause();
    await publish(log, ENOUGH / 2, socket);
    await untilFull(socket);
    const asked = Array.from({ length: 20 }, (_, index) => index + 10);
    client.send(...asked.map((id) => query(id, 'sized', { n: id, size: 10 })));
    await publish(log, 1_000, socket);
    expect(service.asked).toEqual([]);
    client.resume();
    for (const id of [1, 2, 3, 4]) await caughtUp(client, log, id);
    await client.inbox.until(
      (answers) => answers.filter(({ kind }) => kind === 'data').length === asked.length,
    );
    expect(service.asked).toEqual(asked);
    const answered = client.answers.flatMap((answer) => (answer.kind === 'data' ? [answer.id] : []));
    expect(answered).toEqual(asked);
    for (const id of [1, 3]) {
      expect(viewOf(client.answers, id, log, { channel: 'every' }).quotes).toBe(log.hub.head);
    }
    expect(viewOf(client.answers, 2, log, { channel: 'latest' }).newest).toEqual(log.newest(log.hub.head));
    const evens = client.answers.flatMap((answer) =>
      answer.kind === 'item' && answer.id === 4 && answer.message.type === 'quote' ? [answer.seq] : [],
    );
    expect(evens).toEqual(log.numbers(0, log.hub.head).filter((n) => n % 2 === 0));
  });

  it('is not read from, however much it asks for', async () => {
    const { log, service, connect } = await serve({ ringCapacity: 256 });
    const { client, socket, bytesRead } = await connect(subscription(1, 'every'));
    client.pause();
    const size = 2_000;
    const ids = Array.from({ length: 10_000 }, (_, index) => index + 10);
    let most = 0;
    for (const id of ids) {
      client.send(query(id, 'sized', { n: id, size }));
      if (id % 100 > 0) continue;
      await nextTurn();
      most = Math.max(most, socket.bufferedAmount);
    }
    await untilFull(socket);
    const { length } = service.asked;
    expect(length).toBeLessThan(9_000);
    const read = bytesRead();
    for (let turn = 0; turn < 100; turn += 1) await nextTurn();
    expect([service.asked.length, bytesRead()]).toEqual([length, read]);
    most = Math.max(most, socket.bufferedAmount);
    // The requests of one read from the socket are answered together.
    const requestsPerRead = (64 * 1024) / JSON.stringify(query(10, 'sized', { n: 10, size })).length;
    expect(most).toBeLessThan(BUDGET + requestsPerRead * (size + 100));

    client.resume();
    log.commit(1);
    await client.inbox.until(
      (answers) => answers.filter(({ kind }) => kind === 'data').length === ids.length,
    );
    const answered = client.answers.flatMap((answer) => (answer.kind === 'data' ? [answer.id] : []));
    expect(answered).toEqual(ids);
    expect(service.asked).toEqual(ids);
  });

  const calls = [
    subscription(1, 'every'),
    subscription(2, 'latest'),
    mutation(3, 'pending'),
    subscription(4, 'generated', { size: 2_000 }),
  ];

  it('has no more made for it by a generator', async () => {
    const { service, connect } = await serve({ ringCapacity: 256 });
    const { client, socket } = await connect();
    client.pause();
    client.send(subscription(1, 'generated', { size: 2_000 }));
    await untilFull(socket);
    const { pulls } = service;
    for (let turn = 0; turn < 500; turn += 1) await nextTurn();
    expect([service.pulls, service.generators]).toEqual([pulls, 1]);
    expect(socket.bufferedAmount).toBeLessThan(BUDGET + 2 * 2_100);
  });

  it('is cut when it is stuck, its calls are aborted, and the others go on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { log, service, connect } = await serve({ ringCapacity: 256 });
    const slow = await connect(...calls.slice(0, 3));
    const other = await connect(subscription(1, 'every'));
    slow.client.pause();
    slow.client.send(...calls.slice(3));
    await publish(log, ENOUGH, slow.socket);
    await untilFull(slow.socket);
    await caughtUp(other.client, log, 1);
    expect([service.pending, service.generators]).toEqual([1, 1]);
    vi.advanceTimersByTime(DEFAULT_LIMITS.stuckMs);
    await eventually(() => slow.socket.readyState === slow.socket.CLOSED);
    await eventually(() => service.generators === 0);
    expect([service.pending, service.aborted]).toEqual([0, 1]);
    expect([log.every.subscribers, log.latest.subscribers]).toEqual([1, 0]);
    log.commit(1);
    await caughtUp(other.client, log, 1);
    slow.client.resume();
    await slow.client.closed;
  });

  it('is let go at once when it goes away', async () => {
    const { log, service, connect } = await serve({ ringCapacity: 256 });
    const { client, socket } = await connect(...calls.slice(0, 3));
    client.pause();
    await publish(log, ENOUGH, socket);
    await untilFull(socket);
    await client.cut();
    await eventually(() => service.aborted === 1);
    expect([log.every.subscribers, log.latest.subscribers]).toEqual([0, 0]);
  });
});
