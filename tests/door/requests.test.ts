import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { OverloadReason } from '../../server/guards/overload.ts';
import { DEFAULT_RATES, RateLimits } from '../../server/guards/rate-limits.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { AuthServer, type AuthServerOptions } from '../support/auth-server.ts';
import { eventually, Gate } from '../support/gate.ts';
import { Signer } from '../support/signer.ts';
import { cutAll, upgrade } from './fixture.ts';

const ann = new Signer(1);
let open: AuthServer | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  cutAll();
  await open?.[Symbol.asyncDispose]();
  open = undefined;
});
async function start(options: AuthServerOptions = {}): Promise<AuthServer> {
  open = await AuthServer.open(options);
  return open;
}
const few = (connectionsPerAddress: number) => ({ ...NO_SERVER_LIMITS, connectionsPerAddress });
const AGENTS = '/trpc/agents?input=%7B%22json%22%3A%7B%7D%7D';
const challenge = { address: ann.address };
const PATIENTLY = { timeout: 10_000 };

describe('a request to the API', () => {
  it.each([
    ['https://agent.fun', 200],
    [undefined, 200],
    ['null', 403],
    ['https://evil.example', 403],
  ])('from a page of %s is answered with %d', async (origin, status) => {
    const server = await start({ server: { publicUrl: 'https://agent.fun' } });
    const headers: Record<string, string> = origin === undefined ? {} : { origin };
    expect((await fetch(`${server.url}${AGENTS}`, { headers })).status).toBe(status);
    const posted = await server.post('auth.challenge', challenge, headers);
    expect(posted.status).toBe(status);
    // No page of others may read an answer either.
    expect(posted.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is one of sixty that an address may send in three seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const server = await start({ app: { rates: DEFAULT_RATES } });
    const get = async () => {
      const response = await fetch(`${server.url}${AGENTS}`);
      const body = await response.text();
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body };
    };
    for (let times = 0; times < 60; times += 1) expect((await get()).status).toBe(200);
    const refused = await get();
    expect([refused.status, refused.retryAfter]).toEqual([429, '3']);
    expect(JSON.parse(refused.body)).toMatchObject({
      error: { json: { data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429, retryAfter: 3 } } },
    });
    vi.advanceTimersByTime(2_999);
    expect((await get()).status).toBe(429);
    // What is no call is not counted.
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    vi.advanceTimersByTime(1);
    expect((await get()).status).toBe(200);
  });

  it('is refused while the server is overloaded, which still says how it is', async () => {
    const overload: { reason: OverloadReason | null } = { reason: 'memory' };
    const server = await start({ server: { overload } });
    const response = await fetch(`${server.url}${AGENTS}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.json()).toMatchObject({
      error: { json: { data: { code: 'SERVICE_UNAVAILABLE' } } },
    });
    for (const path of ['/health', '/ready']) expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    overload.reason = null;
    expect((await fetch(`${server.url}${AGENTS}`)).status).toBe(200);
  });

  it('takes one of the places of its address as long as it lasts', async () => {
    const server = await start({ server: { limits: few(1) } });
    for (let times = 0; times < 5; times += 1) {
      expect((await fetch(`${server.url}${AGENTS}`)).status).toBe(200);
    }
    const leaving = new AbortController();
    const { signal } = leaving;
    const url = `${server.url}/trpc/onTrade?input=%7B%22json%22%3A%7B%7D%7D`;
    const events = await fetch(url, { signal });
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const refused = await fetch(`${server.url}${AGENTS}`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect((await upgrade(server.server)).status).toBe(429);
    leaving.abort();
    await vi.waitFor(async () => expect((await fetch(`${server.url}${AGENTS}`)).status).toBe(200), PATIENTLY);
  });

  it('that goes while it is looked at takes no place', async () => {
    const server = await start({ server: { limits: few(1) } });
    const asked = new Gate();
    const answered = new Gate();
    const check = vi.spyOn(RateLimits.prototype, 'check').mockImplementation(async () => {
      asked.open();
      await answered.opened;
      return 0;
    });
    const closed = vi.fn();
    const onRequest = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !('response' in message)) return;
      if (message.response instanceof ServerResponse) message.response.once('close', closed);
    };
    subscribe('http.server.request.start', onRequest);
    onTestFinished(() => {
      unsubscribe('http.server.request.start', onRequest);
    });
    const leaving = new AbortController();
    const gone = fetch(`${server.url}${AGENTS}`, { signal: leaving.signal }).catch(() => 'gone');
    await asked.opened;
    leaving.abort();
    expect(await gone).toBe('gone');
    await eventually(() => closed.mock.calls.length > 0);
    answered.open();
    check.mockRestore();
    expect((await fetch(`${server.url}${AGENTS}`)).status).toBe(200);
  });
});

describe('what is too large', () => {
  const bodyOf = (length: number): string => JSON.stringify({ json: challenge }).padEnd(length, ' ');
  const post = async (server: AuthServer, body: string | ReadableStream) =>
    fetch(`${server.url}/trpc/auth.challenge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      ...(typeof body === 'string' ? {} : { duplex: 'half' }),
    });

  it('a body above 16 KiB is refused with 413, whether or not it says how long it is', async () => {
    const server = await start();
    expect((await post(server, bodyOf(16_384))).status).toBe(200);
    expect((await post(server, bodyOf(16_385))).status).toBe(413);
    const stream = new Blob([bodyOf(16_385)]).stream();
    expect((await post(server, stream)).status).toBe(413);
  });

  it.each([
    [10, 207],
    [11, 400],
  ])('of %d calls in one request the status is %d', async (calls, status) => {
    const server = await start();
    const credit = vi.spyOn(server.identity, 'challenge');
    const input = Object.fromEntries(
      Array.from({ length: calls }, (_, index) => [index, { json: challenge }]),
    );
    const path = Array(calls).fill('auth.challenge').join(',');
    const response = await fetch(`${server.url}/trpc/${path}?batch=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    expect([response.status === 200 ? 207 : response.status]).toEqual([status]);
    expect(credit).toHaveBeenCalledTimes(calls <= 10 ? calls : 0);
  });

  it.each([
    ['7 KiB of headers', { cookie: 'x'.repeat(7 * 1024) }, 200],
    ['9 KiB of headers', { cookie: 'x'.repeat(9 * 1024) }, 431],
  ])('%s: %d', async (_, headers, status) => {
    const server = await start();
    expect((await fetch(`${server.url}/health`, { headers })).status).toBe(status);
  });
});

/** What listens for connections. */
async function httpServerOf({ url }: AuthServer): Promise<Server> {
  const servers: Server[] = [];
  const onRequest = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('server' in message)) return;
    if (message.server instanceof Server) servers.push(message.server);
  };
  subscribe('http.server.request.start', onRequest);
  await fetch(`${url}/health`);
  unsubscribe('http.server.request.start', onRequest);
  const [server] = servers;
  if (server === undefined) throw new Error('no request came');
  return server;
}

describe('who says nothing', () => {
  it('is cut off soon', async () => {
    expect(await httpServerOf(await start())).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      maxHeadersCount: 100,
    });
  });

  it('can open ten TCP connections for each WebSocket that the address may have', async () => {
    const { server } = await start({ server: { limits: few(1) } });
    const connected = (): Promise<Socket> =>
      new Promise((resolve) => {
        const socket = connect({ port: server.port, host: '127.0.0.1' }, () => resolve(socket));
        socket.on('error', () => undefined);
        onTestFinished(() => {
          socket.destroy();
        });
      });
    /** Whether a request over it is answered. */
    const isServed = (socket: Socket): Promise<boolean> =>
      new Promise((resolve) => {
        socket.once('data', () => resolve(true)).once('close', () => resolve(false));
        socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
      });
    const silent: Socket[] = [];
    while (silent.length < 10) silent.push(await connected());
    const oneMore = await connected();
    expect(await isServed(oneMore)).toBe(false);
    expect(await Promise.all(silent.map(isServed))).toEqual(Array(10).fill(true));
    silent[0]?.destroy();
    await vi.waitFor(async () => expect(await isServed(await connected())).toBe(true), PATIENTLY);
  });

  it('is counted by its network where it has IPv6, which is full of addresses', async () => {
    const listening = await httpServerOf(await start({ server: { limits: few(1) } }));
    const sockets = Array.from({ length: 12 }, (_, index) => {
      const socket = new Socket();
      const network = index === 11 ? '2001:db8:0:2' : '2001:db8:0:1';
      Object.defineProperty(socket, 'remoteAddress', { value: `${network}::${index + 1}` });
      listening.emit('connection', socket);
      return socket;
    });
    const cut = sockets.map(({ destroyed }) => destroyed);
    for (const socket of sockets) socket.destroy();
    expect(cut).toEqual([...Array(10).fill(false), true, false]);
  });

  it('has no such bound behind a proxy, whose connections they all are', async () => {
    const { server, url } = await start({ server: { limits: few(1), proxyHops: 1 } });
    const sockets = Array.from({ length: 15 }, () => connect({ port: server.port, host: '127.0.0.1' }));
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    expect((await fetch(`${url}/health`)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});
