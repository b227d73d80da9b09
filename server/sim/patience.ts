import { setTimeout as delay } from 'node:timers/promises';
import { TRPCClientError } from '@trpc/client';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';

/** After a lost connection, in milliseconds. */
const LOST_MS = 1_000;
/** In a row; a limit lets some of those who wait through each time, so one of many may have to wait often. */
const MOST_ATTEMPTS = 100;
/** What is let through only later than this, in milliseconds, is refused: some limits are by the day. */
const LONGEST_WAIT_MS = 90_000;

const errorData = z.object({
  code: z.string(),
  retryAfter: z.number().nonnegative().optional(),
  retry: z.string().optional(),
});

/**
 * Makes a call again while a limit holds it up, the server cannot answer for it now or is not there. For what can be
 * asked twice: queries, and orders, which carry their id.
 */
export async function patient<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const waitMs = waitOf(error);
      if (waitMs === undefined || waitMs > LONGEST_WAIT_MS || attempt >= MOST_ATTEMPTS) throw error;
      await delay(waitMs);
    }
  }
}

/** Milliseconds; `undefined` when asking again is of no use. */
function waitOf(error: unknown): number | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  // No answer, or none of ours.
  if (error.data === undefined || error.data === null) return LOST_MS;
  const { data } = errorData.safeParse(error.data);
  if (data?.retryAfter !== undefined) return data.retryAfter * 1000;
  return data?.retry === 'same_order' ? LOST_MS : undefined;
}

/** Whether the market has said no: that is part of trading. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof TRPCError) return error.code !== 'INTERNAL_SERVER_ERROR';
  if (!(error instanceof TRPCClientError)) return false;
  const { data } = errorData.safeParse(error.data);
  return data !== undefined && data.code !== 'INTERNAL_SERVER_ERROR';
}
