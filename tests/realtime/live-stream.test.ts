import { isTrackedEnvelope } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { ChannelPool } from '../../server/realtime/channel-pool.ts';
import { NumberLog, type NumberMessage } from '../support/number-log.ts';

describe('a live stream', () => {
  it('gives items that are tracked envelopes and have the id and data their type promises', async () => {
    const log = new NumberLog({ ringCapacity: 4, head: 3 });
    const stream = log.hub.stream(log.channel);
    const { value } = await stream.next();
    expect(isTrackedEnvelope(value)).toBe(true);
    expect(value).toMatchObject({ id: 'test-3', data: { type: 'snapshot' } });
  });

  it('waits for news and then goes on', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    const stream = log.hub.stream(log.channel, { lastEventId: 'test-0' });
    const first = stream.next();
    const second = stream.next();
    log.commit(1);
    expect((await first).value).toMatchObject({ id: 'test-1', data: { n: 1 } });
    log.commit(1);
    expect((await second).value).toMatchObject({ id: 'test-2', data: { n: 2 } });
  });

  it('does not sleep through news that comes while it reads the past', async () => {
    const log = new NumberLog({ ringCapacity: 1, head: 2 });
    log.hold();
    const stream = log.hub.stream(log.channel, { lastEventId: 'test-0' });
    const ids: string[] = [];
    const reading = (async () => {
      for await (const { id } of stream) {
        ids.push(id);
        if (ids.length === 5) return;
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    log.commit(3);
    while (ids.length < 5) {
      log.letGo();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reading;
    expect(ids).toEqual(['test-1', 'test-2', 'test-3', 'test-4', 'test-5']);
  });

  it.each([
    ['the consumer returns', (end: { stream: { return(): unknown } }) => end.stream.return()],
    ['its signal aborts', (end: { abort: AbortController }) => end.abort.abort()],
    ['the hub closes', (end: { log: NumberLog }) => end.log.hub.close()],
  ])('ends a waiting read when %s', async (_, finish) => {
    const log = new NumberLog({ ringCapacity: 4 });
    const abort = new AbortController();
    const stream = log.hub.stream(log.channel, { lastEventId: 'test-0', signal: abort.signal });
    const waiting = stream.next();
    expect(log.channel.subscribers).toBe(1);
    finish({ stream, abort, log });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(log.channel.subscribers).toBe(0);
    log.commit();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('is over at once when its signal had already aborted', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    const stream = log.hub.stream(log.channel, { signal: AbortSignal.abort() });
    expect(log.channel.subscribers).toBe(0);
    expect((await stream.next()).done).toBe(true);
  });
});

describe('a live stream whose signal aborts with an error', () => {
  const open = (reader: (log: NumberLog) => void = () => undefined) => {
    const log = new NumberLog({ ringCapacity: 8 });
    reader(log);
    const abort = new AbortController();
    const stream = log.hub.stream(log.channel, { lastEventId: 'test-0', signal: abort.signal });
    return { log, abort, stream };
  };
  const ended = new Error('the session has expired');

  it('gives it to who waits, once, and is over', async () => {
    const { log, abort, stream } = open();
    const waiting = stream.next();
    const alsoWaiting = stream.next();
    abort.abort(ended);
    await expect(waiting).rejects.toBe(ended);
    expect(await alsoWaiting).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(log.channel.subscribers).toBe(0);
  });

  it('gives it to who reads later, and nothing of what came before', async () => {
    const { log, abort, stream } = open();
    log.commit(3);
    expect((await stream.next()).value).toMatchObject({ id: 'test-1' });
    abort.abort(ended);
    await expect(stream.next()).rejects.toBe(ended);
    expect((await stream.next()).done).toBe(true);
  });

  it('gives it to who had not begun to read', async () => {
    const { log, abort, stream } = open();
    abort.abort(ended);
    expect(log.channel.subscribers).toBe(0);
    await expect(stream.next()).rejects.toBe(ended);
  });

  it('gives it where it had aborted before', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    const stream = log.hub.stream(log.channel, { signal: AbortSignal.abort(ended) });
    expect([log.channel.subscribers, stream.untouched]).toEqual([0, false]);
    await expect(stream.next()).rejects.toBe(ended);
  });

  it('gives it to nobody when it had ended before', async () => {
    const { abort, stream } = open();
    await stream.return();
    abort.abort(ended);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['the usual one', undefined],
    ['what is no error', 'because'],
    ['the same as a class of its own', new DOMException('gone', 'AbortError')],
  ])('just ends for %s: somebody has left', async (_, reason) => {
    const { abort, stream } = open();
    const waiting = stream.next();
    abort.abort(reason);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});

describe('a channel pool', () => {
  it('keeps channels with subscribers and lets the idle one go that was asked for longest ago', () => {
    const log = new NumberLog({ ringCapacity: 4 });
    const pool = new ChannelPool<string, NumberMessage>(log.hub, () => log.channel.source, 2);
    const held = pool.open('held');
    const stream = log.hub.stream(held);
    pool.open('a');
    pool.open('b');
    expect(pool.peek('held')).toBe(held);
    expect(pool.peek('a')).toBeUndefined();
    expect(pool.peek('b')).toBeDefined();
    void stream.return();
    pool.open('c');
    expect(pool.peek('held')).toBeUndefined();
  });
});
