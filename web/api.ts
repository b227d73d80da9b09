import { QueryClient } from '@tanstack/react-query';
import {
  createTRPCClient,
  createWSClient,
  TRPCClientError,
  type TRPCWebSocketClient,
  wsLink,
} from '@trpc/client';
import { createTRPCReact } from '@trpc/react-query';
import superjson from 'superjson';
import type { AppRouter } from '../server/api/router.ts';
import { Backoff } from './live/backoff.ts';
import { PING_AFTER_MS, PONG_WITHIN_MS } from './live/connection.ts';
import { stableKey } from './live/keys.ts';

export const trpc = createTRPCReact<AppRouter>();

/** The API's client; subscriptions are taken from it by `live/`, queries go through `trpc.*.useQuery`. */
export type ApiClient = ReturnType<typeof createTRPCClient<AppRouter>>;

interface Api {
  readonly socket: TRPCWebSocketClient;
  readonly client: ApiClient;
  readonly queryClient: QueryClient;
}

/** Connects to the API. `onHeard` is called for every frame the server sends, also those that are not messages. */
export function createApi(url: string, onHeard: () => void): Api {
  const backoff = new Backoff(Date.now, Math.random);
  const socket = createWSClient({
    url,
    WebSocket: class extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args);
        this.addEventListener('message', onHeard);
      }
    },
    retryDelayMs: backoff.delay,
    onOpen: backoff.opened,
    keepAlive: { enabled: true, intervalMs: PING_AFTER_MS, pongTimeoutMs: PONG_WITHIN_MS },
  });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer: superjson })] });
  return { socket, client, queryClient: createQueryClient() };
}

/** Where the API is: the same host and port as the page. */
export function apiUrl({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string {
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/trpc`;
}

/**
 * What an error means for asking again. `passing`: it may work later. `refused`: not with this input. `shut_out`: the
 * server will not have this client.
 */
export type ErrorKind = 'passing' | 'refused' | 'shut_out';

export function errorKind(error: unknown): ErrorKind {
  if (!(error instanceof TRPCClientError)) return 'passing';
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('httpStatus' in data)) return 'passing';
  const { httpStatus } = data;
  if (typeof httpStatus !== 'number' || httpStatus < 400 || httpStatus >= 500) return 'passing';
  switch (httpStatus) {
    case 401:
    case 403:
      return 'shut_out';
    // Too slow, too many.
    case 408:
    case 429:
      return 'passing';
    default:
      return 'refused';
  }
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Inputs may hold bigints, which the default hash throws on.
        queryKeyHashFn: stableKey,
        retry: (failures, error) => failures < 3 && errorKind(error) === 'passing',
        refetchOnWindowFocus: false,
      },
    },
  });
}
