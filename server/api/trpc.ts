import { initTRPC, TRPCError } from '@trpc/server';
import type { ChannelKind } from '../../shared/channels.ts';
import type { Context } from './context.ts';
import { errorDetails } from './errors.ts';
import { transformer } from './transformer.ts';

/** Who may call a procedure: everybody, whoever has a session, or an operator. */
export type Access = 'public' | 'wallet' | 'operator';

/** What the API reference says of a procedure (`server/docs`). Each must have an access and a description. */
export interface ProcedureMeta {
  /** Set beside the middleware that sees to it. */
  readonly access?: Access;
  readonly description?: string;
  /** The channel that a subscription reads. */
  readonly channel?: ChannelKind;
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer,
    // Stack traces are for the log, whatever the environment.
    isDev: false,
    errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, ...errorDetails(error) } }),
  });

export const router = t.router;
export const mergeRouters = t.mergeRouters;
export const createCallerFactory = t.createCallerFactory;
export const publicProcedure = t.procedure.meta({ access: 'public' });

/** Needs a session. */
export const walletProcedure = t.procedure.meta({ access: 'wallet' }).use(({ ctx, next }) => {
  if (ctx.session === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first.' });
  return next({ ctx: { session: ctx.session } });
});

/** Needs an operator's session. */
export const operatorProcedure = walletProcedure.meta({ access: 'operator' }).use(({ ctx, next }) => {
  if (ctx.session.operator !== true) throw new TRPCError({ code: 'FORBIDDEN', message: 'Operators only.' });
  return next();
});
