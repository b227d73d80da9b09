import { pagePath, type Route } from '../router.ts';

export interface Place {
  readonly href: string;
  readonly label: string;
  /** The routes at which one is there. */
  readonly kinds: readonly Route['kind'][];
}

/** What the top bar leads to. */
export const PLACES: readonly Place[] = [
  { href: '/', label: 'Board', kinds: ['board', 'agent'] },
  { href: pagePath('olympics'), label: 'Olympics', kinds: ['olympics'] },
  { href: pagePath('vaults'), label: 'Vaults', kinds: ['vaults', 'vault'] },
  { href: pagePath('activity'), label: 'Activity', kinds: ['activity'] },
  { href: pagePath('portfolio'), label: 'Portfolio', kinds: ['portfolio'] },
];

/** What search leads to as well. */
export const ALL_PLACES: readonly Place[] = [
  ...PLACES,
  { href: pagePath('create'), label: 'Create agent', kinds: ['create'] },
  { href: pagePath('settings'), label: 'Settings', kinds: ['settings'] },
];
