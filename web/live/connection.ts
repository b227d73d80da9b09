import type { ClientState } from '../../shared/client/index.ts';
import { KEEP_ALIVE } from '../../shared/client/options.ts';
import { ServerClock } from './clock-offset.ts';
import type { Frames, Publisher } from './frames.ts';
import { Latency, type Percentiles } from './latency.ts';
import { Listeners } from './listeners.ts';
import { type CaughtUp, Recovery } from './recovery.ts';

/**
 * `stale`: the socket is open, but the server has been silent for longer than keep-alive allows, or since the network went
 * away. `ended`: the server has ended every subscription for good; it will not recover by itself.
 */
export type ConnectionState = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'ended';

/** What all readers are told of: it changes rarely. What changes with every message is read from the connection. */
export interface ConnectionSnapshot {
  readonly state: ConnectionState;
  /** Since when it is in this state, ms since the epoch by the page's clock. */
  readonly since: number;
  /** Whether this machine has a network, as far as the browser knows. */
  readonly online: boolean;
  readonly reconnects: number;
  /** How many times a view was replaced because events were missing. */
  readonly gaps: number;
  /** How many times a view was fetched anew because an event did not follow from it. */
  readonly repairs: number;
  /** For a few seconds after a reconnect that was noticed, or that had something to catch up. */
  readonly caughtUp: CaughtUp | null;
}

/** How a channel delivers: `every` event, or only the `latest` value when the page is slow. */
export type Delivery = 'every' | 'latest';

/** Silence from here on is not normal: an answer to keep-alive's ping should have come. */
export const STALE_AFTER_MS = KEEP_ALIVE.pingAfterMs + 3_000;
/** No missed event for this long after a reconnect: that was all. */
const SETTLED_MS = 500;
const ANNOUNCED_MS = 6_000;
/** A hand-over from one socket to the next is over by then: what is lost for less alarms nobody. */
export const ALARM_AFTER_MS = 1_000;

type Phase =
  /** `openedAt`: the socket is open, but nothing has been heard on it yet. */
  | { readonly kind: 'connecting' | 'reconnecting'; readonly openedAt: number | null }
  | { readonly kind: 'open'; readonly openedAt: number }
  | { readonly kind: 'ended' };

interface Recovering {
  readonly events: Recovery;
  timer: ReturnType<typeof setTimeout>;
  /** Nobody has noticed that the connection was lost. */
  readonly isQuiet: boolean;
}

/** Owns what is known of the connection that all channels share. Its times are of the page's clock. */
export class Connection implements Publisher {
  /** When the last message of any channel came; `null` before the first. */
  messageAt: number | null = null;
  /** How many values the server has skipped where only the latest counts, as far as can be told. */
  conflated = 0;
  readonly #listeners = new Listeners();
  readonly #latency = new Latency();
  /** The channels in use, and whether the server has ended them. */
  readonly #channels = new Map<object, 'open' | 'ended'>();
  #phase: Phase = { kind: 'connecting', openedAt: null };
  #heardAt = 0;
  /** When the network went away; `null` while there is one. */
  #offlineAt: number | null = null;
  #lostAt = 0;
  #reconnects = 0;
  #gaps = 0;
  #repairs = 0;
  #recovery: Recovering | null = null;
  #caughtUp: CaughtUp | null = null;
  #snapshot: ConnectionSnapshot;

  constructor(
    private readonly frames: Frames,
    private readonly now: () => number,
    private readonly serverClock = new ServerClock(now),
  ) {
    this.#snapshot = this.#read('connecting', now());
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);
  readonly get = (): ConnectionSnapshot => this.#snapshot;

  /** How long messages of channels that lose none took to get here, over the last minute; `null` without any. */
  latency(): Percentiles | null {
    return this.#latency.percentiles(this.now());
  }

