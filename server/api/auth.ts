import { TRPCError } from '@trpc/server';
import {
  challengeInput,
  logoutInput,
  refreshInput,
  renewInput,
  revokeInput,
  signInInput,
} from '../../shared/auth.ts';
import { Visitor } from '../identity/principal.ts';
import type { StoredSession } from '../identity/session-store.ts';
import { unauthorized } from './errors.ts';
import { withinLimit } from './limits.ts';
import { publicProcedure, router, walletProcedure } from './trpc.ts';

/** The one answer to every sign-in that does not hold: what was wrong with it is for nobody to learn. */
const REFUSED = 'The sign-in was refused.';

export const auth = router({
  challenge: publicProcedure
    .meta({
      description:
        'What a wallet is to sign: the input of its `solana:signIn`. It can be used once, within five minutes.',
    })
    .input(challengeInput)
    .mutation(async ({ ctx, input }) => {
      await withinLimit(ctx, 'sign_ins');
      const { services, principal } = ctx;
      return services.identity.challenge(input.address, principal.client?.origin).challenge;
    }),

  signIn: publicProcedure
    .meta({
      description:
        'Opens a session with what the wallet gave for a challenge, bytes as base64. `auth.renew` makes a connection speak for it.',
    })
    .input(signInInput)
    .mutation(async ({ ctx, input }) => {
      const { services, principal } = ctx;
      const tokens = await services.identity.signIn(input, principal.client?.device ?? 'server');
      if (tokens === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: REFUSED });
      return tokens;
    }),

  refresh: publicProcedure
    .meta({
      description:
        'New tokens for a refresh token, which is used up: one that comes a second time ends its session.',
    })
    .input(refreshInput)
    .mutation(async ({ ctx, input }) => {
      const refreshed = await ctx.services.identity.refresh(input.refreshToken);
      if (typeof refreshed === 'string') throw unauthorized(refreshed);
      return refreshed;
    }),

  renew: publicProcedure
    .meta({
      description:
        'The WebSocket connection speaks for the session of the access token from now on; its streams go on. Over HTTP it only checks the token.',
    })
    .input(renewInput)
    .mutation(async ({ ctx, input }) => {
      const session = await ctx.services.identity.sessionOf(input.accessToken);
      if (typeof session === 'string') throw unauthorized(session);
      const { principal } = ctx;
      if (principal instanceof Visitor && !principal.take(session)) throw unauthorized('revoked');
      const { wallet, operator, expiresAt, id: sessionId } = session;
      return { wallet, operator, expiresAt, sessionId };
    }),

  logout: walletProcedure
    .meta({
      description:
        'Ends the session, or all sessions of the wallet, and closes the connections that speak for them.',
    })
    .input(logoutInput)
    .mutation(({ ctx, input }) => {
      const { identity } = ctx.services;
      const { wallet } = ctx.session;
      const own = sessionIdOf(ctx.principal);
      const ending = input.everywhere
        ? identity.sessions(wallet).map(({ id }) => id)
        : own === undefined
          ? []
          : [own];
      return { ended: ending.filter((id) => identity.revoke(wallet, id)).length };
    }),

  sessions: walletProcedure
    .meta({ description: "The wallet's sessions, the oldest first." })
    .query(({ ctx }) => {
      const own = sessionIdOf(ctx.principal);
      return ctx.services.identity
        .sessions(ctx.session.wallet)
        .map((session) => ({ ...summaryOf(session), current: session.id === own }));
    }),

  revokeSession: walletProcedure
    .meta({ description: "Ends one of the wallet's sessions and closes the connections that speak for it." })
    .input(revokeInput)
    .mutation(({ ctx, input }) => {
      const { wallet } = ctx.session;
      if (!ctx.services.identity.revoke(wallet, input.sessionId)) {
        throw new TRPCError({ code: 'NOT_FOUND', message: 'The wallet has no such session.' });
      }
      return { sessionId: input.sessionId };
    }),
});

const sessionIdOf = (principal: unknown): string | undefined =>
  principal instanceof Visitor ? principal.session?.id : undefined;

const summaryOf = ({ id, createdAt, refreshedAt, expiresAt, device }: StoredSession) => ({
  sessionId: id,
  createdAt,
  refreshedAt,
  expiresAt,
  device,
});
