import { WebSocket } from 'ws';
import { type ConnectedClient, createClient } from '../../shared/client/index.ts';

/** The client on a WebSocket, which reconnects at once. */
export const connectClient = (url: string): ConnectedClient =>
  createClient({ url, WebSocket, backoff: { firstMs: 1, longestMs: 1 } });
