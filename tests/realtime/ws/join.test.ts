import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/sim/random.ts';
import { stillClock } from '../../support/still-clock.ts';
import { ACTIONS, type Action, Run, type Start } from './join-run.ts';

stillClock();

/**
 * Runs every sequence of at most `length` actions that can change something: one that cannot makes a sequence the same
 * as without it. @returns how many
 */
async function explore(start: Start, length: number, done: readonly Action[] = []): Promise<number> {
  let count = 0;
  for (const action of ACTIONS) {
    const run = await Run.begin(start);
    let effective = true;
    for (const each of [...done, action]) effective = await run.act(each);
    if (!effective) {
      run.abandon();
      continue;
    }
    await run.finish();
    count += 1;
    if (length > 1) count += await explore(start, length - 1, [...done, action]);
  }
  return count;
}

/** Leads to a congested connection whose subscriptions are behind the ring. */
const BEHIND: readonly Action[] = [
  'block the socket',
  'commit two',
  'end the tick',
  'commit two',
  'commit two',
  'end the tick',
];

/** At most one to the lossless channel: who shares a read of the past waits for it unseen. */
const MIXTURES: readonly Start['streams'][] = [
  ['every', 'latest', 'latestOfKey0'],
  ['latestOfKey0', 'everyOfKey0', 'latest'],
];

/**
 * The join of history and live behind a network that may stand still. Whatever the order of events, nothing comes twice,
 * out of order or after the end, and in the end everything has come: see `Run.finish`.
 */
describe('live streams over a network that may stand still', { timeout: 120_000 }, () => {
  const starts: readonly (readonly [string, Start])[] = [
    ['lossless, from a snapshot', { streams: ['every'], lastEventId: undefined }],
    ['lossless, from the log', { streams: ['every'], lastEventId: 'test-1' }],
    ['lossless, from the end', { streams: ['every'], lastEventId: 'test-4' }],
    ['lossless, congested and behind', { streams: ['every'], lastEventId: 'test-4', before: BEHIND }],
    ['conflated, from a snapshot', { streams: ['latest'], lastEventId: 'other-4' }],
    ['conflated, from the log', { streams: ['latest'], lastEventId: 'test-1' }],
    ['conflated, congested and behind', { streams: ['latest'], lastEventId: 'test-4', before: BEHIND }],
    ['lossless, a part, behind', { streams: ['everyOfKey0'], lastEventId: 'test-4', before: BEHIND }],
    ['conflated, a part, behind', { streams: ['latestOfKey0'], lastEventId: 'test-4', before: BEHIND }],
    ['both, congested and behind', { streams: ['every', 'latest'], lastEventId: 'test-4', before: BEHIND }],
  ];

  it.each(starts)('every sequence of four events: %s', async (_, start) => {
    expect(await explore(start, 4)).toBeGreaterThan(900);
  });

  it('long sequences of random events, with several subscriptions', async () => {
    const random = new Random(20_261_122);
    for (let sequence = 0; sequence < 3_000; sequence += 1) {
      const lastEventId = random.pick([undefined, 'test-1', 'test-4', 'other-1']);
      const run = await Run.begin({ streams: random.pick(MIXTURES) ?? [], lastEventId });
      for (let length = 0; length < 30; length += 1) {
        const action = random.pick(ACTIONS);
        // After a stop little can happen, so it comes late or not at all.
        if (action !== undefined && (action !== 'stop' || length > 20)) await run.act(action);
      }
      await run.finish();
    }
  });
});
