import type { Curve, Fill } from '../../shared/curve.ts';
import type { AgentId } from '../../shared/ids.ts';
import { Listeners } from '../live/listeners.ts';
import { fillOf, type Wanted } from './quote.ts';

/** What the server says of a quote that was computed here. */
export type Confirmation =
  /** There is nothing to confirm. */
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  /** For this draft, with the reserves it was last asked about. */
  | { readonly kind: 'confirmed' }
  /** It fills otherwise; `fill` is how, as of its entry `seq`. */
  | { readonly kind: 'differs'; readonly fill: Fill; readonly seq: number }
  /** It has no answer, or an error. */
  | { readonly kind: 'failed' };

/** What is quoted, on which reserves. */
export interface Quoted {
  readonly agentId: AgentId;
  readonly wanted: Wanted;
  readonly curve: Curve;
  readonly seq: number;
}

export type AskQuote = (
  quoted: Quoted,
  signal: AbortSignal,
) => Promise<{ readonly fill: Fill; readonly seq: number }>;

/** A draft is asked about when it has not changed for so long, in milliseconds; */
const SETTLED_MS = 300;
/** and again, when trades have changed the reserves, so long after the last time. */
const EVERY_MS = 1_000;
/** Reserves that are remembered, for answers that rest on some of a moment ago. */
const REMEMBERED = 64;

/** Has the server confirm what is quoted here: soon after a draft has settled, and at most once a second after that. */
export class QuoteConfirmation {
  readonly #listeners = new Listeners();
  readonly #curves = new Map<number, Curve>();
  #state: Confirmation = { kind: 'none' };
  #quoted: Quoted | null = null;
  #askedSeq = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(private readonly ask: AskQuote) {}

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);
  readonly get = (): Confirmation => this.#state;

  /** Says what is quoted now; `null` for nothing. The `wanted` of a draft that has not changed is the same object. */
  readonly quote = (quoted: Quoted | null): void => {
    const before = this.#quoted;
    this.#quoted = quoted;
    if (quoted === null) {
      this.#stop();
      this.#set({ kind: 'none' });
      return;
    }
    if (before?.agentId !== quoted.agentId) this.#curves.clear();
    this.#remember(quoted);
    if (before?.agentId !== quoted.agentId || before.wanted !== quoted.wanted) {
      this.#stop();
      this.#set({ kind: 'asking' });
      this.#askIn(SETTLED_MS);
    } else if (quoted.seq !== this.#askedSeq && this.#timer === undefined && this.#asking === undefined) {
      this.#askIn(EVERY_MS);
    }
  };

  #askIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#quoted !== null) void this.#askFor(this.#quoted);
    }, ms);
  }

  async #askFor(quoted: Quoted): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    this.#askedSeq = quoted.seq;
    const state = await this.ask(quoted, asking.signal).then(
      ({ fill, seq }) => this.#compared(quoted.wanted, fill, seq),
      (): Confirmation => ({ kind: 'failed' }),
    );
    // Something else has been asked since.
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#set(state);
    const now = this.#quoted;
    const isSettled = state.kind === 'confirmed' || state.kind === 'differs';
    if (now !== null && (!isSettled || now.seq !== quoted.seq)) this.#askIn(EVERY_MS);
  }

  /** On reserves that were not seen here nothing can be said. */
  #compared(wanted: Wanted, fill: Fill, seq: number): Confirmation {
    const curve = this.#curves.get(seq);
    if (curve === undefined) return this.#state.kind === 'confirmed' ? this.#state : { kind: 'asking' };
    const own = fillOf(curve, wanted);
    return 'reason' in own || !sameFill(own, fill) ? { kind: 'differs', fill, seq } : { kind: 'confirmed' };
  }

  #remember({ curve, seq }: Quoted): void {
    this.#curves.set(seq, curve);
    if (this.#curves.size <= REMEMBERED) return;
    const [oldest] = this.#curves.keys();
    if (oldest !== undefined) this.#curves.delete(oldest);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asking?.abort();
    this.#asking = undefined;
  }

  #set(state: Confirmation): void {
    if (state.kind === this.#state.kind && state.kind !== 'differs') return;
    this.#state = state;
    this.#listeners.notify();
  }
}

const sameFill = (a: Fill, b: Fill): boolean =>
  a.side === b.side &&
  a.tokens === b.tokens &&
  a.sol === b.sol &&
  a.protocolFee === b.protocolFee &&
  a.creatorFee === b.creatorFee;
