import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../../server/realtime/cursor.ts';
import type { LiveStream } from '../../../../server/realtime/live-stream.ts';
import { eventually } from '../../../support/gate.ts';
import { item, items, snapshot } from '../../../support/live-numbers.ts';
import { NumberLog, type NumberMessage } from '../../../support/number-log.ts';
import {
  expectInAnyOrder,
  failure,
  type Handler,
  handlers,
  serve,
  t,
} from '../../../support/ws-conformance.ts';
import { refused, started, stop, stopped, subscription } from '../../../support/ws-messages.ts';

type Returned = AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>;

/** Serves what a procedure of one's own makes of live streams, and connects. */
async function connected(
  handler: Handler,
  procedure: (log: NumberLog, signal: AbortSignal | undefined) => Returned,
  head = 1,
) {
  const log = new NumberLog({ ringCapacity: 16, head });
  const router = t.router({ numbers: t.procedure.subscription(({ signal }) => procedure(log, signal)) });
  const served = await serve(handler, { router });
  return { ...served, client: await served.connect(), log };
}

describe.each(handlers)('$name: a live stream and the procedure that made it', (handler) => {
  it('without the signal: a stop and the end of the socket still end it', async () => {
    const { client, log } = await connected(handler, ({ hub, channel }) => hub.stream(channel));
    client.send([subscription(1, 'numbers'), subscription(2, 'numbers')]);
    expect(await client.take(4)).toHaveLength(4);
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(log.channel.subscribers).toBe(1);
    await client.close();
    await eventually(() => log.channel.subscribers === 0);
  });

  it('with a signal of the procedure’s own, as of a session that expires: it ends the subscription', async () => {
    const session = new AbortController();
    const { client, log } = await connected(handler, ({ hub, channel }, signal) =>
      hub.stream(channel, {
        signal: signal === undefined ? session.signal : AbortSignal.any([signal, session.signal]),
      }),
    );
    client.send(subscription(1, 'numbers'));
    expect(await client.take(2)).toEqual([started(1), snapshot(1, 1, [1])]);
    log.commit();
    expect(await client.next()).toEqual(item(1, 2));
    session.abort();
    expect(await client.settled()).toEqual([stopped(1)]);
    log.commit();
    expect(await client.settled()).toEqual([]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('whose signal had aborted before is started and stopped', async () => {
    const { client, log } = await connected(handler, ({ hub, channel }) =>
      hub.stream(channel, { signal: AbortSignal.abort() }),
    );
    client.send(subscription(1, 'numbers'));
    expect(await client.settled()).toEqual([started(1), stopped(1)]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('wrapped in a generator is served as any other', async () => {
    const { client, log } = await connected(handler, async function* ({ hub, channel }, signal) {
      for await (const each of hub.stream(channel, { signal })) yield each;
    });
    client.send(subscription(1, 'numbers'));
    expect(await client.take(2)).toEqual([started(1), snapshot(1, 1, [1])]);
    log.commit(20);
    expect(await client.settled()).toEqual(items(1, 2, 21));
    client.send(stop(1));
    expect(await client.settled()).toEqual([stopped(1)]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('that has read a part of it: the rest is served', async () => {
    const { client, log } = await connected(
      handler,
      async ({ hub, channel }, signal) => {
        const stream: LiveStream<NumberMessage> = hub.stream(channel, { signal, lastEventId: 'test-0' });
        await stream.next();
        await stream.next();
        return stream;
      },
      0,
    );
    log.commit(5);
    client.send(subscription(1, 'numbers'));
    expect(await client.settled()).toEqual([started(1), ...items(1, 3, 5)]);
    log.commit(2);
    expect(await client.settled()).toEqual(items(1, 6, 7));
  });

  it('whose filter throws ends with an error, and the others go on', async () => {
    const filter: Filter<NumberMessage> = {
      accepts: () => {
        throw new Error('in the filter');
      },
      snapshot: (reason) => ({ seq: 1, data: { type: 'snapshot', reason, numbers: [1] } }),
    };
    const filters = [filter, undefined];
    const { client, log, reported } = await connected(handler, ({ hub, channel }, signal) =>
      hub.stream(channel, { signal, filter: filters.shift() }),
    );
    for (const id of [1, 2]) {
      client.send(subscription(id, 'numbers'));
      expect(await client.take(2)).toEqual([started(id), snapshot(id, 1, [1])]);
    }
    log.commit();
    const end = failure(handler, refused(1, 'INTERNAL_SERVER_ERROR', 'in the filter', 'numbers'));
    expectInAnyOrder(await client.settled(), [...end, item(2, 2)]);
    expect(log.channel.subscribers).toBe(1);
    expect(reported()).toHaveLength(1);
  });

  it('whose filter leaves nothing of the past gets the news, in whichever moment of the reading it comes', async () => {
    for (let moment = 0; moment < 16; moment += 1) {
      const log = new NumberLog({ ringCapacity: 8, head: 5 });
      const filter: Filter<NumberMessage> = {
        accepts: (message) => message.type === 'number' && message.n > 5,
        snapshot: (reason) => ({ seq: log.hub.head, data: { type: 'snapshot', reason, numbers: [] } }),
      };
      const { client, close } = await connected(handler, (_, signal) =>
        log.hub.stream(log.channel, { signal, filter, lastEventId: 'test-0' }),
      );
      log.hold();
      client.send(subscription(1, 'numbers'));
      expect(await client.settled()).toEqual([started(1)]);
      log.letGo();
      for (let passed = 0; passed < moment; passed += 1) await undefined;
      log.commit();
      expect(await client.settled()).toEqual([item(1, 6)]);
      await close();
    }
  });

  it('what is committed before the hub closes comes before the end, if it has been sent off', async () => {
    const { client, log } = await connected(handler, ({ hub, channel }) => hub.stream(channel));
    client.send(subscription(1, 'numbers'));
    expect(await client.take(2)).toEqual([started(1), snapshot(1, 1, [1])]);
    log.commit(3);
    expect(await client.untilPong()).toEqual(items(1, 2, 4));
    log.hub.close();
    expect(await client.settled()).toEqual([stopped(1)]);
  });

  it('≠ of a hub that has closed: ours sends what there is, stock just started and stopped', async () => {
    const { client, log } = await connected(handler, ({ hub, channel }) => hub.stream(channel));
    log.hub.close();
    client.send(subscription(1, 'numbers'));
    const sent = handler.name === 'stock' ? [] : [snapshot(1, 1, [1])];
    expect(await client.settled()).toEqual([started(1), ...sent, stopped(1)]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('≠ the hub closes right behind a commit: ours sends what was committed, stock does not', async () => {
    const { client, log } = await connected(handler, ({ hub, channel }) => hub.stream(channel));
    client.send(subscription(1, 'numbers'));
    expect(await client.take(2)).toEqual([started(1), snapshot(1, 1, [1])]);
    log.commit(3);
    log.hub.close();
    const sent = handler.name === 'stock' ? [] : items(1, 2, 4);
    expect(await client.settled()).toEqual([...sent, stopped(1)]);
  });
});
