import type { RawConnection } from './raw-connection.ts';
import { refuseError, subscribeTo, TRPC_PATH } from './trpc.ts';

/** What a client of each system does until it is subscribed, and must do to stay so. */
export interface Dialect {
  /** Path of the WebSocket handshake; `null` for none. */
  readonly path: string | null;
  /** The connection is open. @returns whether that makes it subscribed */
  opened(connection: RawConnection): boolean;
  /** A frame came. @returns whether the connection is subscribed from now on */
  took(text: string, connection: RawConnection): boolean;
}

const trpc: Dialect = {
  path: TRPC_PATH,
  opened(connection) {
    connection.sendText(subscribeTo('onTrade', 1));
    return false;
  },
  took(text) {
    refuseError(text);
    return text.includes('"type":"snapshot"');
  },
};

const gateway: Dialect = {
  path: '/ws',
  opened: () => false,
  took(text, connection) {
    if (text.includes('"type":"error"')) throw new Error(`the server answered ${text}`);
    if (text.includes('"type":"connected"')) connection.sendText('{"type":"subscribe","channel":"trades"}');
    return text.includes('"type":"snapshot"');
  },
};

const plain = (path: string | null): Dialect => ({ path, opened: () => true, took: () => false });

/** Engine.IO 4: packets 0 open, 2 ping, 3 pong, 4 message; Socket.IO: 40 connect. */
const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  opened: () => false,
  took(text, connection) {
    if (text.startsWith('0{')) connection.sendText('40');
    else if (text === '2') connection.sendText('3');
    return text.startsWith('40{');
  },
};

export const DIALECTS = { trpc, gateway, ws: plain('/'), 'socket.io': socketIo, none: plain(null) } as const;
export const DIALECT_NAMES = [
  'trpc',
  'gateway',
  'ws',
  'socket.io',
  'none',
] as const satisfies (keyof typeof DIALECTS)[];
export type DialectName = keyof typeof DIALECTS;
