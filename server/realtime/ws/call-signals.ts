import { getEventListeners } from 'node:events';

/** A signal that calls share, and how many of them are running. */
export interface SignalLease {
  readonly controller: AbortController;
  running: number;
}

/**
 * The signals of a connection's queries and mutations. They abort when the socket closes and at no other time, so calls
 * that run together share one, which would otherwise be the largest object a call makes. A signal on which a call has
 * left a listener is given to no further call: its listeners go when the calls it was given to have ended.
 */
export class CallSignals {
  #current: SignalLease | undefined;
  /** No longer given out, but calls with it are running. */
  readonly #retired = new Set<SignalLease>();

  begin(): SignalLease {
    this.#current ??= { controller: new AbortController(), running: 0 };
    this.#current.running += 1;
    return this.#current;
  }

  end(lease: SignalLease): void {
    lease.running -= 1;
    const { signal } = lease.controller;
    if (lease === this.#current && (lease.running === 0 || getEventListeners(signal, 'abort').length > 0)) {
      this.#current = undefined;
      this.#retired.add(lease);
    }
    if (lease.running === 0) this.#retired.delete(lease);
  }

  abort(): void {
    const leases = [...this.#retired];
    if (this.#current !== undefined) leases.push(this.#current);
    for (const { controller } of leases) controller.abort();
  }
}
