import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Cursor, HISTORY_PAGE, MAX_BEHIND } from '../../server/realtime/cursor.ts';
import { NumberLog } from '../support/number-log.ts';
import { PacedLog } from '../support/paced-log.ts';
import { PacedReader } from '../support/paced-reader.ts';
import { QuoteLog } from '../support/quote-log.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  return () => vi.useRealTimers();
});

describe('what a hub counts', () => {
  it('the channels that have subscribers', async () => {
    const { hub, every, latest } = new QuoteLog({ ringCapacity: 8 });
    expect(hub.stats().channels).toEqual([]);
    const streams = [hub.stream(every), hub.stream(every), hub.stream(latest)];
    expect(hub.stats().channels).toEqual([
      { name: 'every quote', subscribers: 2 },
      { name: 'latest quotes', subscribers: 1 },
    ]);
    for (const stream of streams.slice(1)) await stream.return();
    expect(hub.stats().channels).toEqual([{ name: 'every quote', subscribers: 1 }]);
    hub.release(every);
    expect(hub.stats().channels).toEqual([]);
  });

  it('items put into rings: one for each channel, however many read it', async () => {
    // Each quote goes to two channels.
    const log = new QuoteLog({ ringCapacity: 2 });
    for (let count = 0; count < 3; count += 1) log.hub.stream(log.every);
    log.commit(5);
    expect(log.hub.stats().published).toBe(10);
    const paced = new PacedLog({ paceMs: 10 });
    paced.commit('c', 'd');
    expect(paced.hub.stats().published).toBe(0);
    new PacedReader(paced);
    paced.commit('a', 'b', 'b');
    expect(paced.hub.stats().published).toBe(2);
  });

  it('snapshots that cursors took, and which of them were for a gap', async () => {
    const log = new NumberLog({ ringCapacity: 4, head: MAX_BEHIND + HISTORY_PAGE + 10 });
    const counts = () => [log.hub.stats().snapshots, log.hub.stats().gaps];
    const cursors = [undefined, undefined, 'other-1', `test-${log.hub.head}`].map(
      (lastEventId) => new Cursor(log.channel, { lastEventId }),
    );
    expect(counts()).toEqual([0, 0]);
    for (const cursor of cursors) await cursor.take(10);
    expect(counts()).toEqual([3, 1]);
    expect(log.snapshots).toBe(2);
    // Too far behind.
    await new Cursor(log.channel, { lastEventId: 'test-1' }).take(10);
    expect(counts()).toEqual([4, 2]);
    const filter = {
      accepts: () => true,
      snapshot: () => ({ seq: 1, data: { type: 'snapshot', reason: 'gap', numbers: [] } as const }),
    };
    await new Cursor(log.channel, { filter }).take(10);
    expect(counts()).toEqual([5, 2]);
  });

  it('values of a conflated channel that a newer one replaced before they were read', () => {
    const log = new QuoteLog({ ringCapacity: 16, keys: 3 });
    const { hub, latest } = log;
    log.commit(8);
    expect(hub.stats().conflated).toBe(0);
    latest.read(0, 100);
    // 8 quotes of 3 keys.
    expect(hub.stats().conflated).toBe(5);
    // Another reader at the same place shares what was read; one at another place reads for itself.
    latest.read(0, 100);
    expect(hub.stats().conflated).toBe(5);
    latest.read(4, 100);
    expect(hub.stats().conflated).toBe(6);
    latest.read(8, 100);
    expect(hub.stats().conflated).toBe(6);
  });

  it('nothing of a lossless channel as conflated', () => {
    const log = new QuoteLog({ ringCapacity: 16, keys: 3 });
    log.commit(8);
    log.every.read(0, 100);
    expect(log.hub.stats().conflated).toBe(0);
  });

  it('touches of a paced channel that later ones of the same key replaced before they left', async () => {
    const log = new PacedLog({ paceMs: 10 });
    const conflated = () => log.hub.stats().conflated;
    log.commit('a', 'a', 'a');
    expect(conflated()).toBe(0);
    const reader = new PacedReader(log, { after: 3 });
    log.commit('a', 'b', 'a');
    expect(conflated()).toBe(1);
    log.commit('a', 'b');
    log.commit('a', undefined, 'a');
    expect(conflated()).toBe(1);
    vi.advanceTimersByTime(10);
    expect(conflated()).toBe(3);
    // What has left and is replaced before this one reads it: a 6 by a 9, b 5 by b 8.
    await reader.takeAll();
    expect(conflated()).toBe(5);
    reader.leave();
    log.commit('a', 'a');
    vi.advanceTimersByTime(10);
    const back = new PacedReader(log);
    log.commit('a');
    expect(conflated()).toBe(5);
    back.leave();
  });
});
