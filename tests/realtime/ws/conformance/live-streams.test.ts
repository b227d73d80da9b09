import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { item, items, serveNumbers, snapshot } from '../../../support/live-numbers.ts';
import { NumberLog } from '../../../support/number-log.ts';
import { expectInAnyOrder, handlers, rich, serve } from '../../../support/ws-conformance.ts';
import { resumed, started, subscription } from '../../../support/ws-messages.ts';

describe.each(handlers)('$name: live streams', (handler) => {
  it('a snapshot, then the items as they are committed, alone and in groups', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 16, head: 3 });
    client.send({ ...subscription(1, 'numbers'), jsonrpc: '2.0' });
    const jsonrpc = '2.0';
    expect(await client.take(2)).toEqual(
      [started(1), snapshot(1, 3, [1, 2, 3])].map((message) => ({ ...message, jsonrpc })),
    );
    log.commit();
    expect(await client.next()).toEqual({ ...item(1, 4), jsonrpc });
    log.commit(5);
    log.commit(3);
    expect(await client.untilPong()).toEqual(items(1, 5, 12).map((message) => ({ ...message, jsonrpc })));
  });

  it('everybody gets everything, under ids of any kind', async () => {
    const { client, connect, log } = await serveNumbers(handler, { ringCapacity: 16, head: 1 });
    const other = await connect();
    const ids = [1, '1', 2, 300, -1, 'é"\\', ''];
    for (const each of [client, other]) {
      each.send(ids.map((id) => subscription(id, 'numbers')));
      expectInAnyOrder(
        await each.take(2 * ids.length),
        ids.flatMap((id) => [started(id), snapshot(id, 1, [1])]),
      );
    }
    log.commit(3);
    for (const each of [client, other]) {
      expectInAnyOrder(
        await each.untilPong(),
        ids.flatMap((id) => items(id, 2, 4)),
      );
    }
  });

  it('a last event id: from there on, out of the ring', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 16 });
    log.commit(9);
    client.send(resumed(1, 'numbers', 'test-6'));
    expect(await client.take(4)).toEqual([started(1), ...items(1, 7, 9)]);
    client.send(resumed(2, 'numbers', 'test-9', {}));
    expect(await client.next()).toEqual(started(2));
    log.commit();
    expectInAnyOrder(await client.untilPong(), [item(1, 10), item(2, 10)]);
  });

  it('one that the ring does not reach: out of the log, then the ring, without a seam', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 4 });
    log.commit(700);
    client.send(resumed(1, 'numbers', 'test-1'));
    expect(await client.next()).toEqual(started(1));
    expect(await client.take(699)).toEqual(items(1, 2, 700));
    log.commit(9);
    expect(await client.take(9)).toEqual(items(1, 701, 709));
    expect(log.historyReads).toBeGreaterThan(0);
    expect(log.snapshots).toBe(0);
  });

  it.each([
    ['of another log', 'other-3'],
    ['that has not been yet', 'test-99'],
    ['that is none', 'nonsense'],
  ])('one %s: a snapshot that says so', async (_, lastEventId) => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 4, head: 5 });
    client.send(resumed(1, 'numbers', lastEventId));
    expect(await client.take(2)).toEqual([started(1), snapshot(1, 5, [1, 2, 3, 4, 5], 'gap')]);
    log.commit();
    expect(await client.untilPong()).toEqual([item(1, 6)]);
  });

  it('one in the input itself does as well', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 4 });
    log.commit(3);
    client.send(subscription(1, 'numbers', { lastEventId: 'test-2' }));
    expect(await client.take(2)).toEqual([started(1), item(1, 3)]);
  });

  it('a filter: its own snapshot, then what it accepts', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 4, head: 4 });
    client.send([subscription(1, 'numbers', { even: true }), subscription(2, 'numbers')]);
    expectInAnyOrder(await client.take(4), [
      started(1),
      snapshot(1, 4, [2, 4]),
      started(2),
      snapshot(2, 4, [1, 2, 3, 4]),
    ]);
    log.commit();
    expect(await client.untilPong()).toEqual([item(2, 5)]);
    log.commit(3);
    expectInAnyOrder(await client.untilPong(), [item(1, 6), item(1, 8), ...items(2, 6, 8)]);
    client.send(resumed(3, 'numbers', 'test-0', { even: true }));
    expect(await client.take(5)).toEqual([started(3), ...[2, 4, 6, 8].map((n) => item(3, n))]);
  });

  it('entries that do not concern the channel move nobody, and are no gap', async () => {
    const odd = (seq: number) => seq % 2 === 1;
    const { client, log } = await serveNumbers(handler, { ringCapacity: 4, head: 2, select: odd });
    client.send(subscription(1, 'numbers'));
    expect(await client.take(2)).toEqual([started(1), snapshot(1, 2, [1])]);
    log.commit(1);
    expect(await client.untilPong()).toEqual([item(1, 3)]);
    log.commit(1);
    expect(await client.settled()).toEqual([]);
    log.commit(3);
    expect(await client.untilPong()).toEqual([item(1, 5), item(1, 7)]);
  });

  it('news that comes while the past is read is neither lost nor doubled', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 2 });
    log.commit(5);
    log.hold();
    client.send([resumed(1, 'numbers', 'test-1'), subscription(2, 'numbers')]);
    expectInAnyOrder(await client.take(2), [started(1), started(2)]);
    log.commit(3);
    expect(await client.settled()).toEqual([]);
    const got: unknown[] = [];
    while (got.length < 7 + 4) {
      log.letGo();
      got.push(...(await client.untilPong()));
    }
    expectInAnyOrder(got, [...items(1, 2, 8), snapshot(2, 5, [1, 2, 3, 4, 5]), ...items(2, 6, 8)]);
  });

  it('≠ what is published in the tick in which a PING is read: ours sends it before the PONG, stock behind it', async () => {
    const { client, log, sockets } = await serveNumbers(handler, { ringCapacity: 8 });
    client.send(resumed(1, 'numbers', 'test-0'));
    expect(await client.next()).toEqual(started(1));
    sockets.items[0]?.prependListener('message', () => log.commit(3));
    client.send('PING');
    const answers = handler.name === 'stock' ? ['PONG', ...items(1, 1, 3)] : [...items(1, 1, 3), 'PONG'];
    expect(await client.take(4)).toEqual(answers);
  });

  it('a transformer writes its data, and nothing else of it', async () => {
    const log = new NumberLog({ ringCapacity: 4, head: 1 });
    const amounts = log.hub.channel<{ amount: bigint }>({
      name: 'amounts',
      delivery: 'every',
      snapshot: () => ({ seq: log.hub.head, data: { amount: 0n } }),
      history: async (_, through) => ({ messages: [], through }),
    });
    const router = rich.router({
      amounts: rich.procedure.subscription(({ signal }) => log.hub.stream(amounts, { signal })),
    });
    const { connect } = await serve(handler, { router });
    const client = await connect();
    client.send(subscription(1, 'amounts', superjson.serialize(undefined)));
    const written = (eventId: string, amount: bigint) => ({
      id: 1,
      result: { type: 'data', id: eventId, data: superjson.serialize({ id: eventId, data: { amount } }) },
    });
    expect(await client.take(2)).toEqual([started(1), written('test-1', 0n)]);
    log.hub.append(amounts, log.hub.item(2, { amount: 2n ** 80n }));
    log.hub.commit(2);
    expect(await client.untilPong()).toEqual([written('test-2', 2n ** 80n)]);
  });
});
