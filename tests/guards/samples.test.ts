import { execFile } from 'node:child_process';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LoopDelay, MemoryUse, type Samples, sampleProcess } from '../../server/guards/samples.ts';

const run = promisify(execFile);

/** Keeps the event loop from doing anything else. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('the delay of the event loop', () => {
  /** What the system's histogram would have, and a clock. */
  class Looks {
    count = 0;
    p99Ms = 0;
    time = 0;
    readonly enable = vi.fn(() => true);
    readonly disable = vi.fn(() => true);
    readonly now = (): number => this.time;
    readonly reset = vi.fn(() => {
      this.count = 0;
    });
    readonly percentile = (percentile: number): number => (percentile === 99 ? this.p99Ms * 1e6 : Number.NaN);
  }

  it('is what two looks are apart beyond the 20 ms that are planned', () => {
    const looks = new Looks();
    const delay = new LoopDelay(looks, looks.now);
    Object.assign(looks, { count: 40, p99Ms: 320, time: 1_000 });
    expect(delay.p99Ms()).toBe(300);
    Object.assign(looks, { count: 50, p99Ms: 20.5, time: 2_000 });
    expect(delay.p99Ms()).toBe(0.5);
    Object.assign(looks, { count: 50, p99Ms: 19.9, time: 3_000 });
    expect(delay.p99Ms()).toBe(0);
  });

  it('is that of the time since the last call', () => {
    const looks = new Looks();
    const delay = new LoopDelay(looks, looks.now);
    looks.count = 50;
    delay.p99Ms();
    expect(looks.reset).toHaveBeenCalledTimes(1);
  });

  it('is all of that time when there was no look', () => {
    const looks = new Looks();
    looks.time = 500;
    const delay = new LoopDelay(looks, looks.now);
    looks.time = 2_500;
    expect(delay.p99Ms()).toBe(1_980);
    looks.time = 3_500;
    expect(delay.p99Ms()).toBe(980);
    looks.time = 3_510;
    expect(delay.p99Ms()).toBe(0);
  });

  it('is measured until it is closed', () => {
    const looks = new Looks();
    const delay = new LoopDelay(looks, looks.now);
    expect([looks.enable.mock.calls.length, looks.disable.mock.calls.length]).toEqual([1, 0]);
    delay.close();
    expect([looks.enable.mock.calls.length, looks.disable.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('the use of memory', () => {
  const GIB = 2 ** 30;
  const sources = { heap: () => ({ used_heap_size: GIB, heap_size_limit: 4 * GIB }), total: 16 * GIB };

  it('is that of the heap, or of what the process may have, whichever is more', () => {
    expect(new MemoryUse({ ...sources, constrained: 4 * GIB, rss: () => 3 * GIB }).use()).toBe(0.75);
    expect(new MemoryUse({ ...sources, constrained: 4 * GIB, rss: () => GIB / 2 }).use()).toBe(0.25);
    expect(new MemoryUse({ ...sources, constrained: 16 * GIB, rss: () => 8 * GIB }).use()).toBe(0.5);
  });

  it.each([0, -1, 2 ** 64, 17 * GIB, Number.NaN])(
    'is that of the heap when the limit is %d bytes',
    (constrained) => {
      const rss = vi.fn(() => 100 * GIB);
      expect(new MemoryUse({ ...sources, constrained, rss }).use()).toBe(0.25);
      expect(rss).not.toHaveBeenCalled();
    },
  );

  it('is what it was when it cannot be read', () => {
    const rss = vi.fn(() => 3 * GIB);
    const memory = new MemoryUse({ ...sources, constrained: 4 * GIB, rss });
    rss.mockImplementationOnce(() => {
      throw new Error('EMFILE');
    });
    expect([memory.use(), memory.use()]).toEqual([0.25, 0.75]);
    rss.mockImplementation(() => {
      throw new Error('EMFILE');
    });
    expect(memory.use()).toBe(0.75);
  });
});

describe('this process', () => {
  let samples: Samples | undefined;
  afterEach(() => samples?.close());

  it('uses some of its memory, and not all of it', () => {
    samples = sampleProcess();
    const use = samples.memoryUse();
    // No test runs in less than a megabyte.
    expect(use).toBeGreaterThan(1e6 / totalmem());
    expect(use).toBeLessThan(1);
  });

  it('uses some of its file descriptors where that can be told', async () => {
    samples = sampleProcess();
    const { fdUse } = samples;
    if (process.platform === 'linux') await vi.waitUntil(() => fdUse() > 0, { timeout: 10_000 });
    expect(fdUse()).toBeLessThan(1);
  });

  it('shows that its event loop was blocked', async () => {
    samples = sampleProcess();
    const { eventLoopP99Ms } = samples;
    block(400);
    expect(eventLoopP99Ms()).toBeGreaterThanOrEqual(375);
    // Now with looks before it and after it.
    await vi.waitUntil(() => eventLoopP99Ms() < 100, { timeout: 10_000, interval: 100 });
    block(400);
    await new Promise((resolve) => setImmediate(resolve));
    await vi.waitUntil(() => eventLoopP99Ms() >= 350, { timeout: 10_000 });
    // And it is over with the next second.
    await vi.waitUntil(() => eventLoopP99Ms() < 100, { timeout: 10_000, interval: 100 });
  });

  it('ends although its guards are running', async () => {
    const child = fileURLToPath(new URL('./running-child.ts', import.meta.url));
    const { stdout } = await run(process.execPath, ['--import', 'tsx', child], { timeout: 15_000 });
    expect(stdout).toBe('started\n');
  });
});
