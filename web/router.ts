import { type AgentId, agentId, isAgentId } from '../shared/ids.ts';
import { Listeners } from './live/listeners.ts';
import { BOARD_SORTS, type BoardSort } from './sorts.ts';

/** What the page's address says to show. */
export type Route =
  | { readonly kind: 'board'; readonly sort: BoardSort }
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'not_found'; readonly path: string };

export function parseRoute({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Route {
  if (pathname === '/') {
    const wanted = new URLSearchParams(search).get('sort');
    return { kind: 'board', sort: BOARD_SORTS.find((sort) => sort === wanted) ?? 'new' };
  }
  const [, id] = /^\/agent\/([^/]+)\/?$/.exec(pathname) ?? [];
  if (id !== undefined && isAgentId(id)) return { kind: 'agent', agentId: agentId(id) };
  return { kind: 'not_found', path: pathname };
}

export const boardPath = (sort: BoardSort = 'new'): string => (sort === 'new' ? '/' : `/?sort=${sort}`);
export const agentPath = (id: AgentId): string => `/agent/${id}`;

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
    // Another sort of the same board is not another place.
    if (before.kind !== 'board' || this.#route.kind !== 'board') this.window.scrollTo(0, 0);
  };

  readonly #read = (): void => {
    this.#route = parseRoute(this.window.location);
    this.#listeners.notify();
  };
}
