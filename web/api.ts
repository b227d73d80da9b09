import { QueryClient } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { createTRPCReact } from '@trpc/react-query';
import type { AppRouter } from '../server/api/router.ts';
import {
  type ConnectedClient,
  ConnectionEndedError,
  causeOf,
  createClient,
  type SessionOptions,
} from '../shared/client/index.ts';
import { stableKey } from './live/keys.ts';

export const trpc = createTRPCReact<AppRouter>();

/** Subscriptions are taken from the client by `live/`; queries go through `trpc.*.useQuery`. */
interface Api extends ConnectedClient {
  readonly queryClient: QueryClient;
}

interface ApiOptions {
  readonly url: string;
  /** What this page was built for. */
  readonly contract: string;
  /** Called for every frame the server sends, also those that are not messages. */
  readonly onHeard: () => void;
  readonly session: SessionOptions;
}

/** Connects to the API. */
export function createApi(options: ApiOptions): Api {
  return { ...createClient(options), queryClient: createQueryClient() };
}

/** Where the API is: the same host and port as the page. */
export function apiUrl({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string {
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/trpc`;
}

/** Whether it is an error of a call: the server's answer to it, or that there was none. */
export const isApiError = (error: unknown): error is TRPCClientError<AppRouter> =>
  error instanceof TRPCClientError;

/**
 * What an error means for asking again. `passing`: it may work later. `refused`: not with this input. `shut_out`: the
 * server will not have this client.
 */
export type ErrorKind = 'passing' | 'refused' | 'shut_out';

export function errorKind(error: unknown): ErrorKind {
  if (causeOf(error, ConnectionEndedError) !== undefined) return 'shut_out';
  if (!(error instanceof TRPCClientError)) return 'passing';
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('httpStatus' in data)) return 'passing';
  const { httpStatus } = data;
  if (typeof httpStatus !== 'number' || httpStatus < 400 || httpStatus >= 500) return 'passing';
  switch (httpStatus) {
    case 401:
      // The client has not been able to renew it yet, and goes on trying.
      return 'session' in data && data.session === 'expired' ? 'passing' : 'shut_out';
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
