import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { mutations } from './mutations.ts';
import { platformQueries } from './platform-queries.ts';
import { queries } from './queries.ts';
import { subscriptions } from './subscriptions.ts';
import { createCallerFactory, mergeRouters } from './trpc.ts';

export const appRouter = mergeRouters(mutations, queries, platformQueries, subscriptions);

/** Calls procedures directly: `createCaller({ services, session })`. */
export const createCaller = createCallerFactory(appRouter);

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
export type Caller = ReturnType<typeof createCaller>;