  /** The client's own view, which takes a socket for a connection before anything was heard on it. */
  transport(state: ClientState['kind']): void {
    const openedAt = state === 'open' ? this.now() : null;
    if (state === 'ended' || this.#phase.kind === 'ended') this.#phase = { kind: 'ended' };
    else if (this.#phase.kind !== 'open') this.#phase = { kind: this.#phase.kind, openedAt };
    else if (openedAt === null) {
      this.#phase = { kind: 'reconnecting', openedAt };
      this.#lostAt = this.now();
    }
    this.#changed();
  }

  /** The browser says that the network went away, or came back. */
  network(online: boolean): void {
    this.#offlineAt = online ? null : this.now();
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
    this.#phase = { kind: 'open', openedAt: phase.openedAt };
    if (phase.kind === 'reconnecting') this.#recover(phase.openedAt);
    this.#changed();
  }

  /** An event was folded, that happened `at` by the server's clock. */
  event(id: string, at: number, delivery: Delivery = 'every'): void {
    const now = this.now();
    this.messageAt = now;
    const happenedAt = this.serverClock.onPage(at);
    if (this.#recovery?.events.event(id, happenedAt, now) === true) this.#settle();
    if (delivery === 'every') this.#measure(happenedAt, now);
  }

  /** A value was folded where only the latest counts; the server has left out this many before it. */
  skipped(values: number): void {
    this.conflated += values;
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
    const state = this.#state();
    const now = this.#read(state, state === before.state ? before.since : this.now());
    const same =
      now.state === before.state &&
      now.online === before.online &&
      now.reconnects === before.reconnects &&
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

  #read(state: ConnectionState, since: number): ConnectionSnapshot {
    return {
      state,
      since,
      online: this.#offlineAt === null,
      reconnects: this.#reconnects,
      gaps: this.#gaps,
      repairs: this.#repairs,
      caughtUp: this.#caughtUp,
    };
  }

  #state(): ConnectionState {
    const channels = [...this.#channels.values()];
    if (channels.length > 0 && channels.every((phase) => phase === 'ended')) return 'ended';
    if (this.#phase.kind !== 'open') return this.#phase.kind;
    // What the browser says of the network may not be true of the way to this server: what is heard proves it wrong.
    const cutOff = this.#offlineAt !== null && this.#heardAt <= this.#offlineAt;
    return cutOff || this.now() - this.#heardAt >= STALE_AFTER_MS ? 'stale' : 'live';
  }

  /** Only what happened while connected tells how long delivery takes, and only if the server's clock is known. */
  #measure(happenedAt: number, now: number): void {
    const isCurrent = this.#phase.kind === 'open' && happenedAt >= this.#phase.openedAt;
    if (isCurrent && this.serverClock.get() !== null) this.#latency.add(now, now - happenedAt);
  }

  #recover(reconnectedAt: number): void {
    this.#reconnects += 1;
    if (this.#recovery !== null) clearTimeout(this.#recovery.timer);
    this.#caughtUp = null;
    this.#recovery = {
      events: new Recovery(reconnectedAt),
      timer: setTimeout(this.#recovered, SETTLED_MS),
      isQuiet: reconnectedAt - this.#lostAt < ALARM_AFTER_MS,
    };
  }

  #settle(): void {
    if (this.#recovery === null) return;
    clearTimeout(this.#recovery.timer);
    this.#recovery.timer = setTimeout(this.#recovered, SETTLED_MS);
  }

  readonly #recovered = (): void => {
    if (this.#recovery === null) return;
    const { events, isQuiet } = this.#recovery;
    const caughtUp = events.result();
    this.#recovery = null;
    if (isQuiet && caughtUp.events === 0 && caughtUp.gaps === 0) return;
    this.#caughtUp = caughtUp;
    this.#changed();
    setTimeout(() => {
      if (this.#caughtUp !== caughtUp) return;
      this.#caughtUp = null;
      this.#changed();
    }, ANNOUNCED_MS);
  };
}
