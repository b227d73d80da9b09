import { ConnectionEndedError } from './errors.ts';
import { Cell, guarded, type Store } from './store.ts';

export type ClientState =
  /** The first attempt is under way. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /**
   * The `attempt`th attempt in a row is due at `retryAt` (milliseconds since the epoch), or under way since. It counts on
   * over connections that did not last.
   */
  | { readonly kind: 'reconnecting'; readonly attempt: number; readonly retryAt: number }
  /** For good: refused by the server, or closed by its owner (1000). */
  | { readonly kind: 'ended'; readonly code: number; readonly reason: string };

interface Retry {
  readonly attempt: number;
  readonly retryAt: number;
}

/** Owns what is known of a client's connection, whichever sockets it is made of. */
export class Status implements Store<ClientState> {
  readonly #state = new Cell<ClientState>({ kind: 'connecting' });
  readonly #endListeners = new Set<(error: ConnectionEndedError) => void>();
  #ended: ConnectionEndedError | null = null;
  /** A new socket may open before the one that it replaces closes. */
  #openSockets = 0;
  #openings = 0;
  /** The next attempt, while there is one to come; also of one to replace a socket that is still open. */
  #retry: Retry | null = null;

  readonly get = (): ClientState => this.#state.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

  /** Why nothing can be asked any more; `null` as long as it can. */
  get ended(): ConnectionEndedError | null {
    return this.#ended;
  }

  /** Calls back once, when the connection ends for good. */
  onEnd(listener: (error: ConnectionEndedError) => void): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** Gives a function that says whether a socket has been open at any time from now on. */
  watchOpen(): () => boolean {
    const before = this.#openSockets > 0 ? this.#openings - 1 : this.#openings;
    return () => this.#openings > before;
  }

  opened(): void {
    this.#openSockets += 1;
    this.#openings += 1;
    this.#retry = null;
    this.#show({ kind: 'open' });
  }

  /** A socket that was open has closed. */
  closed(): void {
    this.#openSockets -= 1;
    this.#showRetry();
  }

  /** An attempt is due. */
  retrying(retry: Retry): void {
    this.#retry = retry;
    this.#showRetry();
  }

  /** Only the first end counts. */
  end(code: number, reason: string): void {
    if (this.#ended !== null) return;
    const error = new ConnectionEndedError(code, reason);
    this.#ended = error;
    this.#show({ kind: 'ended', code, reason });
    for (const listener of [...this.#endListeners]) guarded(() => listener(error));
    this.#endListeners.clear();
  }

  /** After a loss the delay of the next attempt is asked for at once, so there always is one to show. */
  #showRetry(): void {
    if (this.#openSockets === 0 && this.#retry !== null) this.#show({ kind: 'reconnecting', ...this.#retry });
  }

  #show(state: ClientState): void {
    const before = this.#state.get().kind;
    if (before === 'ended' || (before === 'open' && state.kind === 'open')) return;
    this.#state.set(state);
  }
}
