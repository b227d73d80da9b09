import { describe, expect, it, vi } from 'vitest';
import { type FollowOptions, follow, UnseenError } from '../../shared/client/index.ts';
import type { Item } from '../../shared/client/progress.ts';
import { AGENTS_LENGTH } from '../../shared/client/waiters.ts';
import { PlayedProcedure } from './played-subscription.ts';

interface Message {
  readonly type: 'snapshot' | 'event';
  readonly agentId?: string;
}

const at = (seq: number, epoch = 'aa'): string => `${epoch}-${seq}`;
const receipt = (seq: number, epoch?: string) => ({ position: at(seq, epoch) });
const event = (seq: number, epoch?: string): Item<Message> => ({
  id: at(seq, epoch),
  data: { type: 'event' },
});
const snapshot = (seq: number, epoch?: string): Item<Message> => ({
  id: at(seq, epoch),
  data: { type: 'snapshot' },
});
const ofAgent = (seq: number, agentId: string, epoch?: string): Item<Message> => ({
  id: at(seq, epoch),
  data: { type: 'event', agentId },
});

/** Follows a procedure that the test plays; `given` is what the consumer got. */
function followed(options: FollowOptions<Message> = {}) {
  const procedure = new PlayedProcedure<Message>();
  const given: string[] = [];
  const subscription = follow<Message>(procedure.open, ({ id }) => given.push(id), options);
  return { procedure, server: procedure.at(0).start(), given, subscription };
}

/** Tells how a promise stands once everything that has happened has been heard. */
function tracked(promise: Promise<void>): () => Promise<unknown> {
  let state: unknown = 'pending';
  promise.then(
    () => {
      state = 'resolved';
    },
    (reason: unknown) => {
      state = reason;
    },
  );
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return state;
  };
}
const stateOf = (promise: Promise<void>): Promise<unknown> => tracked(promise)();

describe('every item once', () => {
  it('gives what comes, in order', () => {
    const { server, given } = followed();
    server.give(snapshot(5), event(6), event(9));
    expect(given).toEqual([at(5), at(6), at(9)]);
  });

  it('begins with events where the owner has resumed by itself', () => {
    const { server, given } = followed();
    server.give(event(6), event(9));
    expect(given).toEqual([at(6), at(9)]);
  });

  it('does not give again what came already, however often it comes', () => {
    const { server, given } = followed();
    server.give(snapshot(5), event(6), event(7), event(6), event(7), event(8), event(5), event(8));
    expect(given).toEqual([at(5), at(6), at(7), at(8)]);
  });

  it('passes over a snapshot for a new socket that later events have overtaken on the old one', () => {
    const { server, given } = followed();
    server.give(snapshot(5), event(7), snapshot(6), event(8));
    expect(given).toEqual([at(5), at(7), at(8)]);
  });

  it('takes a snapshot that is ahead', () => {
    const { server, given } = followed();
    server.give(snapshot(5), event(7), snapshot(30), event(29), event(31));
    expect(given).toEqual([at(5), at(7), at(30), at(31)]);
  });

  it('takes a snapshot of another log, and goes on from it', () => {
    const { server, given } = followed();
    server.give(snapshot(500), event(501), snapshot(3, 'bb'), event(3, 'bb'), event(4, 'bb'));
    expect(given).toEqual([at(500), at(501), at(3, 'bb'), at(4, 'bb')]);
  });

  it('takes any snapshot when it has begun anew: the log may have been put back', () => {
    const { server, given } = followed();
    server.give(snapshot(500), event(501));
    server.start().give(snapshot(300), event(301), snapshot(299));
    expect(given).toEqual([at(500), at(501), at(300), at(301)]);
  });

  it('does not give events again when it has begun anew', () => {
    const { server, given } = followed();
    server.give(snapshot(5), event(6), event(7));
    server.start().give(event(6), event(7), event(8));
    expect(given).toEqual([at(5), at(6), at(7), at(8)]);
  });

  it('gives nothing after it was left', () => {
    const { server, given, subscription } = followed();
    server.give(snapshot(5));
    subscription.unsubscribe();
    subscription.unsubscribe();
    expect(server.left).toBe(true);
    server.give(event(6));
    expect(given).toEqual([at(5)]);
  });

  it('may be left by its consumer, also with the first item', () => {
    const procedure = new PlayedProcedure<Message>();
    const given: string[] = [];
    const subscription = follow<Message>(procedure.open, ({ id }) => {
      given.push(id);
      subscription.unsubscribe();
    });
    procedure.at(0).give(snapshot(5), event(6));
    expect(given).toEqual([at(5)]);
  });

  it('is left at once when it ends while it is being opened', () => {
    const procedure = new PlayedProcedure<Message>();
    const onEnd = vi.fn();
    follow<Message>(
      (handlers) => {
        handlers.onError(new Error('no'));
        return procedure.open(handlers);
      },
      () => undefined,
      { onEnd },
    );
    expect(procedure.at(0).left).toBe(true);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });
});

