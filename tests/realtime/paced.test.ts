import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Random } from '../../server/sim/random.ts';
import { nextTurn } from '../support/gate.ts';
import { PacedLog } from '../support/paced-log.ts';
import { PacedReader, type PacedReaderOptions } from '../support/paced-reader.ts';

const PACE = 100;

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  return () => vi.useRealTimers();
});

describe('a paced channel', () => {
  it('lets the first change after a quiet time leave at once, later ones together when the time is up', async () => {
    const log = new PacedLog({ paceMs: PACE });
    const reader = new PacedReader(log);
    await reader.takeAll();
    log.commit('a');
    expect(reader.wokenAt).toEqual([0]);
    await reader.takeAll();
    for (const key of ['a', 'b', 'a', undefined, 'b', 'a']) log.commit(key);
    await reader.takeAll();
    expect(reader.got.slice(1)).toEqual([{ type: 'quote', key: 'a', n: 1, pad: '' }]);
    vi.advanceTimersByTime(PACE - 1);
    expect(reader.wokenAt).toEqual([0]);
    vi.advanceTimersByTime(1);
    expect(reader.wokenAt).toEqual([0, PACE]);
    await reader.takeAll();
    expect(reader.got.slice(2)).toEqual([
      { type: 'quote', key: 'b', n: 6, pad: '' },
      { type: 'quote', key: 'a', n: 7, pad: '' },
    ]);
    // The time of rest after those passes, and it is quiet again.
    vi.advanceTimersByTime(PACE);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5);
    log.commit('c');
    expect(reader.wokenAt).toEqual([0, PACE, 2 * PACE + 5]);
  });

  it('lets values leave once in that time, however many commits there are', () => {
    const log = new PacedLog({ paceMs: PACE });
    const reader = new PacedReader(log);
    for (let at = 0; at < 10 * PACE; at += 4) {
      for (let count = 0; count < 20; count += 1) log.commit('a', 'b', undefined);
      vi.advanceTimersByTime(4);
    }
    expect(reader.wokenAt).toEqual(Array.from({ length: 11 }, (_, index) => index * PACE));
    expect(log.latestReads).toBe(11);
  });

  it('is not touched by what does not concern it', () => {
    const log = new PacedLog({ paceMs: PACE });
    const reader = new PacedReader(log);
    log.commit(undefined);
    expect([reader.wokenAt, log.latestReads, vi.getTimerCount()]).toEqual([[], 0, 0]);
  });

  it('wakes nobody when a touch has changed nothing', async () => {
    const log = new PacedLog({ paceMs: PACE });
    const reader = new PacedReader(log);
    await reader.takeAll();
    log.hub.touch(log.channel);
    log.commit(undefined);
    expect([reader.wokenAt, log.latestReads]).toEqual([[], 1]);
    log.commit('a');
    vi.advanceTimersByTime(PACE);
    await reader.takeAll();
    expect([reader.wokenAt, [...reader.view]]).toEqual([[PACE], [['a', 2]]]);
  });

  it('computes nothing while nobody is subscribed', async () => {
    const log = new PacedLog({ paceMs: PACE });
    for (let count = 0; count < 100; count += 1) {
      log.commit('a', 'b');
      vi.advanceTimersByTime(7);
    }
    expect([log.latestReads, log.snapshots, vi.getTimerCount()]).toEqual([0, 0, 0]);
    expect([log.channel.floor, log.channel.newest]).toEqual([200, 200]);
    const reader = new PacedReader(log);
    await reader.takeAll();
    log.commit('a');
    log.commit('a');
    reader.leave();
    vi.advanceTimersByTime(5 * PACE);
    expect([log.latestReads, vi.getTimerCount()]).toEqual([1, 0]);
    expect([log.channel.floor, log.channel.newest]).toEqual([202, 202]);
  });

  it('rests for a reader who comes while it does', async () => {
    const log = new PacedLog({ paceMs: PACE });
    const first = new PacedReader(log);
    log.commit('a');
    first.leave();
    log.commit('a');
    const second = new PacedReader(log, { after: 1 });
    log.commit('a');
    expect(second.wokenAt).toEqual([]);
    vi.advanceTimersByTime(PACE);
    expect(second.wokenAt).toEqual([PACE]);
    await second.takeAll();
    expect(second.view).toEqual(new Map([['a', 3]]));
  });

  it('gives those who come a snapshot of what is, though it has not left', async () => {
    const log = new PacedLog({ paceMs: PACE });
    const early = new PacedReader(log);
    await early.takeAll();
    log.commit('a');
    log.commit('a', 'b');
    const crowd = [new PacedReader(log), new PacedReader(log), new PacedReader(log, { keys: ['b'] })];
    for (const reader of crowd) {
      await reader.takeAll();
      expect(reader.view).toEqual(reader.expected());
      expect(reader.caughtUp).toBe(true);
    }
    // One for the first who came, one for the two who came together.
    expect(log.snapshots).toBe(2);
    vi.advanceTimersByTime(PACE);
    // It leaves for the others; these have it already.
    for (const reader of crowd) {
      await reader.takeAll();
      expect(reader.got).toHaveLength(1);
    }
    await early.takeAll();
    expect(early.view).toEqual(early.expected());
    // Whoever comes while this waits sees it, though others have a snapshot from just before it.
    for (const key of ['c', 'd']) {
      log.commit(key);
      const late = new PacedReader(log);
      await late.takeAll();
      expect(late.view).toEqual(late.expected());
    }
  });

  it('gives a crowd that comes back to the same place one list', async () => {
    const log = new PacedLog({ paceMs: PACE });
    log.commit('a', 'b');
    log.commit('c', 'a');
    const take = () => log.hub.stream(log.channel, { lastEventId: 'test-1' }).cursor.take(10);
    const lists = await Promise.all([take(), take(), take()]);
    expect(lists[0]?.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    for (const list of lists) expect(list).toBe(lists[0]);
    expect(log.latestReads).toBe(1);
    log.commit('b');
    expect((await take()).map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });

  it('goes on after a restart, from wherever its readers were', async () => {
    const log = new PacedLog({ paceMs: PACE });
    log.commit('a', 'b', undefined, 'a', 'c');
    log.restart();
    const readers = [0, 1, 2, 3, 4, 5].map((after) => new PacedReader(log, { after }));
    for (const reader of readers) {
      await reader.takeAll(1);
      expect(reader.view).toEqual(reader.expected());
    }
    log.commit('b');
    log.commit('a');
    vi.advanceTimersByTime(PACE);
    for (const reader of readers) {
      await reader.takeAll(1);
      expect(reader.view).toEqual(reader.expected());
    }
  });

  it('gives away what waits when the hub closes, and has no timer any more', async () => {
    const log = new PacedLog({ paceMs: PACE });
    const reader = new PacedReader(log);
    await reader.takeAll();
    log.commit('a');
    log.commit('b', 'a');
    log.hub.close();
    expect(vi.getTimerCount()).toBe(0);
    await reader.takeAll();
    expect(reader.view).toEqual(reader.expected());
    const { latestReads } = log;
    log.commit('c');
    vi.advanceTimersByTime(PACE);
    expect([vi.getTimerCount(), log.latestReads]).toEqual([0, latestReads]);
  });

  it('begins no rest once the hub has closed', () => {
    const log = new PacedLog({ paceMs: PACE });
    const reader = new PacedReader(log);
    log.hub.close();
    expect(reader.wokenAt).toEqual([0]);
    log.commit('a');
    expect([vi.getTimerCount(), log.latestReads]).toEqual([0, 0]);
  });

  it('has no timer once the hub lets go of it', () => {
    const log = new PacedLog({ paceMs: PACE });
    const reader = new PacedReader(log);
    log.commit('a');
    log.commit('a');
    reader.leave();
    expect(vi.getTimerCount()).toBe(1);
    log.hub.release(log.channel);
    expect([vi.getTimerCount(), log.latestReads]).toEqual([0, 1]);
  });

  it('ends the streams that are iterated', async () => {
    const log = new PacedLog({ paceMs: PACE });
    log.commit('a');
    const stream = log.hub.stream(log.channel, { lastEventId: 'test-0' });
    expect((await stream.next()).value).toMatchObject({ id: 'test-1', data: { key: 'a' } });
    const next = stream.next();
    await nextTurn();
    log.commit('b');
    expect((await next).value).toMatchObject({ id: 'test-2', data: { key: 'b' } });
    log.hub.close();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(log.channel.subscribers).toBe(0);
  });

  it('does not keep the process alive', () => {
    vi.useRealTimers();
    const set = vi.spyOn(globalThis, 'setTimeout');
    const log = new PacedLog({ paceMs: PACE });
    new PacedReader(log);
    log.commit('a');
    expect(set.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
    log.hub.close();
    set.mockRestore();
  });

  it('is not appended to', () => {
    const log = new PacedLog({ paceMs: PACE });
    const item = log.hub.item(1, { type: 'quote', key: 'a', n: 1, pad: '' } as const);
    expect(() => log.hub.append(log.channel, item)).toThrow(TypeError);
  });
});

/**
 * A few readers of a paced channel under any order of commits, waits, takes, joins, comings back and restarts. What each
 * folds is the source's view in the end: nothing is lost, doubled, or followed by something older.
 */
class Run {
  readonly log: PacedLog;
  readonly #readers: PacedReader[] = [];

  constructor(ringCapacity: number) {
    this.log = new PacedLog({ paceMs: PACE, ringCapacity });
    this.log.commit('a', 'b');
  }

  join(options: PacedReaderOptions = {}): void {
    this.#readers.push(new PacedReader(this.log, options));
  }

  reader(index: number): PacedReader | undefined {
    return this.#readers[index % this.#readers.length];
  }

  leaveAll(): void {
    for (const reader of this.#readers) reader.leave();
  }

  restart(): void {
    this.log.restart();
    for (const reader of this.#readers) reader.comeBack();
  }

  /** Every second reader comes back first; the others go on where they are. @throws when a view is not the source's */
  async finish(limit: number): Promise<void> {
    vi.advanceTimersByTime(2 * PACE);
    for (const [index, reader] of this.#readers.entries()) {
      if (index % 2 === 1) reader.comeBack();
      await reader.takeAll(limit);
      expect(reader.view).toEqual(reader.expected());
      expect(reader.caughtUp).toBe(true);
    }
    this.log.hub.close();
    expect(vi.getTimerCount()).toBe(0);
  }
}

describe('what the readers of a paced channel fold', { timeout: 60_000 }, () => {
  const ACTIONS: Readonly<Record<string, (run: Run) => unknown>> = {
    'commit a': ({ log }) => log.commit('a'),
    'commit c, b': ({ log }) => log.commit('c', 'b'),
    'commit nothing': ({ log }) => log.commit(undefined),
    'wait for the half': () => vi.advanceTimersByTime(PACE / 2),
    'first takes': (run) => run.reader(0)?.take(1),
    'second takes': (run) => run.reader(1)?.take(2),
    'third comes back': (run) => run.reader(2)?.comeBack(),
    'all leave': (run) => run.leaveAll(),
    'one joins': (run) => run.join(),
  };
  const NAMES = Object.keys(ACTIONS);

  it('is what the source shows, after every sequence of five events', async () => {
    const names: string[] = [];
    for (let number = 0; number < NAMES.length ** 5; number += 1) {
      names.length = 0;
      const run = new Run(2);
      run.join();
      run.join({ after: 1 });
      run.join({ after: 0, keys: ['a', 'c'] });
      for (let rest = number, length = 0; length < 5; length += 1, rest = Math.floor(rest / NAMES.length)) {
        const name = NAMES[rest % NAMES.length] ?? '';
        names.push(name);
        await ACTIONS[name]?.(run);
      }
      await told(run.finish(1), names);
    }
  });

  it('is what the source shows, after long sequences of random events', async () => {
    const random = new Random(20_270_115);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (let sequence = 0; sequence < 3_000; sequence += 1) {
      const run = new Run(random.pick([1, 2, 4, 64]) ?? 1);
      run.join();
      const group = () =>
        Array.from({ length: 1 + random.below(3) }, () => random.pick([...keys, undefined]));
      const after = () => (random.below(2) === 0 ? undefined : random.below(run.log.hub.head + 1));
      const some = () => (random.below(3) > 0 ? undefined : keys.filter(() => random.below(2) === 0));
      const reader = () => run.reader(random.below(8));
      const actions: readonly (() => unknown)[] = [
        () => run.log.commit(...group()),
        () => run.log.commit(...group()),
        () => run.log.commit(...group()),
        () => vi.advanceTimersByTime(random.below(2 * PACE)),
        () => vi.advanceTimersByTime(random.below(PACE)),
        () => reader()?.take(1 + random.below(3)),
        () => reader()?.takeAll(1 + random.below(3)),
        () => reader()?.takeAll(1 + random.below(3)),
        () => run.join({ after: after(), keys: some() }),
        () => reader()?.comeBack(),
        () => (random.below(3) === 0 ? reader()?.leave() : undefined),
        () => (random.below(6) === 0 ? run.leaveAll() : undefined),
        () => (random.below(12) === 0 ? run.restart() : undefined),
      ];
      for (let length = random.below(60); length > 0; length -= 1) await random.pick(actions)?.();
      await told(run.finish(1 + random.below(3)), [`sequence ${sequence}`]);
    }
  });
});

/** @throws what `finished` does, with the names of what was done */
async function told(finished: Promise<void>, done: readonly string[]): Promise<void> {
  try {
    await finished;
  } catch (cause) {
    throw new Error(done.join(', '), { cause });
  }
}
