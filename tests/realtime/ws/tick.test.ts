import { describe, expect, it } from 'vitest';
import { type Due, Tick } from '../../../server/realtime/ws/tick.ts';
import { nextTurn } from '../../support/gate.ts';

/** Long enough for a tick to end, and another one that its end has begun. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
}

/** A tick, and what happens at its end in order. */
function ticking(now?: () => number) {
  const events: string[] = [];
  const tick = new Tick(() => events.push('ended'), now);
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

  it('is spread over turns when serving takes long: what was written leaves in each, and nobody is served twice', async () => {
    let now = 0;
    const { tick, events, due } = ticking(() => now);
    const slow = (name: string, then?: () => void): Due => {
      const { run } = due(name, then);
      return {
        run: () => {
          now += 1;
          run();
        },
      };
    };
    const names = Array.from({ length: 40 }, (_, index) => `${index}`);
    // The first one's frames leave in the same turn; the second is due again while the others are being served.
    for (const name of names) {
      tick.serve(
        slow(name, () => {
          if (name === '0') tick.release(due('written'));
          if (name === '1') tick.serve(slow('again'));
        }),
      );
    }
    const turnsTaken: string[][] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      await nextTurn();
      turnsTaken.push(events.splice(0));
      if (turn === 0) tick.release(due('answer'));
    }
    const busy = turnsTaken.filter((taken) => taken.length > 0);
    expect(busy).toEqual([
      [...names.slice(0, 16), 'written'],
      [...names.slice(16, 32), 'answer'],
      [...names.slice(32), 'again', 'ended'],
    ]);
  });

  it('is not spread over turns when serving is fast', async () => {
    const { tick, events, due } = ticking(() => 0);
    for (let index = 0; index < 1_000; index += 1) tick.serve(due('served'));
    let busy = 0;
    for (let turn = 0; turn < 8; turn += 1) {
      await nextTurn();
      if (events.splice(0).includes('served')) busy += 1;
    }
    expect(busy).toBe(1);
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
