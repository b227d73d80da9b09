/** Kept apart this long, so that what is older than the window can be dropped; the window is as many of them. */
const SLOT_MS = 5_000;
const SLOTS = 12;
/** Buckets per doubling: what is read from them is at most 2.2 % off, or a hundredth of a millisecond near zero. */
const PER_DOUBLING = 16;
/** The last bucket begins beyond two minutes; what took longer is in it too. */
const BUCKETS = 17 * PER_DOUBLING + 1;

export interface Percentiles {
  /** How many messages they are of. */
  readonly count: number;
  /** Half of the messages took at most this long, ms. */
  readonly p50: number;
  /** All but the slowest hundredth took at most this long, ms. */
  readonly p99: number;
}

interface Slot {
  /** Which stretch of time it is of: the milliseconds since the epoch in slot lengths. */
  of: number;
  readonly counts: Uint32Array;
}

/**
 * How long messages took, over the last minute. Its size is fixed, whatever the rate, and taking one in costs a logarithm
 * and an addition.
 */
export class Latency {
  readonly #slots: readonly Slot[] = Array.from({ length: SLOTS }, () => ({
    of: -1,
    counts: new Uint32Array(BUCKETS),
  }));

  /** A message took `ms`; less than nothing, which clocks that nearly agree make of very little, counts as nothing. */
  add(now: number, ms: number): void {
    const of = Math.floor(now / SLOT_MS);
    const slot = this.#slots[of % SLOTS];
    if (slot === undefined) return;
    if (slot.of !== of) {
      slot.of = of;
      slot.counts.fill(0);
    }
    const bucket = bucketOf(ms);
    slot.counts[bucket] = (slot.counts[bucket] ?? 0) + 1;
  }

  /** `null` when there was no message in the last minute. */
  percentiles(now: number): Percentiles | null {
    const newest = Math.floor(now / SLOT_MS);
    const recent = this.#slots.filter(({ of }) => of > newest - SLOTS && of <= newest);
    const counts = Array.from({ length: BUCKETS }, (_, bucket) =>
      recent.reduce((sum, slot) => sum + (slot.counts[bucket] ?? 0), 0),
    );
    const count = counts.reduce((sum, one) => sum + one, 0);
    if (count === 0) return null;
    return { count, p50: percentile(counts, count * 0.5), p99: percentile(counts, count * 0.99) };
  }
}

const bucketOf = (ms: number): number =>
  Math.min(Math.round(Math.log2(1 + Math.max(ms, 0)) * PER_DOUBLING), BUCKETS - 1);

/** The time of the bucket in which the `rank`th smallest is. */
function percentile(counts: readonly number[], rank: number): number {
  let seen = 0;
  const bucket = counts.findIndex((count) => {
    seen += count;
    return seen >= rank;
  });
  return 2 ** (bucket / PER_DOUBLING) - 1;
}
