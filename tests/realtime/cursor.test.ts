import { describe, expect, it } from 'vitest';
import { Cursor, HISTORY_PAGE, MAX_BEHIND } from '../../server/realtime/cursor.ts';
import { foldNumbers, NumberLog, type NumberMessage } from '../support/number-log.ts';
import { QuoteLog } from '../support/quote-log.ts';

/** Reads until caught up. */
async function readAll(cursor: Cursor<NumberMessage>, limit = 3): Promise<NumberMessage[]> {
  const messages: NumberMessage[] = [];
  for (;;) {
    const items = await cursor.take(limit);
    if (items.length === 0) return messages;
    messages.push(...items.map(({ data }) => data));
  }
}

const numbersOf = (messages: readonly NumberMessage[]): number[] =>
  messages.flatMap((message) => (message.type === 'number' ? [message.n] : []));

describe('a cursor', () => {
  it('starts with a snapshot, then gets every message once', async () => {
    const log = new NumberLog({ ringCapacity: 8 });
    log.commit(3);
    const cursor = new Cursor(log.channel);
    log.commit(2);
    const messages = await readAll(cursor);
    expect(messages[0]).toMatchObject({ type: 'snapshot', reason: 'start' });
    log.commit(4);
    messages.push(...(await readAll(cursor)));
    expect(messages.reduce(foldNumbers, [])).toEqual(log.through(9));
    expect(numbersOf(messages)).toEqual([6, 7, 8, 9]);
  });

  it('resumes from the ring without touching the log', async () => {
    const log = new NumberLog({ ringCapacity: 8 });
    log.commit(10);
    const cursor = new Cursor(log.channel, { lastEventId: 'test-5' });
    expect(numbersOf(await readAll(cursor))).toEqual([6, 7, 8, 9, 10]);
    expect(log.historyReads).toBe(0);
    expect(log.snapshots).toBe(0);
  });

  it('resumes from the log where the ring does not reach', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    log.commit(30);
    const cursor = new Cursor(log.channel, { lastEventId: 'test-2' });
    expect(numbersOf(await readAll(cursor))).toEqual(log.through(30).slice(2));
    expect(log.historyReads).toBeGreaterThan(0);
    expect(log.snapshots).toBe(0);
  });

  it('reads a page of the past once for all who come back to the same place', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    log.commit(30);
    const cursors = [1, 2, 3].map(() => new Cursor(log.channel, { lastEventId: 'test-2' }));
    const [first, ...others] = await Promise.all(cursors.map((cursor) => cursor.take(3)));
    expect(numbersOf(first?.map(({ data }) => data) ?? [])).toEqual([3, 4, 5]);
    for (const items of others) expect(items).toBe(first);
    expect(log.historyReads).toBe(1);
  });

  it('reads a page again when the first reading of it has failed', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    log.commit(30);
    log.failNextRead();
    const cursor = new Cursor(log.channel, { lastEventId: 'test-2' });
    await expect(cursor.take(3)).rejects.toThrow('the read failed');
    expect(numbersOf(await readAll(new Cursor(log.channel, { lastEventId: 'test-2' })))).toHaveLength(28);
  });

  it('keeps only the pages that were read last', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    log.commit(100);
    const read = (after: number) => new Cursor(log.channel, { lastEventId: `test-${after}` }).take(1);
    for (let after = 1; after <= 40; after += 1) await read(after);
    await read(40);
    expect(log.historyReads).toBe(40);
    await read(1);
    expect(log.historyReads).toBe(41);
  });

  it('resumes after a restart, when the ring is empty', async () => {
    const log = new NumberLog({ ringCapacity: 4, head: 20 });
    log.commit(1);
    const cursor = new Cursor(log.channel, { lastEventId: 'test-17' });
    expect(numbersOf(await readAll(cursor))).toEqual([18, 19, 20, 21]);
  });

  it('has nothing to catch up at the head', async () => {
    const log = new NumberLog({ ringCapacity: 4, head: 20 });
    expect(await readAll(new Cursor(log.channel, { lastEventId: 'test-20' }))).toEqual([]);
  });

  it.each(['other-3', 'test-21', 'nonsense', ''])(
    'gets a snapshot instead of silence for %j',
    async (lastEventId) => {
      const log = new NumberLog({ ringCapacity: 4, head: 20 });
      const messages = await readAll(new Cursor(log.channel, { lastEventId }));
      expect(messages).toEqual([{ type: 'snapshot', reason: 'gap', numbers: log.through(20) }]);
    },
  );

  it('gets a snapshot when it is too far behind, and goes on from there', async () => {
    const head = MAX_BEHIND + HISTORY_PAGE + 10;
    const log = new NumberLog({ ringCapacity: 4, head });
    const cursor = new Cursor(log.channel, { lastEventId: 'test-1' });
    const [first] = await readAll(cursor, 1000);
    expect(first).toMatchObject({ type: 'snapshot', reason: 'gap' });
    log.commit(2);
    expect(numbersOf(await readAll(cursor))).toEqual([head + 1, head + 2]);
  });

  it('is not too far behind when little of a long log concerns it', async () => {
    const head = MAX_BEHIND * 3;
    const log = new NumberLog({ ringCapacity: 4, head, select: (seq) => seq % 1000 === 0 });
    const cursor = new Cursor(log.channel, { lastEventId: 'test-1' });
    expect(numbersOf(await readAll(cursor, 1000))).toEqual(log.through(head));
    expect(log.snapshots).toBe(0);
  });

  it('does not take a page that its filter emptied for the end', async () => {
    const log = new NumberLog({ ringCapacity: 64 });
    const accepts = (message: NumberMessage): boolean => message.type === 'number' && message.n % 20 === 0;
    const filter = {
      accepts,
      snapshot: () => ({
        seq: log.hub.head,
        data: { type: 'snapshot' as const, reason: 'start' as const, numbers: [] },
      }),
    };
    const cursor = new Cursor(log.channel, { lastEventId: 'test-0', filter });
    log.commit(60);
    expect(numbersOf(await readAll(cursor, 4))).toEqual([20, 40, 60]);
  });

  it('shares one snapshot among those who start at the same head', async () => {
    const log = new NumberLog({ ringCapacity: 4, head: 5 });
    const items = await Promise.all([new Cursor(log.channel).take(1), new Cursor(log.channel).take(1)]);
    expect(items[0]?.[0]).toBe(items[1]?.[0]);
    expect(log.snapshots).toBe(1);
    log.commit();
    await new Cursor(log.channel).take(1);
    expect(log.snapshots).toBe(2);
  });
});