describe('until', () => {
  it('resolves with the event, after the consumer has it, and not with one before it', async () => {
    const { server, given, subscription } = followed();
    server.give(snapshot(5));
    const seen = subscription.until(receipt(7)).then(() => [...given]);
    server.give(event(6));
    expect(await stateOf(subscription.until(receipt(7)))).toBe('pending');
    server.give(event(7));
    expect(await seen).toEqual([at(5), at(6), at(7)]);
  });

  it('resolves with what comes first behind the receipt, when the channel carries only a later event', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(5));
    const seen = tracked(subscription.until(receipt(7)));
    server.give(event(8));
    expect(await seen()).toBe('resolved');
  });

  it('resolves with a snapshot that includes it, and not with one that does not', async () => {
    const { server, subscription } = followed();
    const early = tracked(subscription.until(receipt(5)));
    const late = tracked(subscription.until(receipt(6)));
    expect(await early()).toBe('pending');
    server.give(snapshot(5));
    expect(await early()).toBe('resolved');
    expect(await late()).toBe('pending');
  });

  it('resolves at once when it has been given already, also after the end', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(5), event(7));
    for (const seq of [1, 5, 6, 7]) expect(await stateOf(subscription.until(receipt(seq)))).toBe('resolved');
    server.handlers.onComplete();
    expect(await stateOf(subscription.until(receipt(7)))).toBe('resolved');
    expect(await stateOf(subscription.until(receipt(8)))).toMatchObject({ why: 'ended' });
  });

  it('is known to the consumer itself', async () => {
    const procedure = new PlayedProcedure<Message>();
    const seen: Promise<void>[] = [];
    const subscription = follow<Message>(procedure.open, () => {
      seen.push(subscription.until(receipt(5)));
    });
    procedure.at(0).give(snapshot(5));
    await Promise.all(seen);
    expect(seen).toHaveLength(1);
  });

  it('tells all who wait, each in its turn', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(0));
    const told: number[] = [];
    const waiting = Array.from({ length: 1_000 }, (_, index) => 1 + ((index * 7) % 1_000)).map((seq) =>
      subscription.until(receipt(seq)).then(() => told.push(seq)),
    );
    for (let seq = 1; seq <= 1_000; seq += 1) {
      server.give(event(seq));
      if (seq % 250 !== 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      expect(told).toHaveLength(seq);
    }
    await Promise.all(waiting);
    expect(told).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  });

  it('refuses what is no receipt', async () => {
    const { subscription } = followed();
    for (const position of ['', 'aa', 'aa-', 'aa-x', '-5', 'aa-05', 'aa--5', 'a_a-5']) {
      await expect(subscription.until({ position })).rejects.toThrow(TypeError);
    }
  });
});

describe('until, on a channel of the newest values of several agents', () => {
  it('counts the value of the agent that it is asked for, not another’s', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(5));
    const any = tracked(subscription.until(receipt(7)));
    const own = tracked(subscription.until(receipt(7), { agentId: '1' }));
    // The event is in the value at 9, which has replaced the one at 7.
    server.give(ofAgent(8, '2'));
    expect(await any()).toBe('resolved');
    expect(await own()).toBe('pending');
    server.give(ofAgent(9, '1'));
    expect(await own()).toBe('resolved');
  });

  it('knows what has come of the agent already, and that a snapshot has it', async () => {
    const { server, subscription } = followed();
    const standing = (seq: number, agentId: string) => stateOf(subscription.until(receipt(seq), { agentId }));
    server.give(snapshot(5), ofAgent(7, '1'), ofAgent(8, '2'));
    expect(await standing(7, '1')).toBe('resolved');
    expect(await standing(8, '1')).toBe('pending');
    expect(await standing(5, '3')).toBe('resolved');
    expect(await standing(6, '3')).toBe('pending');
    server.give(snapshot(20));
    expect(await standing(20, '1')).toBe('resolved');
  });

  it('knows it of the agents that changed last', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(0), ofAgent(1, 'first'));
    for (let index = 2; index <= AGENTS_LENGTH; index += 1) server.give(ofAgent(index, `${index}`));
    const standing = (seq: number, agentId: string) => stateOf(subscription.until(receipt(seq), { agentId }));
    expect(await standing(1, 'first')).toBe('resolved');
    // It changes again, so that the second one is the oldest.
    server.give(ofAgent(AGENTS_LENGTH + 1, 'first'), ofAgent(AGENTS_LENGTH + 2, 'one more'));
    expect(await standing(AGENTS_LENGTH + 1, 'first')).toBe('resolved');
    expect(await standing(2, '2')).toBe('pending');
    expect(await standing(3, '3')).toBe('resolved');
  });

  it('knows nothing of it by numbers of another log', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(40), ofAgent(50, '1'), ofAgent(7, '2', 'bb'));
    const standing = (seq: number, agentId: string) =>
      stateOf(subscription.until(receipt(seq, 'bb'), { agentId }));
    expect(await standing(7, '2')).toBe('resolved');
    expect(await standing(20, '1')).toBe('pending');
    expect(await standing(20, '3')).toBe('pending');
  });
});

