import { setTimeout as sleep } from 'node:timers/promises';

const STABLE_BYTES = 256 * 1024;
const STABLE_TIMES = 4;
const MOST_TIMES = 60;

export interface Memory {
  /** Resident bytes of the process. The system's own buffers for sockets are not in it. */
  readonly rss: number;
  /** Live bytes: JavaScript's heap, and buffers outside of it. */
  readonly heap: number;
}

/** What this process takes once garbage has been collected until RSS no longer changes; needs --expose-gc. */
export async function settledMemory(): Promise<Memory> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('the process runs without --expose-gc');
  let lowest = Number.POSITIVE_INFINITY;
  let stable = 0;
  for (let times = 0; times < MOST_TIMES && stable < STABLE_TIMES; times += 1) {
    gc();
    await sleep(50);
    const { rss } = process.memoryUsage();
    stable = lowest - rss < STABLE_BYTES ? stable + 1 : 0;
    lowest = Math.min(lowest, rss);
  }
  const { heapUsed, external } = process.memoryUsage();
  return { rss: lowest, heap: heapUsed + external };
}
