import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy whose connections a test can cut, and whose target may come back on another port. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  #target: number | undefined;
  #server: Server | undefined;
  /** Connections taken so far. */
  connections = 0;

  /** @returns the port it listens on */
  async listen(target: number): Promise<number> {
    this.#target = target;
    const server = createServer((client) => this.#pipe(client));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
    return address.port;
  }

  /** New connections go there; without one they are refused. */
  pointTo(target: number | undefined): void {
    this.#target = target;
  }

  /** Cuts every connection, as a network that fails does: no close frame, no goodbye. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
  }

  #pipe(client: Socket): void {
    if (this.#target === undefined) {
      client.destroy();
      return;
    }
    this.connections += 1;
    const server = connect(this.#target, '127.0.0.1');
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
      // A cut connection ends in an error on either side; `close` follows and does what there is to do.
      socket.on('error', () => socket.destroy());
    }
    client.pipe(server);
    server.pipe(client);
  }
}
