import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** A refusal in plain text. */
export function refuse(res: ServerResponse, status: number, message: string): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

/** What is there is spoken over WebSocket only (RFC 9110, section 15.5.22). */
export function refuseWithoutUpgrade(res: ServerResponse): void {
  res.setHeader('upgrade', 'websocket');
  refuse(res, 426, 'this is a WebSocket endpoint');
}

/** Before there is a WebSocket nothing but a status can be said. @param retryAfter seconds */
export function refuseUpgrade(socket: Duplex, status: number, retryAfter?: number): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    'Connection: close',
    'Content-Length: 0',
  ];
  // The server keeps half-open sockets, and nothing watches this one any more: the client need not ever end its half.
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
}

export function sendJson(res: ServerResponse, status: number, body: object): void {
  res
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
