import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../shared/events.ts';
import { eventually, nextTurn } from './support/gate.ts';
import { openMarket, type TestMarket } from './support/test-app.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

let market: TestMarket;
/** When the market opened: the first millisecond of a UTC day. */
let start: number;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  market = await openMarket();
  start = market.clock.now();
  expect(start % DAY).toBe(0);
});
afterEach(async () => {
  await market.app.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Time goes by, on the market's clock and for its timers alike, and what is due is done. */
async function passes(ms: number): Promise<void> {
  market.clock.advance(ms);
  await vi.advanceTimersByTimeAsync(ms);
}

async function seasonEntries(): Promise<readonly Entry[]> {
  const selector = { types: ['season_started' as const, 'season_ended' as const] };
  const { records } = await market.log.read({ after: 0, limit: 1_000, selector });
  return records.map(({ entry }) => entry);
}

const running = () => market.app.views.season;
const isRunning = (season: number) => eventually(() => running()?.season === season);

describe('the season clock', () => {
  it('starts the first season, which ends at the next multiple of its length in UTC', async () => {
    market.clock.advance(MINUTE / 4);
    await market.app.runSeasons(MINUTE);
    expect(running()).toMatchObject({ season: 1, endsAt: start + MINUTE });
    expect(await seasonEntries()).toMatchObject([
      { type: 'season_started', season: 1, at: start + MINUTE / 4 },
    ]);
  });

  it('starts one at the very multiple that ends at the next one', async () => {
    await market.app.runSeasons(MINUTE);
    expect(running()?.endsAt).toBe(start + MINUTE);
  });

  it('ends a season at its end, not a millisecond before, and starts the next', async () => {
    await market.app.runSeasons(MINUTE);
    await passes(MINUTE - 1);
    expect(running()?.season).toBe(1);
    await passes(1);
    await isRunning(2);
    await passes(MINUTE);
    await isRunning(3);
    expect(await seasonEntries()).toMatchObject([
      { type: 'season_started', season: 1, endsAt: start + MINUTE },
      { type: 'season_ended', season: 1, at: start + MINUTE },
      { type: 'season_started', season: 2, at: start + MINUTE, endsAt: start + 2 * MINUTE },
      { type: 'season_ended', season: 2, at: start + 2 * MINUTE },
      { type: 'season_started', season: 3, endsAt: start + 3 * MINUTE },
    ]);
  });

  it('waits on when its timer comes before the time', async () => {
    await market.app.runSeasons(MINUTE);
    market.clock.advance(MINUTE - 20);
    await vi.advanceTimersByTimeAsync(MINUTE);
    await nextTurn();
    expect(await seasonEntries()).toHaveLength(1);
    await passes(20);
    await isRunning(2);
  });

  it('ends one that came to its end while the market was closed, once, however long ago that was', async () => {
    await market.app.runSeasons(MINUTE);
    market.clock.advance(10 * MINUTE + MINUTE / 2);
    await market.restart();
    await market.app.runSeasons(MINUTE);
    expect(await seasonEntries()).toMatchObject([
      { type: 'season_started', season: 1 },
      { type: 'season_ended', season: 1, at: start + 10.5 * MINUTE },
      { type: 'season_started', season: 2, endsAt: start + 11 * MINUTE },
    ]);
  });

  it('goes on with one that still runs when the market comes back', async () => {
    await market.app.runSeasons(MINUTE);
    market.clock.advance(MINUTE / 2);
    await market.restart();
    await market.app.runSeasons(MINUTE);
    expect(await seasonEntries()).toHaveLength(1);
    await passes(MINUTE / 2);
    await isRunning(2);
  });

  it('lets a season run to its end whose length is another now', async () => {
    await market.app.runSeasons(MINUTE);
    await market.app.runSeasons(10 * MINUTE);
    expect(running()?.endsAt).toBe(start + MINUTE);
    await passes(MINUTE);
    await isRunning(2);
    expect(running()?.endsAt).toBe(start + 10 * MINUTE);
    // The clock before has stopped: there is one timer.
    expect(vi.getTimerCount()).toBe(1);
  });

  it('waits longer than a timer can', async () => {
    // Timers do not wait for more than 2^31 ms; one that was asked to would fire at once, over and over.
    const set = vi.spyOn(globalThis, 'setTimeout');
    await market.app.runSeasons(366 * DAY);
    const { endsAt } = running() ?? { endsAt: 0 };
    expect(endsAt % (366 * DAY)).toBe(0);
    expect(endsAt - start).toBeGreaterThan(2 ** 31);
    expect(set.mock.calls.map(([, wait]) => wait)).toEqual([DAY]);
    const days = Math.ceil((endsAt - start) / DAY);
    for (let day = 1; day < days; day += 1) await passes(DAY);
    expect(await seasonEntries()).toHaveLength(1);
    await passes(DAY);
    await isRunning(2);
  });

  it('tries again a second later when the market cannot do it now, and says so', async () => {
    market.log.failNextAppend('not_written');
    await market.app.runSeasons(MINUTE);
    expect(running()).toBeNull();
    expect(market.problems.map(({ message }) => message)).toContain(
      'the season could not be turned; trying again',
    );
    await passes(999);
    expect(running()).toBeNull();
    await passes(1);
    await isRunning(1);
    expect(await seasonEntries()).toHaveLength(1);
    await passes(MINUTE);
    await isRunning(2);
  });

  it('does not turn a season twice when it was not told that it had turned', async () => {
    market.log.failNextAppend('unknown', true);
    await market.app.runSeasons(MINUTE);
    await passes(1_000);
    await isRunning(1);
    await passes(1_000);
    expect(await seasonEntries()).toMatchObject([{ type: 'season_started', season: 1 }]);
  });

  it('stops with the market, in the middle of a turn too', async () => {
    await market.app.runSeasons(MINUTE);
    market.clock.advance(MINUTE);
    vi.advanceTimersByTime(MINUTE);
    await market.app.close();
    expect(vi.getTimerCount()).toBe(0);
    // The turn that had begun was finished.
    expect(running()?.season).toBe(2);
  });
});
