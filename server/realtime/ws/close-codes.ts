/**
 * The codes with which the server closes a connection. After one of 4400–4499 the client may come back, after one of
 * 4500–4999 it must not. What was wrong goes before as a message of its own, unless the client could not read it.
 */
export const CLOSE = {
  /** The server restarts, or its drain is over. */
  restart: 1012,
  /** The session has ended; what comes back is nobody until it signs in. */
  unauthorized: 4401,
  /** No connection params in time. */
  timeout: 4408,
  /** It went on sending what was refused. */
  abuse: 4429,
  /** Connection params that can never be read. */
  malformed: 4500,
  /** Built for another contract than the server's. */
  outdated: 4501,
} as const;
