/**
 * - `quiet`: what changes leaves at once.
 * - `resting`: something left less than the pace ago; what changes waits for the timer.
 */
type State =
  | { readonly kind: 'quiet' | 'ended' }
  | { readonly kind: 'resting'; readonly timer: NodeJS.Timeout; readonly changed: boolean };

/** When the changes of a channel leave: at most once in `ms`, the first after a quiet time at once. */
export class Pace {
  #state: State = { kind: 'quiet' };

  /** @param flush lets everything leave that has changed */
  constructor(
    private readonly ms: number,
    private readonly flush: () => void,
  ) {}

  /** Something has changed. It leaves now or when the time is up. */
  changed(): void {
    switch (this.#state.kind) {
      case 'quiet':
        this.#flush();
        break;
      case 'resting':
        if (!this.#state.changed) this.#state = { ...this.#state, changed: true };
        break;
      case 'ended':
        break;
      default:
        this.#state satisfies never;
    }
  }

  /** Lets what waits leave, and nothing after it. */
  end(): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    if (state.kind !== 'resting') return;
    clearTimeout(state.timer);
    if (state.changed) this.flush();
  }

  #flush(): void {
    const timer = setTimeout(this.#timeUp, this.ms);
    // Who resumes later gets what waits: it need not keep a process alive.
    timer.unref();
    this.#state = { kind: 'resting', timer, changed: false };
    this.flush();
  }

  readonly #timeUp = (): void => {
    if (this.#state.kind === 'resting' && this.#state.changed) this.#flush();
    else this.#state = { kind: 'quiet' };
  };
}
