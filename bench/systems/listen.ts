import type { AddressInfo } from 'node:net';
import { type ServerOptions, WebSocketServer } from 'ws';

/** A WebSocket server on a free port of this machine. */
export async function listenWs(options: ServerOptions = {}): Promise<{ wss: WebSocketServer; port: number }> {
  const wss = new WebSocketServer({ ...options, host: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve, reject) => {
    wss.once('listening', resolve);
    wss.once('error', reject);
  });
  wss.on('connection', (client) => client.on('error', (error) => console.error(error)));
  return { wss, port: portOf(wss.address()) };
}

export function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}
