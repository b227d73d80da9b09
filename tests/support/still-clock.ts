import { beforeEach, vi } from 'vitest';

/**
 * In the tests of this file no time passes while the server works, however slow the machine is: its live streams rest after
 * rounds that took long, which is no concern of these tests.
 */
export function stillClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    return () => vi.useRealTimers();
  });
}
