import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Clock } from './clock.ts';
import type { Connection } from './live/connection.ts';
import type { Frames } from './live/frames.ts';
import type { LiveClient } from './live/live-client.ts';
import type { Route, Router } from './router.ts';

/** What lives outside React, made once in main.tsx. */
export interface Services {
  readonly live: LiveClient;
  readonly connection: Connection;
  readonly frames: Frames;
  readonly clock: Clock;
  readonly router: Router;
}

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('there is no ServicesProvider around this component');
  return services;
}

/** Milliseconds since the epoch, ticking every second. */
export function useNow(): number {
  const { clock } = useServices();
  return useSyncExternalStore(clock.subscribe, clock.now);
}

export function useRoute(): Route {
  const { router } = useServices();
  return useSyncExternalStore(router.subscribe, router.get);
}
