import { type Samples, sampleProcess } from './samples.ts';

export type OverloadReason = 'event loop' | 'memory' | 'file descriptors';

export interface OverloadOptions {
  /** Told at each change, for the log; with `null` when it is over. */
  readonly onChange?: (reason: OverloadReason | null) => void;
  /** What is measured; the process, unless told otherwise. Called with every start, and closed with every stop. */
  readonly samples?: () => Samples;
}

const SAMPLE_MS = 1_000;
/** Longer than this, a request waits about as long for its turn as a far client for the network. */
const MAX_LOOP_DELAY_MS = 200;
/** Above this, what is accepted next may be what ends the process, and everybody's connection with it. */
const MAX_USE = 0.8;
/** A collection or a snapshot holds the loop up once, which no refusal could help; a flood does it every second. */
const BUSY_SAMPLES = 3;
/** Samples without trouble before it is over, so that it does not come and go with every second. */
const CALM_SAMPLES = 3;

type State =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running'; readonly timer: NodeJS.Timeout; readonly samples: Samples };

/**
 * Whether the process has more to do than it can, so that it should take on nothing new. Measured every second: the
 * event loop when it is over its limit three times in a row; memory and file descriptors at once, as they do not come
 * back by waiting. Each is over when it was within its limit three times in a row.
 */
export class Overload {
  readonly #options: OverloadOptions;
  #state: State = { kind: 'stopped' };
  #levels = newLevels();
  #reason: OverloadReason | null = null;

  constructor(options: OverloadOptions = {}) {
    this.#options = options;
  }

  /** Why nothing new should be taken on, the first that holds; `null` when there is no reason. */
  get reason(): OverloadReason | null {
    return this.#reason;
  }

  /** Measures from now on, by a timer that keeps no process alive. Once is enough. */
  start(): void {
    if (this.#state.kind === 'running') return;
    const { samples = sampleProcess } = this.#options;
    const timer = setInterval(this.#sample, SAMPLE_MS);
    timer.unref();
    this.#state = { kind: 'running', timer, samples: samples() };
  }

  /** Measures no more; there is no reason then, which is told like any other change. */
  stop(): void {
    if (this.#state.kind === 'stopped') return;
    clearInterval(this.#state.timer);
    this.#state.samples.close();
    this.#state = { kind: 'stopped' };
    this.#levels = newLevels();
    this.#change(null);
  }

  readonly #sample = (): void => {
    if (this.#state.kind === 'stopped') return;
    const { samples } = this.#state;
    this.#levels['event loop'].add(samples.eventLoopP99Ms());
    this.#levels.memory.add(samples.memoryUse());
    this.#levels['file descriptors'].add(samples.fdUse());
    this.#change(REASONS.find((reason) => this.#levels[reason].over) ?? null);
  };

  #change(reason: OverloadReason | null): void {
    if (reason === this.#reason) return;
    this.#reason = reason;
    this.#options.onChange?.(reason);
  }
}

const REASONS: readonly OverloadReason[] = ['event loop', 'memory', 'file descriptors'];

const newLevels = (): { readonly [Reason in OverloadReason]: Level } => ({
  'event loop': new Level(MAX_LOOP_DELAY_MS, BUSY_SAMPLES),
  memory: new Level(MAX_USE, 1),
  'file descriptors': new Level(MAX_USE, 1),
});

/** Whether a value is over its limit, once so many in a row have said so. */
class Level {
  #over = false;
  /** Samples in a row that say otherwise. */
  #contrary = 0;

  /** @param busySamples how many above the limit it takes */
  constructor(
    private readonly limit: number,
    private readonly busySamples: number,
  ) {}

  get over(): boolean {
    return this.#over;
  }

  add(value: number): void {
    this.#contrary = value > this.limit === this.#over ? 0 : this.#contrary + 1;
    if (this.#contrary < (this.#over ? CALM_SAMPLES : this.busySamples)) return;
    this.#over = !this.#over;
    this.#contrary = 0;
  }
}
