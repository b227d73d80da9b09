import { initTRPC, TRPCError } from '@trpc/server';
import type { Context } from './context.ts';
import { errorDetails } from './errors.ts';
import { transformer } from './transformer.ts';

const t = initTRPC.context<Context>().create({
  transformer,
  // Stack traces are for the log, whatever the environment.
  isDev: false,
  errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, ...errorDetails(error) } }),
});

export const router = t.router;
export const mergeRouters = t.mergeRouters;
export const createCallerFactory = t.createCallerFactory;
export const publicProcedure = t.procedure;

/** Needs a session. */
export const walletProcedure = t.procedure.use(({ ctx, next }) => {
  if (ctx.session === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first.' });
  return next({ ctx: { session: ctx.session } });
});

/** Needs an operator's session. */
export const operatorProcedure = walletProcedure.use(({ ctx, next }) => {
  if (ctx.session.operator !== true) throw new TRPCError({ code: 'FORBIDDEN', message: 'Operators only.' });
  return next();
});
