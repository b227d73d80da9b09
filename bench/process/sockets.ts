import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** The connections that servers of this process have taken, seen without their help. Make it before they listen. */
export class AcceptedSockets {
  readonly #open = new Set<Socket>();

  constructor() {
    subscribe('net.server.socket', (message) => {
      if (typeof message !== 'object' || message === null || !('socket' in message)) return;
      const { socket } = message;
      if (!(socket instanceof Socket)) return;
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Cuts every connection at once, as a network that fails does. */
  destroyAll(): void {
    for (const socket of [...this.#open]) socket.resetAndDestroy();
  }
}
