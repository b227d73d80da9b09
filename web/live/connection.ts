import type { ClientState } from '../../shared/client/index.ts';
import { KEEP_ALIVE } from '../../shared/client/options.ts';
import type { Frames, Publisher } from './frames.ts';
import { Listeners } from './listeners.ts';
import { type CaughtUp, Recovery } from './recovery.ts';

/**
 * `stale`: the socket is open, but the server has been silent for longer than keep-alive allows. `ended`: the server
 * has ended every subscription for good; it will not recover by itself.
 */
export type ConnectionState = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'ended';

export interface ConnectionSnapshot {
  readonly state: ConnectionState;
  /** How many times a view was replaced because events were missing. */
  readonly gaps: number;
  /** How many times a view was fetched anew because an event did not follow from it. */
  readonly repairs: number;
  /** For a few seconds after a reconnect. */
  readonly caughtUp: CaughtUp | null;
}

/** Silence from here on is not normal: an answer to keep-alive's ping should have come. */
export const STALE_AFTER_MS = KEEP_ALIVE.pingAfterMs + 3_000;
/** No missed event for this long after a reconnect: that was all. */
const SETTLED_MS = 500;
const ANNOUNCED_MS = 6_000;

type Phase =
  /** `openedAt`: the socket is open, but nothing has been heard on it yet. */
  | { readonly kind: 'connecting' | 'reconnecting'; readonly openedAt: number | null }
  | { readonly kind: 'open' }
  | { readonly kind: 'ended' };

/** Owns what is known of the connection that all channels share. */
export class Connection implements Publisher {
  /** When the last message of any channel came; `null` before the first. */
  messageAt: number | null = null;
  readonly #listeners = new Listeners();
  /** The channels in use, and whether the server has ended them. */
  readonly #channels = new Map<object, 'open' | 'ended'>();
  #phase: Phase = { kind: 'connecting', openedAt: null };
  #heardAt = 0;
  #lag: number | undefined;
  #gaps = 0;
  #repairs = 0;
  #recovery: { readonly events: Recovery; timer: ReturnType<typeof setTimeout> } | null = null;
  #caughtUp: CaughtUp | null = null;
  #snapshot: ConnectionSnapshot = { state: 'connecting', gaps: 0, repairs: 0, caughtUp: null };

  constructor(
    private readonly frames: Frames,
    private readonly now: () => number,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);
  readonly get = (): ConnectionSnapshot => this.#snapshot;

  /** The client's own view, which takes a socket for a connection before anything was heard on it. */
  transport(state: ClientState['kind']): void {
    const openedAt = state === 'open' ? this.now() : null;
    if (state === 'ended' || this.#phase.kind === 'ended') this.#phase = { kind: 'ended' };
    else if (this.#phase.kind !== 'open') this.#phase = { kind: this.#phase.kind, openedAt };
    else if (openedAt === null) this.#phase = { kind: 'reconnecting', openedAt };
    this.#changed();
  }

  /** Anything at all came in, a PONG included. */
  heard(): void {
    this.#heardAt = this.now();
    const phase = this.#phase;
    if (phase.kind === 'ended') return;
    if (phase.kind === 'open' || phase.openedAt === null) {
      if (this.#snapshot.state === 'stale') this.#changed();
      return;
    }
    this.#phase = { kind: 'open' };
    if (phase.kind === 'reconnecting') this.#recover(phase.openedAt);
    this.#changed();
  }

  /** An event was folded, that happened `at`. */
  event(id: string, at: number): void {
    const now = this.now();
    this.messageAt = now;
    const missed = this.#recovery?.events.event(id, at, now) ?? false;
    if (missed) this.#settle();
    else this.#lag = Math.min(this.#lag ?? Infinity, now - at);
  }

  /** A view was replaced. */
  replaced(reason: 'start' | 'gap'): void {
    const now = this.now();
    this.messageAt = now;
    if (reason === 'start') return;
    this.#gaps += 1;
    this.#recovery?.events.gap(now);
    this.#settle();
    this.#changed();
  }

  /** An event did not follow from its view, which is fetched anew. */
  repaired(): void {
    this.#repairs += 1;
    this.#changed();
  }

  channel(owner: object, phase: 'open' | 'ended' | 'closed'): void {
    if (phase === 'closed') this.#channels.delete(owner);
    else this.#channels.set(owner, phase);
    this.#changed();
  }

  /** To be called about every second: silence makes no event of its own. */
  readonly check = (): void => {
    if (this.#state() !== this.#snapshot.state) this.#changed();
  };

  publish(): void {
    const before = this.#snapshot;
    const now = { state: this.#state(), gaps: this.#gaps, repairs: this.#repairs, caughtUp: this.#caughtUp };
    const same =
      now.state === before.state &&
      now.gaps === before.gaps &&
      now.repairs === before.repairs &&
      now.caughtUp === before.caughtUp;
    if (same) return;
    this.#snapshot = now;
    this.#listeners.notify();
  }

  #changed(): void {
    this.frames.mark(this);
  }

  #state(): ConnectionState {
    const channels = [...this.#channels.values()];
    if (channels.length > 0 && channels.every((phase) => phase === 'ended')) return 'ended';
    if (this.#phase.kind !== 'open') return this.#phase.kind;
    return this.now() - this.#heardAt >= STALE_AFTER_MS ? 'stale' : 'live';
  }

  #recover(reconnectedAt: number): void {
    if (this.#recovery !== null) clearTimeout(this.#recovery.timer);
    this.#caughtUp = null;
    this.#recovery = {
      events: new Recovery(reconnectedAt, this.#lag ?? 0),
      timer: setTimeout(this.#recovered, SETTLED_MS),
    };
  }

  #settle(): void {
    if (this.#recovery === null) return;
    clearTimeout(this.#recovery.timer);
    this.#recovery.timer = setTimeout(this.#recovered, SETTLED_MS);
  }

  readonly #recovered = (): void => {
    const caughtUp = this.#recovery?.events.result() ?? null;
    this.#recovery = null;
    this.#caughtUp = caughtUp;
    this.#changed();
    setTimeout(() => {
      if (this.#caughtUp !== caughtUp) return;
      this.#caughtUp = null;
      this.#changed();
    }, ANNOUNCED_MS);
  };
}
