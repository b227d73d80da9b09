import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Due, Tick } from '../../../server/realtime/ws/tick.ts';
import { nextTurn } from '../../support/gate.ts';

/** Long enough for a tick to end, and another one that its end has begun. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
}

/** A tick, and what happens at its end in order. */
function ticking() {
  const events: string[] = [];
  const tick = new Tick(() => events.push('ended'));
  const due = (name: string, then: () => void = () => undefined): Due => ({
    run: () => {
      events.push(name);
      then();
    },
  });
  return { tick, events, due };
}

describe('the end of a tick', () => {
  it('comes once, not before the work of the tick is done: readers first, then what they have written', async () => {
    const { tick, events, due } = ticking();
    tick.release(due('outbox 1'));
    tick.serve(due('reader 1', () => tick.release(due('outbox 2'))));
    tick.serve(due('reader 2'));
    events.push('work');
    await turns();
    expect(events.filter((event) => event !== 'ended')).toEqual([
      'work',
      'reader 1',
      'reader 2',
      'outbox 1',
      'outbox 2',
    ]);
    expect(events.indexOf('ended')).toBe(5);
  });

  it('serves readers that become due while others are served, in their order and once', async () => {
    const { tick, events, due } = ticking();
    const late = due('late', () => tick.serve(due('later')));
    tick.serve(due('reader', () => tick.serve(late)));
    tick.release(due('outbox'));
    await turns();
    expect(events.filter((event) => event !== 'ended' && event !== 'outbox')).toEqual([
      'reader',
      'late',
      'later',
    ]);
    expect(events.indexOf('outbox')).toBeGreaterThan(events.indexOf('reader'));
  });

  it('comes again for the next tick', async () => {
    const { tick, events, due } = ticking();
    for (const name of ['one', 'two', 'three']) {
      tick.serve(due(name));
      await turns();
    }
    expect(events.filter((event) => event !== 'ended')).toEqual(['one', 'two', 'three']);
    expect(events.at(-1)).toBe('ended');
  });
});

describe('a rest', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    return () => vi.useRealTimers();
  });

  it('follows a round that took long: readers wait for its end, what is written does not', async () => {
    const { tick, events, due } = ticking();
    tick.serve(due('slow', () => vi.advanceTimersByTime(40)));
    await turns();
    tick.serve(due('reader', () => tick.release(due('outbox 2'))));
    tick.release(due('outbox 1'));
    await turns();
    expect(events.filter((event) => event !== 'ended')).toEqual(['slow', 'outbox 1']);
    vi.advanceTimersByTime(9);
    await turns();
    expect(events).not.toContain('reader');
    vi.advanceTimersByTime(1);
    await turns();
    expect(events.filter((event) => event !== 'ended')).toEqual(['slow', 'outbox 1', 'reader', 'outbox 2']);
    expect(vi.getTimerCount()).toBe(0);
    tick.serve(due('later'));
    await turns();
    expect(events).toContain('later');
  });

  it('serves in the end who became due in the long round itself', async () => {
    const { tick, events, due } = ticking();
    const reader = due('reader');
    tick.serve(
      due('slow', () => {
        tick.serve(reader);
        vi.advanceTimersByTime(40);
      }),
    );
    await turns();
    vi.advanceTimersByTime(10);
    await turns();
    expect(events.filter((event) => event !== 'ended')).toEqual(['slow', 'reader']);
  });

  it('does not follow one that was short, or in which nobody had news', async () => {
    const { tick, events, due } = ticking();
    tick.release(due('outbox', () => vi.advanceTimersByTime(40)));
    await turns();
    tick.serve(due('reader'));
    await turns();
    tick.serve(due('another'));
    await turns();
    expect(events.filter((event) => event !== 'ended')).toEqual(['outbox', 'reader', 'another']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
