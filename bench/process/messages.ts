import { z } from 'zod';

/** What a bench and its processes say to each other. */

/** To a process: carry out a command. Without an id no answer is wanted. */
export const commandSchema = z.object({
  id: z.number().nullable(),
  command: z.string(),
  args: z.unknown(),
});
export type Command = z.infer<typeof commandSchema>;

/** From a process: the answer to a command, or something it tells unasked. */
export const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.number(), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: z.number(), error: z.string() }),
  z.object({ kind: z.literal('note'), note: z.number() }),
]);
export type Reply = z.infer<typeof replySchema>;
