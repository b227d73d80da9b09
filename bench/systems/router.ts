import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { z } from 'zod';

export interface SubscribeOptions {
  readonly lastEventId: string | null | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A router with one subscription, `onTrade`. */
export function tradesRouter<M>(subscribe: (options: SubscribeOptions) => AsyncIterable<M>) {
  const t = initTRPC.create({ transformer: superjson });
  return t.router({
    onTrade: t.procedure
      .input(z.object({ lastEventId: z.string().nullish() }).default({}))
      .subscription(({ input, signal }) => subscribe({ lastEventId: input.lastEventId, signal })),
  });
}