describe('a cursor knows whether it has caught up', () => {
  it('at its start, between pages, and after what comes', async () => {
    const log = new NumberLog({ ringCapacity: 8 });
    log.commit(3);
    const fresh = new Cursor(log.channel);
    const resumed = new Cursor(log.channel, { lastEventId: 'test-1' });
    expect([fresh.caughtUp, resumed.caughtUp]).toEqual([false, false]);
    await fresh.take(1);
    await resumed.take(1);
    expect([fresh.caughtUp, resumed.caughtUp]).toEqual([true, false]);
    await resumed.take(1);
    expect(resumed.caughtUp).toBe(true);
    log.commit(1);
    expect([fresh.caughtUp, resumed.caughtUp]).toEqual([false, false]);
    expect(new Cursor(log.channel, { lastEventId: 'test-4' }).caughtUp).toBe(true);
    expect(new Cursor(new NumberLog({ ringCapacity: 8 }).channel).caughtUp).toBe(false);
  });

  it('which another channel of the log does not change', async () => {
    const log = new QuoteLog({ ringCapacity: 8, select: (seq) => seq <= 2 });
    const cursor = new Cursor(log.every);
    await cursor.take(1);
    log.commit(2);
    expect(cursor.caughtUp).toBe(false);
    await cursor.take(9);
    log.commit(3);
    expect(cursor.caughtUp).toBe(true);
  });

  it('not while a snapshot is needed because it is too far behind', async () => {
    const log = new NumberLog({ ringCapacity: 4 });
    log.commit(MAX_BEHIND + HISTORY_PAGE + 10);
    const cursor = new Cursor(log.channel, { lastEventId: 'test-0' });
    await cursor.take(1);
    expect(cursor.caughtUp).toBe(true);
    const foreign = new Cursor(log.channel, { lastEventId: 'other-5' });
    expect(foreign.caughtUp).toBe(false);
    await foreign.take(1);
    expect(foreign.caughtUp).toBe(true);
  });
});

