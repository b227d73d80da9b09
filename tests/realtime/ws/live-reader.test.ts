import { getEventListeners } from 'node:events';
import { TRPCError } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { applyWSSHandler, jsonEncoder } from '../../../server/realtime/ws/index.ts';
import { eventually } from '../../support/gate.ts';
import { NumberLog } from '../../support/number-log.ts';
import { PipedServer } from '../../support/piped-server.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { stillClock } from '../../support/still-clock.ts';
import { handlers, serve, t } from '../../support/ws-conformance.ts';
import { refused, started, stop, stopped, subscription } from '../../support/ws-messages.ts';

stillClock();

it.each(['started', 'snapshot', 'quote'])(
  'a live stream leaves its channel when the encoder cannot write %j',
  async (what) => {
    const log = new QuoteLog({ ringCapacity: 8 });
    const { router } = new QuoteService(log);
    const server = new PipedServer((wss) => {
      const encode: typeof jsonEncoder.encode = (message) => {
        if (JSON.stringify(message).includes(`"type":"${what}"`)) throw new Error('cannot be written');
        return jsonEncoder.encode(message);
      };
      applyWSSHandler({ wss, router, experimental_encoder: { ...jsonEncoder, encode } });
    });
    const client = await server.connect();
    client.send(subscription(1, 'every'));
    await client.quiet();
    log.commit();
    await client.quiet();
    expect(client.answers.at(-1)).toMatchObject({ kind: 'error', id: 1 });
    expect(log.every.subscribers).toBe(0);
  },
);

it('a live stream does not sleep through news that comes while it reads a past of which it takes nothing', async () => {
  const log = new QuoteLog({ ringCapacity: 2, keys: 10, head: 10 });
  const { router } = new QuoteService(log);
  const server = new PipedServer((wss) => {
    applyWSSHandler({ wss, router });
  });
  const client = await server.connect();
  client.send(subscription(1, 'latestOfKey0'));
  await client.quiet();
  // Of other keys, and more than the ring holds: the PING makes it look for the past at once.
  log.commit(5);
  client.send('PING');
  log.commit(5);
  await client.quiet();
  expect(client.answers.at(-1)).toMatchObject({ kind: 'item', seq: 20 });
});

describe('a live stream with a signal of its own', () => {
  const [, ours] = handlers;
  /** Serves numbers from the first on, each subscriber with the signal that the test has. */
  async function open(subscribers = 1) {
    if (ours === undefined) throw new Error('there is no handler');
    const log = new NumberLog({ ringCapacity: 2 });
    const own = new AbortController();
    const router = t.router({
      numbers: t.procedure.subscription(() =>
        log.hub.stream(log.channel, { lastEventId: 'test-0', signal: own.signal }),
      ),
    });
    const served = await serve(ours, { router });
    const client = await served.connect();
    for (let id = 1; id <= subscribers; id += 1) client.send(subscription(id, 'numbers'));
    expect(await client.take(subscribers)).toEqual(
      Array.from({ length: subscribers }, (_, id) => started(id + 1)),
    );
    return { log, own, client, served };
  }
  const expired = new TRPCError({ code: 'UNAUTHORIZED', message: 'it has expired' });

  it('ends with the error that it aborts with, and nothing after it', async () => {
    const { log, own, client, served } = await open(2);
    log.commit();
    await client.take(2);
    own.abort(expired);
    log.commit();
    expect(await client.settled()).toEqual([
      refused(1, 'UNAUTHORIZED', 'it has expired', 'numbers'),
      refused(2, 'UNAUTHORIZED', 'it has expired', 'numbers'),
    ]);
    expect(log.channel.subscribers).toBe(0);
    expect(served.reported()).toHaveLength(2);
    // The id is free again; a stop that was under way is for nothing.
    client.send(stop(1));
    client.send(subscription(1, 'numbers'));
    expect(await client.take(2)).toEqual([
      started(1),
      refused(1, 'UNAUTHORIZED', 'it has expired', 'numbers'),
    ]);
  });

  it('just stops when it aborts without an error', async () => {
    const { log, own, client } = await open();
    own.abort();
    expect(await client.settled()).toEqual([stopped(1)]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('ends while it reads the past, and what is read comes too late', async () => {
    const { log, own, client } = await open();
    log.hold();
    // More than the ring holds.
    log.commit(5);
    await eventually(() => log.historyReads === 1);
    own.abort(expired);
    expect(log.letGo()).toBe(true);
    expect(await client.settled()).toEqual([refused(1, 'UNAUTHORIZED', 'it has expired', 'numbers')]);
    expect(log.channel.subscribers).toBe(0);
  });

  it('holds nothing on the signal once it has ended', async () => {
    const { own, client, log } = await open(3);
    const listeners = (): number => getEventListeners(own.signal, 'abort').length;
    expect(listeners()).toBe(3);
    client.send(stop(1));
    expect(await client.next()).toEqual(stopped(1));
    expect(listeners()).toBe(2);
    await client.cut();
    await eventually(() => log.channel.subscribers === 0);
    expect(listeners()).toBe(0);
  });
});
