import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Item } from '../item.ts';
import { Congestion } from './congestion.ts';
import type { Address, ItemEncoding, SharedFrames } from './encoding.ts';
import { frame, type Payload } from './frame.ts';
import type { WSSCounters } from './stats.ts';
import type { Due, Tick } from './tick.ts';

/** What all outboxes of a handler share. */
export interface Sending {
  readonly tick: Tick;
  readonly encoding: ItemEncoding;
  readonly sharedFrames: SharedFrames;
  readonly sendBudgetBytes: number;
  readonly stuckMs: number;
  readonly counters: WSSCounters;
}

/** Told of what becomes of its outbox. */
export interface OutboxOwner {
  /** More waits to be sent than the budget allows. */
  overfull(): void;
  /** Less than half of the budget waits. */
  relieved(): void;
  /** Nothing of what waits has left for `stuckMs`. */
  stuck(): void;
}

/** `ws.WebSocket.OPEN`: the server's copy of ws may be another one than ours. */
const OPEN = 1;

/**
 * What a connection sends, in order. Frames go straight to the TCP socket, corked until the tick ends, so that a tick's
 * frames leave as one write; `ws`'s own frames (pong, close) pass through the same socket, whole, in the order in which
 * they were sent. Where that cannot be, with permessage-deflate or a socket that is not the request's, each message goes
 * through `ws`.
 */
export class Outbox implements Due {
  #congestion: Congestion | undefined;
  /** Most connections are never congested and never make one. */
  #whenFlushed: ((error?: Error | null) => void) | undefined;
  #corked = false;
  readonly #socket: Duplex | undefined;

  constructor(
    private readonly client: WebSocket,
    socket: Duplex,
    private readonly sending: Sending,
    private readonly owner: OutboxOwner,
  ) {
    this.#socket = isSocketOf(client, socket) && client.extensions === '' ? socket : undefined;
  }

  get open(): boolean {
    return this.client.readyState === OPEN;
  }

  get congested(): boolean {
    return this.#congestion !== undefined;
  }

  /** Sends a message, unless the connection is closing. */
  send(payload: Payload): void {
    if (!this.open) return;
    if (this.#socket === undefined) this.#sendThroughWs(payload);
    else this.#write(this.#socket, frame(payload));
  }

  /** Sends items. Those of a list that is `shared` by many subscribers are put into frames once for all of them. */
  sendItems(items: readonly Item<unknown>[], address: Address, shared: boolean): void {
    if (!this.open) return;
    const { encoding, sharedFrames, counters } = this.sending;
    if (this.#socket === undefined) {
      for (const item of items) this.#sendThroughWs(encoding.item(item, address));
    } else {
      const pieces = shared ? sharedFrames.of(items, address) : encoding.frames(items, address);
      const only = pieces.length === 1 ? pieces[0] : undefined;
      if (only !== undefined && this.#canLeaveAtOnce(only)) this.#socket.write(only);
      else for (const piece of pieces) this.#write(this.#socket, piece);
    }
    counters.sent += items.length;
  }

  /** What is sent until the tick ends leaves together. */
  cork(): void {
    if (this.#corked || this.#socket === undefined) return;
    this.#corked = true;
    this.#socket.cork();
    this.sending.tick.release(this);
  }

  /** Lets what was written leave. */
  run(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket?.uncork();
  }

  /** Forgets the congestion; nothing is told any more. */
  close(): void {
    this.#congestion?.end();
    this.#congestion = undefined;
  }

  #write(socket: Duplex, frames: Uint8Array): void {
    this.cork();
    this.#put(socket, frames);
  }

  /** While the tick serves a connection that has not been corked, this is all that it sends: a cork would only cost time. */
  #canLeaveAtOnce({ length }: Uint8Array): boolean {
    return this.sending.tick.serving && this.#hasRoom(length);
  }

  #put(socket: Duplex, frames: Uint8Array): void {
    if (this.#fits(frames.length)) socket.write(frames);
    else socket.write(frames, this.#whenFlushed);
  }

  #sendThroughWs(payload: Payload): void {
    const options = { binary: typeof payload !== 'string' };
    const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
    if (this.#fits(length)) this.client.send(payload, options);
    else this.client.send(payload, options, this.#whenFlushed);
  }

  #hasRoom(length: number): boolean {
    return this.client.bufferedAmount + length <= this.sending.sendBudgetBytes;
  }

  /** Whether `length` more are within the budget; if not, the connection is congested until enough has left. */
  #fits(length: number): boolean {
    if (this.#congestion === undefined) {
      if (this.#hasRoom(length)) return true;
      this.#whenFlushed ??= (error) => this.#flushed(error);
      this.#congestion = new Congestion(this.client, this.sending.stuckMs, () => this.owner.stuck());
      this.owner.overfull();
    }
    this.#congestion.added(length);
    return false;
  }

  /** Called for each write of a congested connection that has left, or has failed with its socket. */
  #flushed(error?: Error | null): void {
    if (error || this.#congestion === undefined) return;
    if (this.client.bufferedAmount > this.sending.sendBudgetBytes / 2) return;
    this.#congestion.end();
    this.#congestion = undefined;
    this.owner.relieved();
  }
}

/** Whether `ws` itself writes to this socket: nothing else may be written to directly. */
const isSocketOf = (client: WebSocket, socket: Duplex): boolean => Reflect.get(client, '_socket') === socket;
