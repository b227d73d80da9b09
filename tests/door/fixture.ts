import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AddressInfo } from 'node:net';
import { connect, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { RunningServer } from '../../server/http.ts';
import { RawClient } from '../support/raw-ws.ts';
import { Inbox } from '../support/streams.ts';

export interface Upgraded {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly client: RawClient;
}

const clients: RawClient[] = [];
/** Cuts what {@link upgrade} has opened, so that the server need not wait for anybody when it closes. */
export function cutAll(): void {
  for (const client of clients.splice(0)) client.reset();
}

/** Asks for a WebSocket with these headers beside those of a right handshake. */
export async function upgrade(
  { port }: Pick<RunningServer, 'port'>,
  headers: Readonly<Record<string, string | undefined>> = {},
  path = '/trpc',
): Promise<Upgraded> {
  const client = await RawClient.open({ port, headers, requestLine: `GET ${path} HTTP/1.1` });
  clients.push(client);
  const answer = await client.answer;
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), client };
}

/** The statuses of several upgrades, one after the other. */
export async function upgrades(
  server: Pick<RunningServer, 'port'>,
  count: number,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly Upgraded[]> {
  const all: Upgraded[] = [];
  while (all.length < count) all.push(await upgrade(server, headers));
  return all;
}

export const statuses = (all: readonly Upgraded[]): number[] => all.map(({ status }) => status);

/** What comes back for plain text, until the other side ends; the connection stays half open on this side. */
export async function halfOpen({ port }: Pick<AddressInfo, 'port'>, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  let answer = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    answer += part;
  });
  socket.write(text);
  await new Promise((resolve, reject) => socket.once('end', resolve).once('error', reject));
  return answer;
}

/** The server's ends of the connections that come from now on. */
export function serverSockets(): Inbox<Socket> {
  const sockets = new Inbox<Socket>();
  const note = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    if (message.socket instanceof Socket) sockets.push(message.socket);
  };
  subscribe('net.server.socket', note);
  onTestFinished(() => {
    unsubscribe('net.server.socket', note);
  });
  return sockets;
}
