import { createHistogram } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Door, Stats } from '../../server/ops/stats.ts';
import type { HubStats } from '../../server/realtime/stats.ts';

const hubStats = { channels: [], published: 0, snapshots: 0, gaps: 0, conflated: 0 };

/** A hub that a test moves. */
class FakeHub {
  head = 0;
  now: HubStats = hubStats;
  stats(): HubStats {
    return this.now;
  }
}

const door =
  (given: Partial<ReturnType<Door>> = {}): Door =>
  () => ({ connections: 0, subscriptions: 0, congested: 0, sent: 0, cut: 0, ...given });

describe('stats', () => {
  const hub = new FakeHub();
  const commitMicros = createHistogram();
  let stats: Stats;
  beforeEach(() => {
    vi.useFakeTimers();
    hub.head = 1_000;
    hub.now = hubStats;
    commitMicros.reset();
    stats = new Stats({ hub, commitMicros });
  });
  afterEach(() => {
    stats.close();
    vi.useRealTimers();
  });

  it('lists channels with most subscribers first and takes those of one name together', () => {
    hub.now = {
      ...hubStats,
      channels: [
        { name: 'prices', subscribers: 2 },
        { name: 'account', subscribers: 1 },
        { name: 'agent:7', subscribers: 2 },
        { name: 'account', subscribers: 3 },
      ],
    };
    expect(stats.get()).toMatchObject({
      totalChannels: 3,
      channels: [
        { name: 'account', subscribers: 4 },
        { name: 'agent:7', subscribers: 2 },
        { name: 'prices', subscribers: 2 },
      ],
    });
  });

  it('adds up what the doors tell, until one is gone', () => {
    stats.addDoor('trpc', door({ connections: 3, congested: 1, cut: 2 }));
    const leave = stats.addDoor('gateway', door({ connections: 4, congested: 2, cut: 5 }));
    expect(stats.get()).toMatchObject({
      totalClients: 7,
      lag: { congestedClients: 3 },
      dropped: { clients: 7 },
      doors: [{ name: 'trpc' }, { name: 'gateway' }],
    });
    leave();
    expect(stats.get()).toMatchObject({ totalClients: 3, doors: [{ name: 'trpc' }] });
  });

  it('takes rates over the last ten seconds', () => {
    let sent = 0;
    stats.addDoor('trpc', () => door({ sent })());
    const second = (entries: number, items: number): void => {
      hub.head += entries;
      sent += items;
      vi.advanceTimersByTime(1_000);
    };
    for (let seconds = 0; seconds < 5; seconds += 1) second(20, 300);
    expect(stats.get().rates).toEqual({ entriesPerSecond: 20, itemsPerSecond: 300 });
    for (let seconds = 0; seconds < 20; seconds += 1) second(4, 40);
    expect(stats.get().rates).toEqual({ entriesPerSecond: 4, itemsPerSecond: 40 });
    for (let seconds = 0; seconds < 10; seconds += 1) second(0, 0);
    expect(stats.get().rates).toEqual({ entriesPerSecond: 0, itemsPerSecond: 0 });
  });

  it('tells the commit times of the last full window', () => {
    expect(stats.get().lag.commitMs).toEqual({ p50: 0, p99: 0 });
    for (let record = 0; record < 100; record += 1) commitMicros.record(2_000);
    expect(stats.get().lag.commitMs.p50).toBeCloseTo(2, 1);
    vi.advanceTimersByTime(10_000);
    expect(commitMicros.count).toBe(0);
    expect(stats.get().lag.commitMs.p99).toBeCloseTo(2, 1);
    vi.advanceTimersByTime(10_000);
    expect(stats.get().lag.commitMs).toEqual({ p50: 0, p99: 0 });
  });

  it('tells what was conflated, and the gaps', () => {
    hub.now = { ...hubStats, conflated: 12, gaps: 3 };
    expect(stats.get()).toMatchObject({ conflated: 12, dropped: { gaps: 3 } });
  });

  it('leaves no timer behind', () => {
    stats.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
