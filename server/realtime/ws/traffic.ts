import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers';
import type { RawData, WebSocket } from 'ws';
import type { Item } from '../item.ts';
import type { Address } from './encoding.ts';
import type { Payload } from './frame.ts';
import { Outbox, type OutboxOwner, type Sending } from './outbox.ts';
import type { Due } from './tick.ts';

/** What has to wait while the connection is congested. */
export interface Waiting {
  relieved(): void;
}

/** A connection as the live streams on it see it. */
export interface LiveConnection {
  /** More waits to be sent than the budget allows: what can wait has to. */
  readonly congested: boolean;
  /** Runs `waiting.relieved` once when the congestion is over. */
  whenRelieved(waiting: Waiting): void;
  /** Has `reader` run before the tick ends; it must not be added twice. */
  serve(reader: Due): void;
  /** What is sent until the tick ends leaves together. */
  cork(): void;
  /** @throws when an item cannot be encoded */
  sendItems(items: readonly Item<unknown>[], address: Address, shared: boolean): void;
}

/** A message as `ws` gives it. */
export interface Frame {
  readonly data: RawData;
  readonly isBinary: boolean;
}

/**
 * What comes and goes on a connection, whatever it means: that is for the protocol that extends it, so that a connection
 * stays one object. While more waits to be sent than the budget allows, the socket is not read, what has been read
 * already waits in order, and so do those who have something to send; then they take turns. See PROTOCOL.md, "Live
 * streams".
 */
export abstract class Traffic implements LiveConnection, OutboxOwner, Due {
  readonly #outbox: Outbox;
  /** Only while congested: what has been read but not handled, and who has something to send. */
  #inbox: Frame[] | undefined;
  #waiting: Set<Waiting> | undefined;
  #gaveWay = false;
  /** Readers whose channels have news: mostly there is one. */
  #due: Due | undefined;
  #alsoDue: Due[] | undefined;

  /** @param socket of the request; what is sent goes straight to it where that is possible */
  constructor(
    readonly client: WebSocket,
    socket: Duplex,
    private readonly sending: Sending,
  ) {
    this.#outbox = new Outbox(client, socket, sending, this);
  }

  /** It can be sent to. */
  get open(): boolean {
    return this.#outbox.open;
  }

  get congested(): boolean {
    return this.#outbox.congested;
  }

  /** Its turn has come: messages are handled in the order in which they were read. */
  protected abstract handle(frame: Frame): void;

  /** Nothing of what waits to be sent has left for too long. */
  abstract stuck(): void;

  /** A message has been read. */
  protected take(frame: Frame): void {
    if (!this.congested) this.#giveWay();
    // While congested, reading is paused; what had been read already waits in order.
    if (this.congested) {
      this.#inbox ??= [];
      this.#inbox.push(frame);
    } else {
      this.handle(frame);
    }
  }

  /** The socket has closed: nothing waits any more. */
  protected forget(): void {
    this.#outbox.close();
    this.#inbox = undefined;
    this.#waiting = undefined;
  }

  serve(reader: Due): void {
    if (this.#due === undefined) {
      this.#due = reader;
      this.sending.tick.serve(this);
    } else {
      this.#alsoDue ??= [];
      this.#alsoDue.push(reader);
    }
  }

  /** Serves the readers whose channels have news. */
  run(): void {
    const due = this.#due;
    const alsoDue = this.#alsoDue;
    this.#due = undefined;
    this.#alsoDue = undefined;
    if (alsoDue !== undefined) this.cork();
    due?.run();
    if (alsoDue !== undefined) for (const reader of alsoDue) reader.run();
  }

  cork(): void {
    this.#outbox.cork();
  }

  whenRelieved(waiting: Waiting): void {
    if (!this.open) return;
    this.#waiting ??= new Set();
    this.#waiting.add(waiting);
  }

  /** Sends a message, unless the connection is closing. */
  protected send(payload: Payload): void {
    this.#outbox.send(payload);
  }

  sendItems(items: readonly Item<unknown>[], address: Address, shared: boolean): void {
    this.#outbox.sendItems(items, address, shared);
  }

  /** Has those who wait send what they have, as far as the budget allows. */
  protected serveWaiting(): void {
    while (!this.congested && this.#serveNext());
  }

  overfull(): void {
    this.client.pause();
  }

  relieved(): void {
    while (!this.congested) {
      if (this.#inbox === undefined || this.#inbox.length === 0) {
        this.client.resume();
        // A turn of the event loop in which the client's next messages are read, or its goodbye.
        setImmediate(() => setImmediate(() => this.serveWaiting()));
        return;
      }
      this.#giveWay();
      const frame = this.congested ? undefined : this.#inbox.shift();
      if (frame !== undefined) this.handle(frame);
    }
  }

  /** Before every second message, one of those who wait: neither a flood of news nor one of requests starves the other. */
  #giveWay(): void {
    this.#gaveWay = !this.#gaveWay;
    if (this.#gaveWay) this.#serveNext();
  }

  /** @returns whether somebody waited */
  #serveNext(): boolean {
    if (this.#waiting === undefined || this.#waiting.size === 0) return false;
    const [next] = this.#waiting;
    if (next === undefined) return false;
    this.#waiting.delete(next);
    next.relieved();
    return true;
  }
}