describe('what a channel reads', () => {
  it('is what its ring holds, whoever has read before, and one list for all who miss the same', () => {
    // Every second entry concerns the channel, so readers stand at different places before the same message.
    const log = new QuoteLog({ ringCapacity: 5, select: (seq) => seq % 2 === 0 });
    for (let round = 0; round < 40; round += 1) {
      log.commit(1 + (round % 3));
      const { head } = log.hub;
      const channel = log.every;
      let previous: { readonly missing: string; readonly items: unknown } | undefined;
      const upwards = Array.from({ length: head + 1 }, (_, after) => after);
      for (const after of round % 2 === 0 ? upwards : upwards.reverse()) {
        for (const limit of round % 4 < 2 ? [2, 9, 9] : [9]) {
          const read = channel.read(after, limit);
          const expected = log.numbers(after, head);
          if (after < channel.floor) expect(read).toBeUndefined();
          else if (read === undefined) throw new Error(`the ring was to reach back to ${after}`);
          else {
            expect(read.items.map(({ seq }) => seq)).toEqual(expected.slice(0, limit));
            // Nothing of the channel is between the last item and `through`.
            expect(log.numbers(after, read.through)).toEqual(expected.slice(0, limit));
            expect(read.through).toBeLessThanOrEqual(head);
            const missing = `${limit} from ${expected[0]}`;
            if (previous?.missing === missing) expect(read.items).toBe(previous.items);
            previous = { missing, items: read.items };
          }
        }
      }
    }
  });
});

/**
 * The join of history and live, under every interleaving of: a commit of one or two entries, the reader asking, and a
 * held read of the past being let go. Whatever the order, the reader's view in the end is the channel's, and no number
 * comes twice.
 */
describe('the join of history and live', () => {
  const ACTIONS = ['commit', 'commit two', 'ask', 'let go'] as const;
  type Action = (typeof ACTIONS)[number];

  function* sequences(length: number): Generator<Action[]> {
    if (length === 0) {
      yield [];
      return;
    }
    for (const rest of sequences(length - 1)) for (const action of ACTIONS) yield [action, ...rest];
  }

  async function run(actions: readonly Action[], lastEventId: string | undefined): Promise<void> {
    const log = new NumberLog({ ringCapacity: 2, head: 4, select: (seq) => seq % 3 !== 0 });
    log.hold();
    const cursor = new Cursor(log.channel, { lastEventId });
    const got: NumberMessage[] = [];
    let asking: Promise<void> | undefined;
    const ask = (): void => {
      asking ??= Promise.resolve(cursor.take(2)).then((items) => {
        got.push(...items.map(({ data }) => data));
        asking = undefined;
      });
    };
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    for (const action of actions) {
      if (action === 'commit') log.commit(1);
      else if (action === 'commit two') log.commit(2);
      else if (action === 'ask') ask();
      else log.letGo();
      for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
    }
    for (let before = -1; before !== got.length || asking !== undefined; ) {
      before = got.length;
      ask();
      await settle();
      while (log.letGo()) await settle();
    }
    const view = got.reduce(foldNumbers, lastEventId === 'test-1' ? log.through(1) : []);
    expect(view, actions.join(', ')).toEqual(log.through(log.hub.head));
    const numbers = numbersOf(got);
    expect(new Set(numbers).size, actions.join(', ')).toBe(numbers.length);
  }

  it.each([undefined, 'test-1', 'other-1'])(
    'gives the whole view from %j',
    { timeout: 60_000 },
    async (lastEventId) => {
      for (const actions of sequences(5)) await run(actions, lastEventId);
    },
  );
});
