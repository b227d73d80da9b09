import { describe, expect, it } from 'vitest';
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
