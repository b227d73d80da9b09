import type { ConnectionState } from '../live/connection.ts';

/** What a button that places an order says while it cannot place any. */
export const OFFLINE: Readonly<Record<Exclude<ConnectionState, 'live'>, string>> = {
  connecting: 'Connecting',
  stale: 'No answer from the server',
  reconnecting: 'Reconnecting',
  ended: 'Not connected',
};
