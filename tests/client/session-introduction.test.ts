import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import {
  type ConnectedClient,
  createClient,
  type KeptSession,
  memoryStorage,
} from '../../shared/client/index.ts';
import { Inbox } from '../support/streams.ts';
import { ManualTimers } from './manual-timers.ts';

/** What came over a connection, the address that it was opened with first. */
let heard: Inbox<string>;
let server: WebSocketServer;
let timers: ManualTimers;
let client: ConnectedClient | undefined;

beforeEach(async () => {
  heard = new Inbox();
  timers = new ManualTimers();
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket, { url = '' }) => {
    heard.push(url);
    socket.on('message', (data) => heard.push(String(data)));
  });
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(async () => {
  await client?.close();
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

const kept: KeptSession = {
  sessionId: 'one',
  wallet: 'ann',
  operator: false,
  accessToken: 'old-access',
  goodUntil: 1_000_000 + 10 * 60_000,
  lastsMs: 15 * 60_000,
  refreshToken: 'refresh',
};

const fresh = {
  sessionId: 'one',
  wallet: 'ann',
  operator: false,
  accessToken: 'new-access',
  accessExpiresAt: 0,
  refreshToken: 'next-refresh',
  refreshExpiresAt: 0,
};

/** Answers the calls over HTTP. */
const answering = async (input: unknown): Promise<Response> => {
  const json = String(input).includes('/auth.refresh') ? fresh : null;
  return new Response(JSON.stringify({ result: { data: { json } } }));
};
const unreachable = (): Promise<Response> => Promise.reject(new TypeError('there is no network'));

function connect(session: KeptSession | null, fetch = answering): void {
  const storage = memoryStorage();
  if (session !== null) storage.save(session);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  const url = `ws://127.0.0.1:${address.port}/trpc`;
  client = createClient({ url, WebSocket, clock: timers, session: { storage, fetch } });
}

const introduction = (token: string): string =>
  JSON.stringify({ method: 'connectionParams', data: { token } });

describe('a connection', () => {
  it('of nobody opens as it does where there are no sessions', async () => {
    connect(null);
    const asked = client?.client.agents.query({}).catch(() => undefined);
    await heard.until((all) => all.length >= 2);
    expect(heard.items[0]).toBe('/trpc');
    expect(heard.items[1]).toContain('"path":"agents"');
    await client?.close();
    await asked;
  });

  it('begins with the token, which is not in its address', async () => {
    connect(kept);
    await heard.until((all) => all.length >= 3);
    const [address, first, second] = heard.items;
    expect([address, first]).toEqual(['/trpc?connectionParams=1', introduction('old-access')]);
    // Only its answer tells that the connection speaks for the session; the params have none.
    expect(second).toContain('"path":"auth.renew"');
    await client?.close();
    expect(timers.waiting).toBe(0);
  });

  it.each([
    ['has expired', 1_000_000],
    ['is about to expire', 1_000_000 + 60_000],
  ])('begins with a new token when the one there is %s', async (_what, goodUntil) => {
    connect({ ...kept, goodUntil });
    await heard.until((all) => all.length >= 2);
    expect(heard.items[1]).toBe(introduction('new-access'));
  });

  it('begins with what there is when the server cannot be reached otherwise', async () => {
    connect({ ...kept, goodUntil: 1_000_000 + 1 }, unreachable);
    await heard.until((all) => all.length >= 2);
    expect(heard.items[1]).toBe(introduction('old-access'));
    expect(client?.session.state.get().kind).toBe('signed_in');
  });
});
