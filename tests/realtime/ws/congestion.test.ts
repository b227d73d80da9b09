import { describe, expect, it } from 'vitest';
import { MAX_BEHIND } from '../../../server/realtime/cursor.ts';
import { nextTurn } from '../../support/gate.ts';
import { viewOf } from '../../support/quote-view.ts';
import { stillClock } from '../../support/still-clock.ts';
import { query, resumed, subscription } from '../../support/ws-messages.ts';
import { BATCH, BUDGET, itemBytes, PATHS, serve } from './congestion-fixture.ts';

stillClock();

/** Ids in the order of their items, without repetition in a row. */
function turnsOf(ids: readonly number[]): number[] {
  return ids.filter((id, index) => id !== ids[index - 1]);
}

describe.each(PATHS)('a connection that does not read (%s)', (path) => {
  const kinds = [
    { from: 'the ring', ringCapacity: 50_000, published: 5_000 },
    { from: 'the log', ringCapacity: 64, published: 5_000 },
    { from: 'a snapshot, being too far behind', ringCapacity: 64, published: MAX_BEHIND + 5_000 },
  ] as const;

  it.each(kinds)('has a budget and a batch waiting, and goes on from $from', async (kind) => {
    const { from, ringCapacity, published } = kind;
    const setting = serve({ path, ringCapacity, padding: 300 });
    const { log, connect } = setting;
    const client = await connect(subscription(1, 'every'));
    const other = await connect(subscription(1, 'every'));
    // Numbers grow by five digits, and are told four times.
    const size = (await itemBytes(setting, client)) + 20;
    client.socket.block();
    let most = 0;
    for (let count = 0; count < published; count += 100) {
      log.commit(100);
      await nextTurn();
      most = Math.max(most, client.server.bufferedAmount);
    }
    expect(most).toBeGreaterThan(BUDGET - size);
    expect(most).toBeLessThan(BUDGET + BATCH * size);
    // The other one has not suffered from it.
    await other.quiet();
    const full = viewOf(other.answers, 1, log, { channel: 'every' });
    expect([full.through, full.quotes, full.snapshots]).toEqual([published + 1, published + 1, ['start']]);

    const { pastReads } = log;
    client.socket.unblock();
    await client.quiet();
    const view = viewOf(client.answers, 1, log, { channel: 'every' });
    expect(view.covers(log.hub.head)).toBe(true);
    expect(view.snapshots).toEqual(from.startsWith('a snapshot') ? ['start', 'gap'] : ['start']);
    if (from === 'the ring') expect(log.pastReads).toBe(pastReads);
    else expect(log.pastReads).toBeGreaterThan(pastReads);
    log.commit(3);
    await client.quiet();
    expect(viewOf(client.answers, 1, log, { channel: 'every' }).covers(log.hub.head)).toBe(true);
  });

  it.each([20_000, 64])(
    'gets just the newest of each key on a conflated channel (ring of %d)',
    async (ring) => {
      const { log, connect } = serve({ path, ringCapacity: ring, keys: 50, padding: 300 });
      const client = await connect(subscription(1, 'latest'));
      client.socket.block();
      for (let count = 0; count < 10_000; count += 20) {
        log.commit(20);
        await nextTurn();
      }
      const waiting = client.server.bufferedAmount;
      client.socket.unblock();
      await client.quiet();
      const view = viewOf(client.answers, 1, log, { channel: 'latest' });
      expect(view.newest).toEqual(log.newest(10_000));
      expect(view.quotes).toBeLessThanOrEqual(Math.ceil(waiting / 300) + 50);
    },
  );
});

describe('subscriptions of a connection that reads slowly', () => {
  it.each([1_000, BUDGET])(
    'have their turn one after the other, by the batch (budget %d)',
    async (budget) => {
      const { log, connect } = serve({ ringCapacity: 10_000, limits: { sendBudgetBytes: budget } });
      const client = await connect(...[1, 2, 3].map((id) => subscription(id, 'every')));
      client.inbox.items.length = 0;
      client.socket.block();
      log.commit(5_000);
      await nextTurn();
      while (client.socket.leave()) await client.quiet();
      const ids = client.answers.flatMap((answer) => (answer.kind === 'item' ? [answer.id] : []));
      const counts = new Map([1, 2, 3].map((id) => [id, 0]));
      // The first one may take the whole budget before the others have come to wait.
      const ahead = budget / 100 + 2 * BATCH;
      for (const id of ids) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
        expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(ahead);
      }
      for (const id of [1, 2, 3]) {
        expect(viewOf(client.answers, id, log, { channel: 'every', after: 0 }).through).toBe(5_000);
      }
    },
  );

  it('do not starve beside one that always has more', async () => {
    const { log, connect } = serve({ ringCapacity: 64, keys: 3, limits: { sendBudgetBytes: 1_000 } });
    const client = await connect(
      subscription(1, 'every'),
      subscription(2, 'latest'),
      subscription(3, 'even'),
    );
    client.inbox.items.length = 0;
    client.socket.block();
    for (let round = 0; round < 30; round += 1) {
      log.commit(300);
      await client.quiet();
      client.socket.leave();
      await client.quiet();
    }
    const ids = client.answers.flatMap((answer) => (answer.kind === 'item' ? [answer.id] : []));
    const counts = [1, 2, 3].map((id) => turnsOf(ids).filter((each) => each === id).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
  });

  it('are not read on while more than half of the budget waits', async () => {
    const { log, connect } = serve({ ringCapacity: 16, limits: { sendBudgetBytes: 4_000 } });
    log.commit(1_000);
    log.hold();
    const client = await connect(resumed(1, 'every', 'test-0'), resumed(2, 'every', 'test-500'));
    client.socket.block();
    client.send(query(3, 'sized', { n: 1, size: 5_000 }));
    await client.quiet();
    // What they had asked for before comes, and waits behind the answer.
    while (log.letGo()) await client.quiet();
    const waiting = client.server.bufferedAmount;
    expect(client.socket.leave()).toBe(true);
    await client.quiet();
    expect(client.answers.some(({ kind }) => kind === 'data')).toBe(true);
    expect(client.server.isPaused).toBe(true);
    expect(client.server.bufferedAmount).toBeLessThan(waiting);
    client.socket.unblock();
    do await client.quiet();
    while (log.letGo());
    for (const id of [1, 2]) {
      const after = id === 1 ? 0 : 500;
      expect(viewOf(client.answers, id, log, { channel: 'every', after }).through).toBe(1_000);
    }
  });

  it('that all read the past at once take a batch each', async () => {
    const setting = serve({ ringCapacity: 16, padding: 300 });
    const { log, connect } = setting;
    const other = await connect(subscription(1, 'every'));
    const size = (await itemBytes(setting, other)) + 20;
    log.commit(5_000);
    const client = await connect();
    client.socket.block();
    client.send(...Array.from({ length: 20 }, (_, id) => resumed(id, 'every', 'test-0')));
    await client.quiet();
    expect(client.server.bufferedAmount).toBeLessThan(BUDGET + 20 * BATCH * size);
    client.socket.unblock();
    await client.quiet();
    for (let id = 0; id < 20; id += 1) {
      expect(viewOf(client.answers, id, log, { channel: 'every', after: 0 }).through).toBe(5_001);
    }
  });
});
