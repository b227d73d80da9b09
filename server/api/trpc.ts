import { initTRPC } from '@trpc/server';
import type { ChannelKind } from '../../shared/channels.ts';
import { recordCall } from './calls.ts';
import type { Context } from './context.ts';
import { errorDetails, forbidden, unauthorized } from './errors.ts';
import { withinLimit } from './limits.ts';
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
const procedure = t.procedure.use(async ({ ctx, path, type, next }) => {
  const { onCall } = ctx.services;
  const { principal } = ctx;
  const { client } = principal;
  if (onCall === undefined || client === undefined) return next();
  const started = performance.now();
  const wallet = principal.session?.wallet;
  const result = await next();
  onCall(recordCall({ result, path, type, principal, wallet, client, started }));
  return result;
});

export const publicProcedure = procedure.meta({ access: 'public' });

/** Needs a session, at the time of the call: one that has expired or been revoked since the connection opened is none. */
export const walletProcedure = procedure.meta({ access: 'wallet' }).use(({ ctx, next }) => {
  const { session, problem } = ctx.principal;
  if (session === null) throw unauthorized(problem);
  return next({ ctx: { session } });
});

/** Needs an operator's session. */
export const operatorProcedure = walletProcedure.meta({ access: 'operator' }).use(({ ctx, next }) => {
  if (ctx.session.operator !== true) throw forbidden('Operators only.');
  return next();
});

/** What counts against the limits of trades, of its wallet and of its address. */
export const orderProcedure = walletProcedure.use(async ({ ctx, next }) => {
  await withinLimit(ctx, 'trades', ctx.session.wallet);
  return next();
});

/** What makes something that stays for good. */
export const creationProcedure = walletProcedure.use(async ({ ctx, next }) => {
  await withinLimit(ctx, 'creations', ctx.session.wallet);
  return next();
});
