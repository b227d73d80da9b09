import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type DescriptorSources, FileDescriptors } from '../../server/guards/file-descriptors.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             500                  500                  processes
Max open files            200                  4096                 files
Max locked memory         8388608              8388608              bytes
`;

/** What would come from /proc, and a clock. */
class Proc {
  limits = vi.fn(async () => LIMITS);
  count = vi.fn(async () => 50);
  time = 0;
  readonly now = (): number => this.time;
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: too bad`), { code });

/** All that promises have led to until now. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function settledUse(descriptors: FileDescriptors): Promise<number> {
  descriptors.use();
  await settled();
  return descriptors.use();
}

describe('the use of file descriptors', () => {
  it('is what is open of the soft limit, and 0 until that is known', async () => {
    const descriptors = new FileDescriptors(new Proc());
    expect(descriptors.use()).toBe(0);
    await settled();
    expect(descriptors.use()).toBe(0.25);
  });

  it('is counted again after five seconds, the limit is read once', async () => {
    const proc = new Proc();
    const descriptors = new FileDescriptors(proc);
    await settledUse(descriptors);
    proc.count.mockResolvedValue(180);
    proc.time = 4_999;
    expect([await settledUse(descriptors), proc.count.mock.calls.length]).toEqual([0.25, 1]);
    proc.time = 5_000;
    expect([await settledUse(descriptors), proc.count.mock.calls.length]).toEqual([0.9, 2]);
    expect(proc.limits).toHaveBeenCalledTimes(1);
  });

  it('is counted once at a time, however long it takes', async () => {
    const proc = new Proc();
    let counted: (count: number) => void = () => undefined;
    proc.count.mockReturnValueOnce(
      new Promise<number>((resolve) => {
        counted = resolve;
      }),
    );
    const descriptors = new FileDescriptors(proc);
    for (proc.time = 0; proc.time < 60_000; proc.time += 1_000) expect(await settledUse(descriptors)).toBe(0);
    expect(proc.count).toHaveBeenCalledTimes(1);
    counted(100);
    await settled();
    expect(descriptors.use()).toBe(0.5);
    // Five seconds from when it was known.
    proc.time += 4_999;
    descriptors.use();
    expect(proc.count).toHaveBeenCalledTimes(1);
    proc.time += 1;
    descriptors.use();
    await settled();
    expect(proc.count).toHaveBeenCalledTimes(2);
  });

  it.each(['EMFILE', 'ENFILE'])('is all of them when none is left to count them with (%s)', async (code) => {
    const proc = new Proc();
    const descriptors = new FileDescriptors(proc);
    proc.count.mockRejectedValueOnce(failure(code));
    expect(await settledUse(descriptors)).toBe(1);
    proc.time = 5_000;
    expect(await settledUse(descriptors)).toBe(0.25);
    proc.time = 10_000;
    proc.count.mockRejectedValueOnce(failure(code));
    expect(await settledUse(descriptors)).toBe(1);
  });

  it.each<[string, Partial<DescriptorSources>]>([
    ['no limits', { limits: async () => Promise.reject(failure('ENOENT')) }],
    ['no limit', { limits: async () => LIMITS.replace('200 ', 'unlimited ') }],
    ['another list of limits', { limits: async () => '' }],
    ['a limit of none', { limits: async () => LIMITS.replace('200 ', '0 ') }],
    ['no list', { count: async () => Promise.reject(failure('ENOENT')) }],
    ['an error without a code', { count: async () => Promise.reject(new Error('no')) }],
  ])('cannot be told with %s, and is not asked for again', async (_, missing) => {
    const proc = new Proc();
    const count = vi.fn(missing.count ?? proc.count);
    const limits = vi.fn(missing.limits ?? proc.limits);
    const descriptors = new FileDescriptors({ count, limits, now: proc.now });
    expect(await settledUse(descriptors)).toBe(0);
    const asked = [count.mock.calls.length, limits.mock.calls.length];
    proc.time = 60_000;
    expect(await settledUse(descriptors)).toBe(0);
    expect([count.mock.calls.length, limits.mock.calls.length]).toEqual(asked);
  });

  it('is not asked for once it is closed, and what is under way is dropped', async () => {
    const proc = new Proc();
    const descriptors = new FileDescriptors(proc);
    descriptors.use();
    descriptors.close();
    await settled();
    proc.time = 60_000;
    expect([await settledUse(descriptors), proc.count.mock.calls.length]).toEqual([0, 1]);
  });
});

it.runIf(existsSync('/proc/self/fd'))('is that of this process', async () => {
  const descriptors = new FileDescriptors();
  await vi.waitUntil(() => descriptors.use() > 0, { timeout: 10_000 });
  const open = readdirSync('/proc/self/fd').length;
  // The limit is at least 256 and below a thousand million on any system; what is open hardly changes meanwhile.
  const limit = open / descriptors.use();
  expect(limit).toBeGreaterThan(100);
  expect(limit).toBeLessThan(1e10);
  descriptors.close();
});
