import { initTRPC } from '@trpc/server';
import type { ChannelKind } from '../../shared/channels.ts';
import type { LimitedKind } from '../guards/rate-limits.ts';
import { recorded } from './calls.ts';
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

export const publicProcedure = t.procedure
  .meta({ access: 'public' })
  .use(({ ctx, path, type, next }) => recorded({ ctx, path, type }, () => next()));

/** What a wallet does, if it has a session; all in one step, as tRPC copies much at each. */
const procedureOfWallets = (limited: LimitedKind | null) =>
  t.procedure.meta({ access: 'wallet' }).use(({ ctx, path, type, next }) =>
    recorded({ ctx, path, type }, () => {
      const { session, client } = ctx.principal;
      if (session === null) throw unauthorized(ctx.principal.problem);
      const go = () => next({ ctx: { session } });
      return limited === null || client === undefined
        ? go()
        : withinLimit(ctx, limited, session.wallet).then(go);
    }),
  );

/** Needs a session, at the time of the call: one that has expired or been revoked since the connection opened is none. */
export const walletProcedure = procedureOfWallets(null);

/** What counts against the limits of trades, of its wallet and of its address. */
export const orderProcedure = procedureOfWallets('trades');

/** What makes something that stays for good. */
export const creationProcedure = procedureOfWallets('creations');

/** Needs an operator's session. */
export const operatorProcedure = walletProcedure.meta({ access: 'operator' }).use(({ ctx, next }) => {
  if (ctx.session.operator !== true) throw forbidden('Operators only.');
  return next();
});
