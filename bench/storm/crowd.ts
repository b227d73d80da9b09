import { monotonicMs } from '../clock.ts';

type Phase =
  /** It has had nothing yet. */
  | { readonly kind: 'joining' }
  | { readonly kind: 'following' }
  | { readonly kind: 'away' }
  /** It is back, and has not yet got what others had when it came. */
  | { readonly kind: 'catching_up'; readonly target: number };

/** What one client has got of the trades, and what it has missed. */
export class Follower {
  #phase: Phase = { kind: 'joining' };
  #last = 0;

  constructor(private readonly crowd: Crowd) {}

  /** The newest trade it has; 0 before the first item. */
  get last(): number {
    return this.#last;
  }

  /** Takes an item's seq. A snapshot after the first one stands for a gap. */
  took(seq: number, isSnapshot: boolean): void {
    const { crowd } = this;
    if (this.#phase.kind === 'joining') {
      this.#phase = { kind: 'following' };
      crowd.joined += 1;
    } else if (seq <= this.#last) crowd.duplicates += 1;
    else crowd.gaps += isSnapshot ? seq - this.#last : seq - this.#last - 1;
    this.#last = Math.max(seq, this.#last);
    crowd.head = Math.max(crowd.head, seq);
    if (this.#phase.kind === 'away') this.#phase = { kind: 'catching_up', target: crowd.head };
    if (this.#phase.kind === 'catching_up' && this.#last >= this.#phase.target) {
      this.#phase = { kind: 'following' };
      crowd.back(this);
    }
  }

  /** Its connection is gone. */
  lost(): void {
    if (this.#phase.kind !== 'joining') this.#phase = { kind: 'away' };
  }
}

interface Returning {
  readonly followers: Set<Follower>;
  readonly resolve: (atMs: number) => void;
}

/** All clients of a run. */
export class Crowd {
  readonly followers: Follower[] = [];
  joined = 0;
  gaps = 0;
  duplicates = 0;
  /** The newest trade that anyone has. */
  head = 0;
  #connects: number[] = [];
  #returning: Returning | undefined;

  follower(): Follower {
    const follower = new Follower(this);
    this.followers.push(follower);
    return follower;
  }

  /** A client tries to connect. */
  connecting(): void {
    this.#connects.push(monotonicMs());
  }

  /** A client is back and has what the others had when it came. */
  back(follower: Follower): void {
    const returning = this.#returning;
    if (returning?.followers.delete(follower) && returning.followers.size === 0)
      returning.resolve(monotonicMs());
  }

  /** Followers that are still to be lost and to return. */
  get missing(): number {
    return this.#returning?.followers.size ?? 0;
  }

  /** Call it before they are dropped. Resolves to the time when all of them have been away and are back. */
  return(followers: readonly Follower[]): Promise<number> {
    this.#connects = [];
    return new Promise((resolve) => {
      this.#returning = { followers: new Set(followers), resolve };
    });
  }

  /** Most attempts to connect within `ms`, anywhere since {@link return} was called. */
  peakConnects(ms: number): number {
    let peak = 0;
    let first = 0;
    for (const [index, at] of this.#connects.entries()) {
      while (at - (this.#connects[first] ?? at) >= ms) first += 1;
      peak = Math.max(peak, index - first + 1);
    }
    return peak;
  }
}
