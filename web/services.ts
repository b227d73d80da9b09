import { createContext, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { ApiClient, ClientSession, SessionState, Store } from '../shared/client/index.ts';
import type { Clock } from './clock.ts';
import type { ServerClock } from './live/clock-offset.ts';
import type { Connection } from './live/connection.ts';
import type { Frames } from './live/frames.ts';
import type { LiveClient } from './live/live-client.ts';
import type { Orders } from './orders/orders.ts';
import type { Route, Router } from './router.ts';
import type { Settings, SettingsStore } from './settings/settings.ts';
import type { Announcer } from './shell/announcer.ts';
import type { Toasts } from './ui/toasts.ts';
import type { SignInFlow } from './wallet/sign-in-flow.ts';
import type { UsableWallet } from './wallet/wallets.ts';

/** What lives outside React, made once in main.tsx. */
export interface Services {
  readonly client: ApiClient;
  readonly live: LiveClient;
  readonly connection: Connection;
  readonly frames: Frames;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly router: Router;
  /** Begins to load the page of a route, when there is reason to think that it will be shown. */
  readonly preload: (route: Route) => void;
  readonly session: ClientSession;
  /** The sign-in of the page: one at a time, wherever it is begun. */
  readonly signIn: SignInFlow;
  readonly wallets: Store<readonly UsableWallet[]>;
  readonly settings: SettingsStore;
  readonly toasts: Toasts;
  readonly orders: Orders;
  /** Says things to screen readers that the page shows without words. */
  readonly announcer: Announcer;
  /** Whether the server, or what it serves, has become another than this page was made for. */
  readonly outdated: Store<boolean>;
}

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('there is no ServicesProvider around this component');
  return services;
}

/**
 * Milliseconds since the epoch, ticking every second, by the server's clock: everything that is shown was dated by it.
 */
export function useNow(): number {
  const { clock, serverClock } = useServices();
  const offset = useSyncExternalStore(serverClock.subscribe, serverClock.get);
  return usePageNow(clock) + (offset?.ms ?? 0);
}

/** As {@link useNow} by the page's own clock, for what was dated on the page. */
export function usePageNow({ subscribe, now }: Clock): number {
  return useSyncExternalStore(subscribe, now);
}

export function useRoute(): Route {
  const { router } = useServices();
  return useSyncExternalStore(router.subscribe, router.get);
}

/** Who is signed in. */
export function useSession(): SessionState {
  const { state } = useServices().session;
  return useSyncExternalStore(state.subscribe, state.get);
}

/** The address of the wallet that is signed in; `null` when none is. */
export function useOwnWallet(): string | null {
  const session = useSession();
  return session.kind === 'signed_in' ? session.wallet : null;
}

/** What the trader has set; the component renders again only when what it selects changes. */
export function useSetting<T>(select: (settings: Settings) => T): T {
  return useStore(useServices().settings, select);
}
