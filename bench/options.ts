import { z } from 'zod';

const positive = z.coerce.number().positive().optional();

/** What can be said of the web bench. */
export const webOptionsSchema = z.object({
  /** One part alone. */
  only: z.enum(['load', 'frames', 'memory']).optional(),
  /** How long the frames of each page are watched. */
  seconds: positive,
  /** How long the memory of each page is watched. */
  minutes: positive,
  /** Trades a second. */
  rate: positive,
});
export type WebOptions = z.infer<typeof webOptionsSchema>;

/** What the command line says, for the benches that care. */
export interface BenchOptions {
  /** One round and small numbers: shows that the bench works, measures nothing. */
  readonly quick: boolean;
  /** fanout: publish whole entries of the log, about 750 bytes, instead of the 400-byte trades of the goals. */
  readonly entries: boolean;
  readonly web: WebOptions;
}
