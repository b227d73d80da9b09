import { z } from 'zod';

/** What the server's process tells of itself. */

export const startedSchema = z.object({ port: z.number(), epoch: z.string() });

/** Of a session that the server vouches for. */
export const tokensSchema = z.object({
  sessionId: z.string(),
  wallet: z.string(),
  operator: z.boolean(),
  accessToken: z.string(),
  accessExpiresAt: z.number(),
  refreshToken: z.string(),
  refreshExpiresAt: z.number(),
});

/** What must not happen at all. */
export const faultsSchema = z.object({
  unhandledRejections: z.number(),
  uncaughtExceptions: z.number(),
  /** Log lines of level error and above. */
  errorLines: z.number(),
  warnLines: z.number(),
  /** Properties that somebody has given to every object. */
  polluted: z.array(z.string()),
  /** The first few faults and error lines, as text. */
  first: z.array(z.string()),
});
export type Faults = z.infer<typeof faultsSchema>;

/** What it holds at the moment. Bytes after a collection of garbage. */
export const holdingsSchema = z.object({
  fds: z.number(),
  /** Accepted TCP connections. */
  sockets: z.number(),
  /** WebSocket connections that its doors know. */
  served: z.number(),
  subscriptions: z.number(),
  heap: z.number(),
  rss: z.number(),
});
export type Holdings = z.infer<typeof holdingsSchema>;

/** Of a part of the log. */
export const tradesSchema = z.object({ head: z.number(), seqs: z.array(z.number()) });
