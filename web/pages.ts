import { type ComponentType, lazy } from 'react';
import type { AgentId, VaultId } from '../shared/ids.ts';
import type { BoardSort } from './board/sorts.ts';
import type { Route } from './router.ts';
import { patiently } from './shell/patiently.ts';

/** Each page is a part of the program of its own, loaded when it is first needed or likely to be. */
const LOADERS = {
  board: () => import('./board/board-page.tsx').then(({ BoardPage }) => page(BoardPage)),
  agent: () => import('./agent/agent-page.tsx').then(({ AgentPage }) => page(AgentPage)),
  portfolio: () => import('./portfolio/portfolio-page.tsx').then(({ PortfolioPage }) => page(PortfolioPage)),
  olympics: () => import('./olympics/olympics-page.tsx').then(({ OlympicsPage }) => page(OlympicsPage)),
  vaults: () => import('./vaults/vaults-page.tsx').then(({ VaultsPage }) => page(VaultsPage)),
  vault: () => import('./vaults/vault-page.tsx').then(({ VaultPage }) => page(VaultPage)),
  activity: () => import('./activity/activity-page.tsx').then(({ ActivityPage }) => page(ActivityPage)),
  create: () => import('./create/create-page.tsx').then(({ CreatePage }) => page(CreatePage)),
  settings: () => import('./settings/settings-page.tsx').then(({ SettingsPage }) => page(SettingsPage)),
};

const page = <P extends object>(component: ComponentType<P>) => ({ default: component });

/** Begins to load the page of a route, when there is reason to think that it will be shown. */
export function preload(route: Route): void {
  // What fails now is said when the page is shown.
  if (route.kind !== 'not_found') LOADERS[route.kind]().catch(() => undefined);
}

export const PAGES = {
  board: lazy<ComponentType<{ readonly sort: BoardSort }>>(() => patiently(LOADERS.board)),
  agent: lazy<ComponentType<{ readonly agentId: AgentId }>>(() => patiently(LOADERS.agent)),
  portfolio: lazy<ComponentType>(() => patiently(LOADERS.portfolio)),
  olympics: lazy<ComponentType>(() => patiently(LOADERS.olympics)),
  vaults: lazy<ComponentType>(() => patiently(LOADERS.vaults)),
  vault: lazy<ComponentType<{ readonly vaultId: VaultId }>>(() => patiently(LOADERS.vault)),
  activity: lazy<ComponentType>(() => patiently(LOADERS.activity)),
  create: lazy<ComponentType>(() => patiently(LOADERS.create)),
  settings: lazy<ComponentType>(() => patiently(LOADERS.settings)),
};
