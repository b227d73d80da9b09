import { createTRPCClient, httpLink } from '@trpc/client';
import { transform } from 'esbuild';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RAW_SIGN_IN, TYPED_SIGN_IN } from '../../server/docs/sections/signing-in.ts';
import { type ClientOptions, type ConnectedClient, createClient } from '../../shared/client/index.ts';
import { KeypairWallet } from '../../shared/wallet/keypair.ts';
import { AuthServer } from '../support/auth-server.ts';

let server: AuthServer;
/** Procedures that were called, and their codes. */
const calls: string[] = [];

beforeAll(async () => {
  server = await AuthServer.open({
    app: { onCall: ({ procedure, code }) => calls.push(`${procedure} ${code}`) },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Runs what is on the page: its imports are `parts`, and the server is this one. */
async function run(code: string, parts: Readonly<Record<string, unknown>>): Promise<void> {
  const { code: script } = await transform(
    code.replace(/^import [^;]*;$/gm, '').replaceAll('localhost:3001', `127.0.0.1:${server.server.port}`),
    { loader: 'ts' },
  );
  await new Function(...Object.keys(parts), `return (async () => {${script}})();`)(...Object.values(parts));
}

it('is as the page shows, with the typed client', async () => {
  const wallet = KeypairWallet.fromSeed(new Uint8Array(32).fill(21));
  const opened: ConnectedClient[] = [];
  const kinds: string[] = [];
  const { head } = server.market.log;
  await run(TYPED_SIGN_IN, {
    KeypairWallet: { random: () => wallet },
    createClient: (options: ClientOptions) => {
      const client = createClient({ ...options, WebSocket });
      client.session.state.subscribe(() => kinds.push(client.session.state.get().kind));
      opened.push(client);
      return client;
    },
  });
  await Promise.all(opened.map((client) => client.close()));
  expect(kinds).toEqual(['signing_in', 'signed_in', 'signed_out']);
  expect(server.market.log.head).toBe(head + 1);
  expect(server.identity.sessions(wallet.address)).toEqual([]);
});

it('is as the page shows, with a stock client', async () => {
  const wallet = KeypairWallet.fromSeed(new Uint8Array(32).fill(22));
  calls.length = 0;
  await run(RAW_SIGN_IN, {
    superjson,
    KeypairWallet: { random: () => wallet },
    createTRPCClient,
    httpLink,
  });
  expect(calls).toEqual([
    'auth.challenge OK',
    'auth.signIn OK',
    'account OK',
    'auth.refresh OK',
    'auth.logout OK',
  ]);
  expect(server.identity.sessions(wallet.address)).toEqual([]);
});
