import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Connections,
  type Drainable,
  type Drained,
  type DrainOptions,
} from '../../../server/realtime/ws/drain.ts';

const INTERVAL = 500;
const GRACE = 10_000;

/** Takes down when it was told something; leaves `leaveAfter` milliseconds after its notice, or not. */
class FakeConnection implements Drainable {
  readonly notices: number[] = [];
  closedAt: number | undefined;

  constructor(
    private readonly all: Connections<FakeConnection>,
    private readonly leaveAfter?: number,
  ) {
    all.add(this);
  }

  notifyReconnect(): void {
    this.notices.push(Date.now());
    if (this.leaveAfter !== undefined) setTimeout(() => this.leave(), this.leaveAfter);
  }

  closeForRestart(): void {
    this.closedAt = Date.now();
    this.leave();
  }

  leave(): void {
    this.all.delete(this);
  }
}

function open(count: number, leaveAfter?: number) {
  const all = new Connections<FakeConnection>();
  const made = Array.from({ length: count }, () => new FakeConnection(all, leaveAfter));
  return { all, made };
}

/** Begins a drain and tells how it stands. */
function begin(all: Connections<FakeConnection>, options: DrainOptions = {}) {
  const state: { drained?: Drained; at?: number } = {};
  void all.drain(options).then((drained) => {
    state.drained = drained;
    state.at = Date.now();
  });
  return state;
}

/** How many notices there were at each time. */
function waves(made: readonly FakeConnection[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const at of made.flatMap(({ notices }) => notices)) counts[at] = (counts[at] ?? 0) + 1;
  return counts;
}

const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a drain', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    return () => vi.useRealTimers();
  });

  it('of nobody is over at once', async () => {
    const { all } = open(0);
    expect(await all.drain()).toEqual({ left: 0, closed: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks one in twenty every half second, each once, and serves those who stay', async () => {
    const { all, made } = open(100);
    begin(all);
    await advance(20 * INTERVAL);
    const twenty = Array.from({ length: 20 }, (_, wave) => [wave * INTERVAL, 5]);
    expect(waves(made)).toEqual(Object.fromEntries(twenty));
    expect(made.filter(({ closedAt }) => closedAt !== undefined)).toEqual([]);
  });

  it.each([1, 19, 20, 39, 40, 41, 199, 1_000])(
    'of %d: no wave has more than a twentieth, but one',
    async (count) => {
      const { all, made } = open(count);
      begin(all);
      await advance(count * INTERVAL);
      const sizes = Object.values(waves(made));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.max(1, count / 20));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count);
    },
  );

  it('goes by the share and interval that it is given', async () => {
    const { all, made } = open(10);
    begin(all, { share: 0.5, intervalMs: 10 });
    await advance(1_000);
    expect(waves(made)).toEqual({ 0: 5, 10: 5 });
  });

  it('is over as soon as all have left', async () => {
    const { all } = open(100, 40);
    const state = begin(all);
    await advance(19 * INTERVAL + 39);
    expect(state.drained).toBeUndefined();
    await advance(1);
    expect(state).toEqual({ drained: { left: 100, closed: 0 }, at: 19 * INTERVAL + 40 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over at once when all leave by themselves between two waves', async () => {
    const { all, made } = open(100);
    const state = begin(all);
    await advance(INTERVAL + 7);
    for (const connection of made) connection.leave();
    await advance(0);
    expect(state).toEqual({ drained: { left: 100, closed: 0 }, at: INTERVAL + 7 });
    expect(waves(made)).toEqual({ 0: 5, [INTERVAL]: 5 });
  });

  it('goes on in its rhythm when each leaves right after its notice', async () => {
    const { all, made } = open(60, 1);
    const state = begin(all);
    await advance(60 * INTERVAL);
    const twenty = Array.from({ length: 20 }, (_, wave) => [wave * INTERVAL, 3]);
    expect(waves(made)).toEqual(Object.fromEntries(twenty));
    expect(state).toEqual({ drained: { left: 60, closed: 0 }, at: 19 * INTERVAL + 1 });
  });

  it('closes those who have not left when the grace after the last wave is over, and only them', async () => {
    const { all, made } = open(20);
    const [stays, ...leave] = made;
    const state = begin(all);
    await advance(19 * INTERVAL);
    for (const connection of leave) connection.leave();
    await advance(GRACE - 1);
    expect(state.drained).toBeUndefined();
    await advance(1 + INTERVAL);
    expect(state.drained).toEqual({ left: 19, closed: 1 });
    expect(made.filter(({ closedAt }) => closedAt !== undefined)).toEqual([stays]);
    expect(stays?.notices).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives who got the notice last as long as the others', async () => {
    const { all, made } = open(20);
    begin(all, { graceMs: 1_000 });
    await advance(100_000);
    for (const { notices, closedAt } of made) {
      const [noticed = 0] = notices;
      expect((closedAt ?? 0) - noticed).toBeGreaterThanOrEqual(1_000);
    }
  });
});

describe('a connection that comes during a drain', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    return () => vi.useRealTimers();
  });

  it('gets its notice in a wave after the others', async () => {
    const { all, made } = open(20, 10);
    begin(all);
    await advance(5 * INTERVAL + 20);
    const newcomer = new FakeConnection(all, 10);
    await advance(30 * INTERVAL);
    expect(newcomer.notices).toEqual([20 * INTERVAL]);
    expect(made.every(({ notices }) => notices.length === 1)).toBe(true);
  });

  it('gets its notice when it comes after the last wave, and as long to leave as the others', async () => {
    const { all } = open(2);
    begin(all, { graceMs: GRACE });
    await advance(INTERVAL + GRACE / 2);
    const newcomer = new FakeConnection(all);
    await advance(10 * GRACE);
    expect(newcomer.notices).toHaveLength(1);
    const [noticed = 0] = newcomer.notices;
    expect((newcomer.closedAt ?? 0) - noticed).toBeGreaterThanOrEqual(GRACE);
  });

  it('is counted like the others', async () => {
    const { all } = open(20, 10);
    const state = begin(all);
    await advance(INTERVAL);
    new FakeConnection(all, 10);
    const stays = new FakeConnection(all);
    await advance(100_000);
    expect(stays.closedAt).toBeDefined();
    expect(state.drained).toEqual({ left: 21, closed: 1 });
  });
});