describe('until, given up by its signal', () => {
  it('rejects with the reason, and leaves the others alone', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(5));
    const controller = new AbortController();
    const given = tracked(subscription.until(receipt(7), { signal: controller.signal }));
    const other = tracked(subscription.until(receipt(7)));
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await given()).toBe(reason);
    server.give(event(7));
    expect(await other()).toBe('resolved');
  });

  it('rejects at once when it was given up before, even what has been seen', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(5));
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    expect(await stateOf(subscription.until(receipt(5), { signal }))).toBe(reason);
  });

  it('leaves no listener at the signal', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(5));
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const seen = subscription.until(receipt(7), { signal });
    server.give(event(7));
    await seen;
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
      added.mock.calls.map(([type, listener]) => [type, listener]),
    );
  });
});

describe('until, when it cannot come any more', () => {
  it('rejects when the subscription is left, fails, or has ended, and later the same', async () => {
    const cause = new Error('The server is full.');
    const ends = [
      [({ subscription }: ReturnType<typeof followed>) => subscription.unsubscribe(), 'unsubscribed'],
      [({ server }: ReturnType<typeof followed>) => server.handlers.onComplete(), 'ended'],
      [({ server }: ReturnType<typeof followed>) => server.handlers.onError(cause), 'failed'],
    ] as const;
    for (const [end, why] of ends) {
      const onEnd = vi.fn();
      const all = followed({ onEnd });
      all.server.give(snapshot(5));
      const waiting = [7, 8].map((seq) => tracked(all.subscription.until(receipt(seq))));
      end(all);
      for (const state of [...waiting, tracked(all.subscription.until(receipt(9)))]) {
        const error = await state();
        expect(error).toBeInstanceOf(UnseenError);
        expect(error).toMatchObject({ why, cause: why === 'failed' ? cause : undefined });
      }
      // Its owner knows what it has done itself.
      expect(onEnd).toHaveBeenCalledTimes(why === 'unsubscribed' ? 0 : 1);
    }
  });

  it('says what has happened', () => {
    expect(new UnseenError('failed', new Error('The server is full.')).message).toBe(
      'This will not be seen: the subscription has failed (The server is full.)',
    );
    expect(new UnseenError('another_log').message).toBe(
      'This will not be seen: the receipt is of another log.',
    );
  });

  it('rejects when what comes is of another log', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(5));
    const old = tracked(subscription.until(receipt(7)));
    server.start().give(snapshot(100, 'bb'));
    expect(await old()).toMatchObject({ name: 'UnseenError', why: 'another_log' });
    // It will not come back to what it has left.
    expect(await stateOf(subscription.until(receipt(7)))).toMatchObject({ why: 'another_log' });
    expect(await stateOf(subscription.until(receipt(100, 'bb')))).toBe('resolved');
  });

  it('waits for a receipt that is of the next log already', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(500));
    const next = tracked(subscription.until(receipt(7, 'bb')));
    expect(await next()).toBe('pending');
    server.start().give(snapshot(6, 'bb'), event(7, 'bb'));
    expect(await next()).toBe('resolved');
  });

  it('does not take a receipt of no log it knows for seen, whatever its number', async () => {
    const { server, subscription } = followed();
    server.give(snapshot(500));
    const stranger = tracked(subscription.until(receipt(7, 'zz')));
    expect(await stranger()).toBe('pending');
    server.give(event(501));
    expect(await stranger()).toMatchObject({ why: 'another_log' });
  });
});
