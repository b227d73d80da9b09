import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { offsetOf, type Ping, ServerClock } from '../../web/live/clock-offset.ts';
import { Latency } from '../../web/live/latency.ts';
import { ageWords, formatDelay, formatOffset } from '../../web/shell/words.ts';

const NOW = 1_700_000_000_000;

describe('how long messages took', () => {
  it('is nothing before the first', () => {
    expect(new Latency().percentiles(NOW)).toBeNull();
  });

  it('is within 2.2 % of the true percentiles, whatever the times', () => {
    const times = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(times, (all) => {
        const latency = new Latency();
        for (const ms of all) latency.add(NOW, ms);
        const sorted = [...all].sort((a, b) => a - b);
        const read = latency.percentiles(NOW);
        expect(read?.count).toBe(all.length);
        for (const [share, got] of [[0.5, read?.p50] as const, [0.99, read?.p99] as const]) {
          const truth = sorted[Math.ceil(all.length * share) - 1] ?? NaN;
          expect(Math.abs((got ?? NaN) - truth)).toBeLessThanOrEqual((1 + truth) * 0.022);
        }
      }),
    );
  });

  it('forgets after a minute, and what is older than that at the next message too', () => {
    const latency = new Latency();
    latency.add(NOW, 500);
    expect(latency.percentiles(NOW + 50_000)?.count).toBe(1);
    expect(latency.percentiles(NOW + 60_000)).toBeNull();
    latency.add(NOW + 60_000, 10);
    expect(latency.percentiles(NOW + 60_000)).toMatchObject({ count: 1 });
  });

  it('takes what is less than nothing for nothing, and what is beyond all measure for two minutes', () => {
    const latency = new Latency();
    latency.add(NOW, -3);
    expect(latency.percentiles(NOW)).toEqual({ count: 1, p50: 0, p99: 0 });
    latency.add(NOW, 1e9);
    expect(latency.percentiles(NOW)?.p99).toBeGreaterThan(120_000);
  });

  it('is told since when in words, from a day on by its date', () => {
    expect(ageWords(NOW, NOW - 400)).toBe('just now');
    expect(ageWords(NOW, NOW - 12_400)).toBe('12s ago');
    expect(ageWords(NOW, NOW - 86_400_000)).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('is said in the unit that fits', () => {
    expect([0.44, 9.94, 9.96, 303.2, 999.4, 1_240].map(formatDelay)).toEqual([
      '0.4 ms',
      '9.9 ms',
      '10 ms',
      '303 ms',
      '999 ms',
      '1.2 s',
    ]);
  });
});

describe('the offset of the clocks', () => {
  const ping = (sentAt: number, way: number, offset: number): Ping => ({
    sentAt,
    receivedAt: sentAt + way,
    serverNow: sentAt + way / 2 + offset,
  });

  it('is that of the ping with the shortest way, and sure to half of it', () => {
    const pings = [ping(NOW, 80, 1_030), ping(NOW + 100, 10, 1_000), ping(NOW + 200, 200, 960)];
    expect(offsetOf(pings)).toEqual({ ms: 1_000, uncertaintyMs: 5 });
    expect(offsetOf([ping(NOW, 0, -7)])).toEqual({ ms: -7, uncertaintyMs: 1 });
    expect(offsetOf([])).toBeNull();
  });

  it('holds the true one whatever the ways there and back', () => {
    const way = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(fc.array(fc.tuple(way, way), { minLength: 1 }), fc.integer(), (ways, truth) => {
        const pings = ways.map(([there, back]) => ({
          sentAt: NOW,
          serverNow: NOW + there + truth,
          receivedAt: NOW + there + back,
        }));
        const { ms, uncertaintyMs } = offsetOf(pings) ?? { ms: NaN, uncertaintyMs: NaN };
        // Half a millisecond is what rounding takes.
        expect(Math.abs(ms - truth)).toBeLessThanOrEqual(uncertaintyMs + 0.5);
      }),
    );
  });

  it('is measured when the connection opens, and again every few minutes; a failed ping tells nothing', async () => {
    vi.useFakeTimers({ now: NOW });
    try {
      const clock = new ServerClock(Date.now);
      let ahead = 5_000;
      const ask = vi.fn(() => {
        if (ask.mock.calls.length === 1) return Promise.reject(new Error('lost'));
        return Promise.resolve({ now: Date.now() + ahead });
      });
      expect(clock.now()).toBe(NOW);
      clock.follow(ask);
      await vi.advanceTimersByTimeAsync(1);
      expect(ask).toHaveBeenCalledTimes(5);
      expect(clock.get()).toEqual({ ms: 5_000, uncertaintyMs: 1 });
      expect(clock.now() - Date.now()).toBe(5_000);
      expect(clock.onPage(clock.now())).toBe(Date.now());
      ahead = -200;
      await vi.advanceTimersByTimeAsync(180_000);
      expect(clock.get()?.ms).toBe(-200);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is that of the newest connection: what was asked on one before does not count', async () => {
    const clock = new ServerClock(() => NOW);
    let answer = (_now: number): void => undefined;
    const first = new Promise<{ now: number }>((resolve) => {
      answer = (now) => resolve({ now });
    });
    clock.follow(() => first);
    clock.follow(() => Promise.resolve({ now: NOW + 10 }));
    await vi.waitFor(() => expect(clock.get()?.ms).toBe(10));
    answer(NOW + 999_999);
    await first;
    expect(clock.get()?.ms).toBe(10);
  });

  it('is said with its sign and how sure it is', () => {
    expect(formatOffset({ ms: 12, uncertaintyMs: 3 })).toBe('+12 ± 3 ms');
    expect(formatOffset({ ms: -12, uncertaintyMs: 3 })).toBe('−12 ± 3 ms');
    expect(formatOffset({ ms: 0, uncertaintyMs: 1 })).toBe('0 ± 1 ms');
  });
});
