import { describe, expect, it } from 'vitest';
import { eventually } from '../../../support/gate.ts';
import { item, items, serveNumbers } from '../../../support/live-numbers.ts';
import { expectInAnyOrder, failure, handlers } from '../../../support/ws-conformance.ts';
import {
  query,
  refused,
  resumed,
  started,
  stop,
  stopped,
  subscription,
} from '../../../support/ws-messages.ts';

describe.each(handlers)('$name: the end of a live stream', (handler) => {
  it('a stop is answered at once and unsubscribes; the id is free, and goes on where it is told to', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 8, head: 1 });
    client.send([subscription(1, 'numbers'), subscription(2, 'numbers')]);
    await client.take(4);
    expect(log.channel.subscribers).toBe(2);
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(log.channel.subscribers).toBe(1);
    log.commit();
    expect(await client.untilPong()).toEqual([item(2, 2)]);
    client.send(resumed(1, 'numbers', 'test-1'));
    expect(await client.take(2)).toEqual([started(1), item(1, 2)]);
  });

  it('a stop while the past is read: stopped, and nothing of it is sent', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 1 });
    log.commit(3);
    log.hold();
    client.send(resumed(1, 'numbers', 'test-0'));
    expect(await client.next()).toEqual(started(1));
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    log.letGo();
    log.commit();
    expect(await client.settled()).toEqual([]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('a stop before it has started: stopped without started, and no subscriber is left', async () => {
    const { client, log, entered, setUp } = await serveNumbers(handler, { ringCapacity: 4 });
    client.send(subscription(1, 'slow'));
    await entered.opened;
    client.send(stop(1));
    expect(await client.settled()).toEqual([]);
    setUp.open();
    expect(await client.next()).toEqual(stopped(1));
    log.commit();
    expect(await client.settled()).toEqual([]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('a second one under the id is refused, and the first goes on', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 4 });
    client.send([resumed(1, 'numbers', 'test-0'), subscription(1, 'numbers')]);
    const duplicate = refused(1, 'BAD_REQUEST', 'Duplicate id 1', 'numbers');
    expectInAnyOrder(await client.take(2), [started(1), duplicate]);
    log.commit();
    expect(await client.untilPong()).toEqual([item(1, 1)]);
    expect(log.channel.subscribers).toBe(1);
  });

  it('the closing of the hub ends it', async () => {
    const { client, log } = await serveNumbers(handler, { ringCapacity: 4 });
    client.send([resumed(1, 'numbers', 'test-0'), resumed(2, 'numbers', 'test-0', { even: true })]);
    await client.take(2);
    log.commit(2);
    expectInAnyOrder(await client.untilPong(), [...items(1, 1, 2), item(2, 2)]);
    log.hub.close();
    expectInAnyOrder(await client.settled(), [stopped(1), stopped(2)]);
    expect(log.channel.subscribers).toBe(0);
    client.send(query(3, 'one'));
    expect(await client.next()).toMatchObject({ id: 3 });
  });

  it.each(['close', 'cut'] as const)(
    'the end of the socket (%s) unsubscribes from the channel',
    async (way) => {
      const { client, connect, log } = await serveNumbers(handler, { ringCapacity: 1 });
      log.commit(3);
      log.hold();
      client.send([
        resumed(1, 'numbers', 'test-3'),
        resumed(2, 'numbers', 'test-0'),
        subscription(3, 'slow'),
      ]);
      const other = await connect();
      other.send(resumed(1, 'numbers', 'test-3'));
      expect(await other.next()).toEqual(started(1));
      await client.take(2);
      expect(log.channel.subscribers).toBe(3);
      await client[way]();
      await eventually(() => log.channel.subscribers === 1);
      log.letGo();
      log.commit();
      expect(await other.untilPong()).toEqual([item(1, 4)]);
    },
  );

  it('a snapshot and a history that fail are errors, and no subscriber is left', async () => {
    const { client, broken, log, reported } = await serveNumbers(handler, { ringCapacity: 1 });
    client.send(subscription(1, 'broken'));
    const noSnapshot = refused(1, 'INTERNAL_SERVER_ERROR', 'no snapshot', 'broken');
    expect(await client.take(2)).toEqual([started(1), noSnapshot]);
    expect(await client.settled()).toEqual(failure(handler, noSnapshot).slice(1));
    log.hub.append(broken, log.hub.item(1, { type: 'number', n: 1 }));
    log.hub.append(broken, log.hub.item(2, { type: 'number', n: 2 }));
    log.hub.commit(2);
    client.send(resumed(1, 'broken', 'test-0'));
    const noHistory = refused(1, 'INTERNAL_SERVER_ERROR', 'no history', 'broken');
    expect(await client.take(2)).toEqual([started(1), noHistory]);
    expect(await client.settled()).toEqual(failure(handler, noHistory).slice(1));
    expect(broken.subscribers).toBe(0);
    expect(reported()).toEqual(
      ['no snapshot', 'no history'].map((message) => [
        'subscription',
        'broken',
        'INTERNAL_SERVER_ERROR',
        message,
      ]),
    );
  });
});
