import { totalmem } from 'node:os';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { FileDescriptors } from './file-descriptors.ts';

/** How the process does; to be asked once a second. */
export interface Samples {
  /** How long the event loop let what was due wait, in ms: the 99th percentile since it was last asked. */
  eventLoopP99Ms(): number;
  /** What is in use of what there may be, 0 to 1: of the heap, or of the process's memory, whichever is more. */
  memoryUse(): number;
  /** The same of file descriptors; 0 where it cannot be told. */
  fdUse(): number;
  /** Measures no more. */
  close(): void;
}

/** Measures this process, until it is closed. What runs for it keeps no process alive. */
export function sampleProcess(): Samples {
  const loop = new LoopDelay();
  const memory = new MemoryUse();
  const descriptors = new FileDescriptors();
  return {
    eventLoopP99Ms: () => loop.p99Ms(),
    memoryUse: () => memory.use(),
    fdUse: () => descriptors.use(),
    close: () => {
      loop.close();
      descriptors.close();
    },
  };
}

/** The event loop is looked at so often, ms; some fifty looks a second, so their p99 is the longest or nearly so. */
const RESOLUTION_MS = 20;

type Histogram = Pick<IntervalHistogram, 'count' | 'percentile' | 'reset' | 'enable' | 'disable'>;

export class LoopDelay {
  readonly #histogram: Histogram;
  readonly #now: () => number;
  #since: number;

  constructor(
    histogram: Histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
    now: () => number = () => performance.now(),
  ) {
    this.#histogram = histogram;
    this.#now = now;
    this.#since = now();
    histogram.enable();
  }

  /** Since the last call, ms. */
  p99Ms(): number {
    const now = this.#now();
    // No look in all that time: the loop was blocked for as long as that, and who asks came before the next look.
    const betweenLooks =
      this.#histogram.count === 0 ? now - this.#since : this.#histogram.percentile(99) / 1e6;
    this.#histogram.reset();
    this.#since = now;
    // What is measured is the whole time between two looks; what is planned is no delay.
    return Math.max(0, betweenLooks - RESOLUTION_MS);
  }

  close(): void {
    this.#histogram.disable();
  }
}

export interface MemorySources {
  readonly heap: () => { readonly used_heap_size: number; readonly heap_size_limit: number };
  /** Bytes that the process has in memory. */
  readonly rss: () => number;
  /** Bytes that it may have; some huge number or 0 where nothing says so. */
  readonly constrained: number;
  /** Bytes of the machine. */
  readonly total: number;
}

const processMemory = (): MemorySources => ({
  heap: getHeapStatistics,
  rss: process.memoryUsage.rss,
  constrained: process.constrainedMemory(),
  total: totalmem(),
});

export class MemoryUse {
  readonly #sources: MemorySources;
  #rss = 0;

  constructor(sources: MemorySources = processMemory()) {
    this.#sources = sources;
  }

  /** 0 to 1. The heap is that of the calling thread. */
  use(): number {
    const { heap, constrained, total } = this.#sources;
    const { used_heap_size: used, heap_size_limit: limit } = heap();
    // A control group without a limit says about 2^64.
    const limited = constrained > 0 && constrained <= total;
    return Math.max(used / limit, limited ? this.#readRss() / constrained : 0);
  }

  /** Reads a file, which fails when no descriptor is left: then it is what it was. */
  #readRss(): number {
    try {
      this.#rss = this.#sources.rss();
    } catch {
      // Out of descriptors, which the server must live through; that check tells of it.
    }
    return this.#rss;
  }
}
