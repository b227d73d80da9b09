import type { Clock } from './clock.ts';

/** What a WebSocket class must have: the platform's, or that of the package `ws`. */
export interface WebSocketClass {
  new (
    url: string,
  ): {
    readonly readyState: number;
    send(data: string): void;
    close(code?: number, reason?: string): void;
  };
  readonly OPEN: number;
}

export interface SocketEvents {
  /** Anything at all came in, a PONG included. */
  heard(): void;
  opened(): void;
  /** @param wasOpen `false` when the attempt to open it failed */
  closed(event: { readonly code: number; readonly reason: string; readonly wasOpen: boolean }): void;
}

/** A server that takes the connection but does not answer the handshake is given up after this long. */
const OPEN_WITHIN_MS = 10_000;
/** An answer to the close frame, which a dead network never brings; `ws` waits 30 s for it. */
const CLOSE_WITHIN_MS = 1_000;
/** `readyState` of a socket that is to close, by either side. */
const CLOSING = 2;

/**
 * The sockets of one client. `Class` is the given WebSocket class with ears: its listeners come before those of whoever
 * uses the socket, and no phase of a socket lasts for ever.
 */
export class Sockets {
  readonly Class: typeof WebSocket;
  readonly #alive = new Set<WebSocket>();
  readonly #waiting: (() => void)[] = [];
  readonly #parted: (() => void)[] = [];
  #closing = false;

  /** @throws when no class is given and the platform has none */
  constructor(given: WebSocketClass | undefined, events: SocketEvents, clock: Clock) {
    const Base: unknown = given ?? globalThis.WebSocket;
    if (!isWebSocketClass(Base)) {
      throw new TypeError('there is no WebSocket here: pass a class, such as that of the package ws');
    }
    const sockets = this;
    this.Class = class extends Base {
      #wasOpen = false;
      #cancelTimer: () => void;

      constructor(url: string | URL) {
        super(url);
        this.#cancelTimer = clock.after(OPEN_WITHIN_MS, () => this.close());
        this.addEventListener('open', () => this.#opened());
        this.addEventListener('message', () => events.heard());
        this.addEventListener('close', (event) => this.#closed(event));
        sockets.#alive.add(this);
        if (sockets.#closing) this.close();
      }

      override close(code?: number, reason?: string): void {
        this.#cancelTimer();
        if (sockets.#alive.has(this)) this.#cancelTimer = clock.after(CLOSE_WITHIN_MS, () => abandon(this));
        super.close(code, reason);
      }

      #opened(): void {
        this.#cancelTimer();
        this.#wasOpen = true;
        events.opened();
      }

      #closed({ code, reason }: CloseEvent): void {
        this.#cancelTimer();
        if (!sockets.#forget(this)) return;
        events.closed({ code, reason, wasOpen: this.#wasOpen });
        for (const listener of sockets.#parted.splice(0)) listener();
      }
    };
  }

  /** Closes every socket, those that are still to come too. @returns when the last one has closed */
  async closeAll(): Promise<void> {
    this.#closing = true;
    for (const socket of [...this.#alive]) socket.close();
    if (this.#alive.size === 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Calls back when a socket has closed of those that are about to, and at once when none is. Between the two nothing can
   * be sent, and why is not known yet.
   */
  afterParting(listener: () => void): void {
    if ([...this.#alive].some(({ readyState }) => readyState === CLOSING)) this.#parted.push(listener);
    else listener();
  }

  /** Closes the sockets there are now; their user may open new ones. */
  dropAll(): void {
    for (const socket of [...this.#alive]) socket.close();
  }

  /** @returns whether it was alive: one that was abandoned may close again */
  #forget(socket: WebSocket): boolean {
    const wasAlive = this.#alive.delete(socket);
    if (this.#alive.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    return wasAlive;
  }
}

function isWebSocketClass(given: unknown): given is typeof WebSocket {
  return typeof given === 'function' && 'OPEN' in given && given.OPEN === 1;
}

/** Does not wait for the other side any longer; where the platform knows no such thing, it is taken for failed. */
function abandon(socket: WebSocket): void {
  if ('terminate' in socket && typeof socket.terminate === 'function') {
    socket.terminate();
    return;
  }
  // The stock client hears of an attempt that failed by its error, of a connection that was lost by its close.
  socket.dispatchEvent(new Event('error'));
  socket.dispatchEvent(Object.assign(new Event('close'), { code: 1006, reason: '' }));
}
