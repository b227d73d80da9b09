import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { appRouter } from '../../server/api/router.ts';
import { contractOf } from '../../server/contract.ts';
import { CLOSE } from '../../server/realtime/ws/close-codes.ts';
import { channels } from '../../shared/channels.ts';
import {
  type ClientOptions,
  type ConnectedClient,
  ConnectionEndedError,
  causeOf,
  createClient,
  OUTDATED,
  UnansweredError,
} from '../../shared/client/index.ts';
import { KeypairWallet } from '../../shared/wallet/keypair.ts';
import { AuthServer } from '../support/auth-server.ts';
import { TcpProxy } from '../support/proxy.ts';
import { Inbox } from '../support/streams.ts';
import { errorOf, isOpen, statesOf } from './fixture.ts';

const OURS = contractOf(appRouter, channels);
const ENDED = { kind: 'ended', code: OUTDATED, reason: 'built for another contract' };

let server: AuthServer;
let proxy: TcpProxy;
let url: string;
let clients: ConnectedClient[];

beforeEach(async () => {
  server = await AuthServer.open();
  proxy = new TcpProxy();
  url = `ws://127.0.0.1:${await proxy.listen(server.server.port)}/trpc`;
  clients = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(clients.map(({ close }) => close()));
  await proxy.close();
  await server[Symbol.asyncDispose]();
});

function connect(options: Partial<ClientOptions> = {}): ConnectedClient {
  const client = createClient({ url, WebSocket, backoff: { firstMs: 1, longestMs: 1 }, ...options });
  clients.push(client);
  return client;
}

/** A new version of the server, in the place of the one that the clients were built for. */
function deploy(): void {
  vi.spyOn(server.market.app.services, 'contract').mockReturnValue('another contract');
}

function listen({ client }: ConnectedClient) {
  const types = new Inbox<string>();
  const errors = new Inbox<unknown>();
  client.onAgentCreated.subscribe(
    {},
    { onData: ({ data }) => types.push(data.type), onError: (error) => errors.push(error) },
  );
  return { types, errors };
}

const faucet = { clientOrderId: 'one' };

it('the code is the one that the server closes with', () => {
  expect(OUTDATED).toBe(CLOSE.outdated);
});

describe('a client', () => {
  it.each([
    ['that was built for this server', { contract: OURS }],
    ['that does not say what it was built for', {}],
    ['that says it is undefined', { contract: undefined }],
  ])('%s works, and goes on after a loss', async (_, options) => {
    const one = connect(options);
    const states = statesOf(one.state);
    const { types, errors } = listen(one);
    await types.until(({ length }) => length === 1);
    for (let round = 1; round <= 3; round += 1) {
      proxy.cut();
      await states.until((all) => all.at(-1)?.kind === 'reconnecting');
      await states.until(isOpen);
      await server.market.createAgent(`N${round}`);
      await types.until(({ length }) => length === round + 1);
    }
    expect(types.items).toEqual(['snapshot', ...Array(3).fill('agent_created')]);
    expect(errors.items).toEqual([]);
    expect(await one.client.contract.query()).toEqual({ hash: OURS });
  });

  it('that was built for this server can sign in, and comes back as who it was', async () => {
    const { client, session, state } = connect({ contract: OURS });
    const states = statesOf(state);
    await session.signIn(KeypairWallet.fromSeed(new Uint8Array(32).fill(3)));
    proxy.cut();
    await states.until((all) => all.at(-1)?.kind === 'reconnecting');
    expect(await client.auth.sessions.query()).toHaveLength(1);
  });

  it('that was built for another server ends, and comes back no more', async () => {
    const old = connect({ contract: 'old' });
    const states = statesOf(old.state);
    const { types, errors } = listen(old);
    const query = errorOf(old.client.agents.query({}));
    await states.until((all) => all.at(-1)?.kind === 'ended');
    expect(states.items.at(-1)).toEqual(ENDED);
    expect(states.items.map(({ kind }) => kind)).not.toContain('reconnecting');
    expect(causeOf(await query, ConnectionEndedError)).toMatchObject({ code: OUTDATED });
    await errors.until(({ length }) => length === 1);
    expect(causeOf(errors.items[0], ConnectionEndedError)).toMatchObject({ code: OUTDATED });

    const later = await errorOf(old.client.agents.query({}));
    expect(causeOf(later, ConnectionEndedError)).toMatchObject({ code: OUTDATED });
    const order = await errorOf(old.client.faucet.mutate(faucet));
    expect(causeOf(order, ConnectionEndedError)).toMatchObject({ code: OUTDATED });
    expect(causeOf(order, UnansweredError)).toMatchObject({ outcome: 'never_sent' });
    expect(types.items).toEqual([]);
    expect(proxy.connections).toBe(1);
  });

  it('of before a deploy ends when it comes back, with what it listens to', async () => {
    const old = connect({ contract: OURS });
    const states = statesOf(old.state);
    const { types, errors } = listen(old);
    await types.until(({ length }) => length === 1);
    deploy();
    // Who is connected stays.
    await server.market.createAgent('STAYS');
    await types.until(({ length }) => length === 2);
    proxy.cut();
    await states.until((all) => all.at(-1)?.kind === 'ended');
    expect(states.items.at(-1)).toEqual(ENDED);
    await errors.until(({ length }) => length === 1);
    expect(causeOf(errors.items[0], ConnectionEndedError)).toMatchObject({ code: OUTDATED });
    expect(types.items).toEqual(['snapshot', 'agent_created']);
  });

  it('that is asked to reconnect by a server that goes ends as well, on both sockets', async () => {
    const old = connect({ contract: OURS });
    const states = statesOf(old.state);
    const { types } = listen(old);
    await types.until(({ length }) => length === 1);
    deploy();
    const next = await AuthServer.open();
    try {
      vi.spyOn(next.market.app.services, 'contract').mockReturnValue('another contract');
      proxy.pointTo(next.server.port);
      const drained = server.server.drain();
      await states.until((all) => all.at(-1)?.kind === 'ended');
      expect(states.items.map(({ kind }) => kind)).toEqual(['connecting', 'open', 'ended']);
      expect(await drained).toEqual({ left: 1, closed: 0 });
    } finally {
      await next[Symbol.asyncDispose]();
    }
  });

  it('has what it was built for in the URL, whatever else is there', async () => {
    const urls: string[] = [];
    class Noting extends WebSocket {
      constructor(to: string) {
        urls.push(to);
        super(to);
      }
    }
    const states = [
      connect({ WebSocket: Noting, contract: OURS }),
      connect({ WebSocket: Noting, contract: 'a&b', url: `${url}?x=1` }),
      connect({ WebSocket: Noting, url: `${url}?x=1` }),
    ].map(({ state }) => statesOf(state));
    for (const each of states) await each.until((all) => ['open', 'ended'].includes(all.at(-1)?.kind ?? ''));
    expect(urls).toEqual([`${url}?contract=${OURS}`, `${url}?x=1&contract=a%26b`, `${url}?x=1`]);
  });
});
