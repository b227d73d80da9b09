import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { WebSocket } from 'ws';
import type { AppRouter } from '../../server/api/router.ts';

/** The stock client on a WebSocket, which reconnects at once. */
export function connectClient(url: string) {
  // The stock client takes the platform's WebSocket, and Node 20 has none.
  Object.assign(globalThis, { WebSocket });
  const socket = createWSClient({ url, retryDelayMs: () => 1 });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer: superjson })] });
  return { client, close: () => socket.close() };
}
