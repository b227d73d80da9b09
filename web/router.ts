import { type AgentId, agentId, isAgentId, isVaultId, type VaultId, vaultId } from '../shared/ids.ts';
import { type BoardAddress, boardSearch, PLAIN_BOARD, parseBoard } from './board/address.ts';
import { Listeners } from './live/listeners.ts';

/** What the page's address says to show. */
export type Route =
  | ({ readonly kind: 'board' } & BoardAddress)
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'vault'; readonly vaultId: VaultId }
  | { readonly kind: PlainPage }
  | { readonly kind: 'not_found'; readonly path: string };

/** Pages that there is one of. */
const PLAIN_PAGES = ['portfolio', 'olympics', 'vaults', 'activity', 'create', 'settings'] as const;
type PlainPage = (typeof PLAIN_PAGES)[number];

export function parseRoute({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Route {
  if (pathname === '/') return { kind: 'board', ...parseBoard(search) };
  const [, name, id] = /^\/([a-z]+)(?:\/([^/]+))?\/?$/.exec(pathname) ?? [];
  if (id === undefined) {
    const kind = PLAIN_PAGES.find((page) => page === name);
    if (kind !== undefined) return { kind };
  } else if (name === 'agent' && isAgentId(id)) return { kind: 'agent', agentId: agentId(id) };
  else if (name === 'vault' && isVaultId(id)) return { kind: 'vault', vaultId: vaultId(id) };
  return { kind: 'not_found', path: pathname };
}

export const boardPath = (board: BoardAddress = PLAIN_BOARD): string => `/${boardSearch(board)}`;
export const agentPath = (id: AgentId): string => `/agent/${id}`;
export const vaultPath = (id: VaultId): string => `/vault/${id}`;
export const pagePath = (page: PlainPage): string => `/${page}`;

/** Keeps the address and what is shown the same, without loading a page. */
export class Router {
  readonly #listeners = new Listeners();
  #route: Route;

  constructor(
    private readonly window: Pick<Window, 'location' | 'history' | 'scrollTo' | 'addEventListener'>,
  ) {
    this.#route = parseRoute(window.location);
    window.addEventListener('popstate', this.#read);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);
  readonly get = (): Route => this.#route;

  readonly navigate = (path: string): void => {
    const before = this.#route;
    this.window.history.pushState(null, '', path);
    this.#read();
    // The same board shown otherwise is not another place.
    if (before.kind !== 'board' || this.#route.kind !== 'board') this.window.scrollTo(0, 0);
  };

  readonly #read = (): void => {
    this.#route = parseRoute(this.window.location);
    this.#listeners.notify();
  };
}
