import { describe, expect, it } from 'vitest';
import { agentId } from '../../shared/ids.ts';
import {
  type Activity,
  activitySchema,
  type StakePoolChanged,
  type StandingsChanged,
  stakePoolChangedSchema,
  standingsChangedSchema,
  vaultSummarySchema,
} from '../../shared/platform-schemas.ts';
import {
  LATEST_LENGTH,
  type OlympicsView,
  reduceActivities,
  reduceKings,
  reduceOlympics,
  reduceStaking,
  reduceVaults,
  type StakePoolsView,
} from '../../shared/views/channel-views.ts';
import { ACTIVITIES_LENGTH, KINGS_LENGTH } from '../../shared/views/newest.ts';
import { kingChanged, seasonEnded, WALLETS } from '../support/entries.ts';
import { frozen } from './fixtures.ts';

/** Folds with every view and every message frozen, so a reducer that writes to its input throws. */
function fold<V, M>(reduce: (view: V, message: M) => V, start: V, messages: readonly M[]): V {
  return messages.reduce((view, message) => reduce(frozen(view), frozen(message)), start);
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const snapshot = { type: 'snapshot', reason: 'gap' } as const;

describe('the kings', () => {
  it('are replaced by a snapshot and pushed to, newest first, up to their number', () => {
    const [old, given] = [kingChanged(99), kingChanged(3)];
    expect(fold(reduceKings, [old], [{ ...snapshot, kings: [given] }])).toEqual([given]);
    const all = numbers(KINGS_LENGTH + 4).map((seq) => kingChanged(seq));
    expect(fold(reduceKings, [], all)).toEqual(all.toReversed().slice(0, KINGS_LENGTH));
  });
});

describe('the activities', () => {
  const activity = (seq: number): Activity =>
    activitySchema.parse({
      type: 'activity',
      seq,
      at: 0,
      kind: 'agent_graduated',
      parts: { agentId: '1', symbol: 'ONE', poolId: WALLETS[0] },
    });

  it('are replaced by a snapshot and pushed to, newest first, up to their number', () => {
    expect(fold(reduceActivities, [activity(9)], [{ ...snapshot, activities: [activity(3)] }])).toEqual([
      activity(3),
    ]);
    const all = numbers(ACTIVITIES_LENGTH + 4).map(activity);
    expect(fold(reduceActivities, [], all)).toEqual(all.toReversed().slice(0, ACTIVITIES_LENGTH));
  });
});

describe('the olympics', () => {
  const standings = (seq: number): StandingsChanged =>
    standingsChangedSchema.parse({
      type: 'standings_changed',
      seq,
      at: 0,
      season: 1,
      endsAt: 1,
      protocolFees: 0n,
      standings: [],
    });
  const nothing: OlympicsView = { season: null, last: null };
  const ended = seasonEnded(7);

  it('are what a snapshot says', () => {
    const season = standings(3);
    expect(fold(reduceOlympics, nothing, [{ ...snapshot, season, last: ended }])).toEqual({
      season,
      last: ended,
    });
    expect(fold(reduceOlympics, { season, last: ended }, [{ ...snapshot, ...nothing }])).toEqual(nothing);
  });

  it('replace the standings and leave the last result', () => {
    const view = fold(reduceOlympics, { season: null, last: ended }, [standings(8), standings(9)]);
    expect(view).toEqual({ season: standings(9), last: ended });
  });

  it('have no season from its end to the start of the next', () => {
    const over = fold(reduceOlympics, nothing, [standings(3), ended]);
    expect(over).toEqual({ season: null, last: ended });
    expect(reduceOlympics(over, standings(8))).toEqual({ season: standings(8), last: ended });
  });
});

describe('what is at stake', () => {
  const pool = (n: number, seq = n): StakePoolChanged =>
    stakePoolChangedSchema.parse({
      type: 'stake_pool_changed',
      seq,
      at: 0,
      agentId: `${n}`,
      staked: 1n,
      stakers: 1,
      rewardPerUnit: 0n,
      rewards: 0n,
      claimed: 0n,
    });
  const nothing: StakePoolsView = new Map();

  it('is replaced agent by agent, the last changed at the end, and as a whole by a snapshot', () => {
    const view = fold(reduceStaking, nothing, [{ ...snapshot, pools: [pool(1), pool(2)] }, pool(1, 9)]);
    expect([...view]).toEqual([
      ['2', pool(2)],
      ['1', pool(1, 9)],
    ]);
    expect([...fold(reduceStaking, view, [{ ...snapshot, pools: [pool(3)] }]).keys()]).toEqual(['3']);
  });

  it('is bounded: the longest unchanged goes first', () => {
    const full = fold(reduceStaking, nothing, [
      { ...snapshot, pools: numbers(LATEST_LENGTH).map((n) => pool(n)) },
    ]);
    const view = fold(reduceStaking, full, [pool(1, 5_000), pool(LATEST_LENGTH + 1, 5_001)]);
    expect(view.size).toBe(LATEST_LENGTH);
    expect(view.has(agentId('1'))).toBe(true);
    expect(view.has(agentId('2'))).toBe(false);
  });
});

describe('the vaults', () => {
  const summary = (n: number) =>
    vaultSummarySchema.parse({
      vaultId: `${n}`,
      address: WALLETS[0],
      manager: WALLETS[1],
      name: 'Vault',
      performanceFeeBps: 0,
      createdAt: 0,
      sol: 0n,
      netAssetValue: 0n,
      shares: 0n,
      holders: 0,
      positions: 0,
      shareValue: 0n,
      highWaterMark: 0n,
    });

  it('are replaced as a whole', () => {
    const first = { ...snapshot, vaults: [summary(1)] };
    const changed = { type: 'vaults_changed' as const, seq: 9, at: 0, vaults: [summary(2), summary(1)] };
    expect(fold(reduceVaults, [], [first])).toEqual([summary(1)]);
    expect(fold(reduceVaults, [], [first, changed])).toEqual([summary(2), summary(1)]);
  });
});
