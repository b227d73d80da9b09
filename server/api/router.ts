import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { auth } from './auth.ts';
import { mutations } from './mutations.ts';
import { platformQueries } from './platform-queries.ts';
import { queries } from './queries.ts';
import { subscriptions } from './subscriptions.ts';
import { createCallerFactory, mergeRouters, router } from './trpc.ts';

export const appRouter = mergeRouters(mutations, queries, platformQueries, subscriptions, router({ auth }));

/** Calls procedures directly: `createCaller(app.contextOf(session))`. */
export const createCaller = createCallerFactory(appRouter);

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
export type Caller = ReturnType<typeof createCaller>;
