import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OverloadReason } from '../../server/guards/overload.ts';
import { DEFAULT_RATES, RateLimits } from '../../server/guards/rate-limits.ts';
import { DEFAULT_SERVER_LIMITS, NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { AuthServer, type AuthServerOptions } from '../support/auth-server.ts';
import { eventually, Gate } from '../support/gate.ts';
import { RawClient } from '../support/raw-ws.ts';
import { cutAll, halfOpen, serverSockets, statuses, upgrade, upgrades } from './fixture.ts';

let open: AuthServer | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  cutAll();
  await open?.[Symbol.asyncDispose]();
  open = undefined;
});

async function start(options: AuthServerOptions = {}): Promise<AuthServer['server']> {
  open = await AuthServer.open(options);
  return open.server;
}
const few = (connectionsPerAddress: number) => ({ ...NO_SERVER_LIMITS, connectionsPerAddress });

describe('a WebSocket', () => {
  it.each([
    ['https://agent.fun', 101],
    ['https://www.agent.fun', 101],
    [undefined, 101],
    ['null', 403],
    ['https://evil.example', 403],
    ['http://agent.fun', 403],
    ['https://agent.fun.evil.example', 403],
    ['http://localhost:3001', 403],
  ])('from a page of %s is answered with %d', async (Origin, status) => {
    const server = await start({
      server: { publicUrl: 'https://agent.fun', origins: ['https://www.agent.fun'] },
    });
    for (const path of ['/trpc', '/ws']) {
      expect((await upgrade(server, { Origin }, path)).status).toBe(status);
    }
  });

  it('is one of twenty that an address may have, which make room when they close', async () => {
    const server = await start({ server: { limits: DEFAULT_SERVER_LIMITS } });
    const all = await upgrades(server, 20);
    expect(statuses(all)).toEqual(Array(20).fill(101));
    const { status, retryAfter, client } = await upgrade(server);
    expect([status, retryAfter]).toEqual([429, '10']);
    expect(await client.closed).toBe('ended');
    // Another door leads to the same house.
    expect((await upgrade(server, {}, '/ws')).status).toBe(429);
    const [first, second] = all;
    await first?.client.close(1000);
    second?.client.reset();
    await Promise.all([first?.client.closed, second?.client.closed]);
    const again = await upgradesWhenFree(server, 2);
    expect(again).toBe(2);
    expect((await upgrade(server)).status).toBe(429);
  });

  it('whose handshake fails takes no place', async () => {
    const server = await start({ server: { limits: few(2) } });
    for (let times = 0; times < 10; times += 1) {
      const { status, client } = await upgrade(server, { 'Sec-WebSocket-Version': '7' });
      expect([400, 426]).toContain(status);
      await client.closed;
    }
    expect(await upgradesWhenFree(server, 2)).toBe(2);
    expect((await upgrade(server)).status).toBe(429);
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
    const sockets = serverSockets();
    const client = await RawClient.open({ port: server.port });
    await asked.opened;
    client.reset();
    await eventually(() => sockets.items[0]?.closed === true);
    answered.open();
    check.mockRestore();
    expect((await upgrade(server)).status).toBe(101);
  });

  it('is one of five that an address may open a second', async () => {
    // No time passes but what is told.
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const server = await start({ app: { rates: DEFAULT_RATES } });
    expect(statuses(await upgrades(server, 5))).toEqual(Array(5).fill(101));
    const { status, retryAfter } = await upgrade(server);
    expect([status, retryAfter]).toEqual([429, '1']);
    vi.advanceTimersByTime(999);
    expect((await upgrade(server)).status).toBe(429);
    vi.advanceTimersByTime(1);
    expect((await upgrade(server)).status).toBe(101);
  });

  it('is refused while the server is overloaded, and those there are stay', async () => {
    const overload: { reason: OverloadReason | null } = { reason: null };
    const server = await start({ server: { overload } });
    const { client } = await upgrade(server);
    overload.reason = 'event loop';
    for (const path of ['/trpc', '/ws']) {
      const { status, retryAfter } = await upgrade(server, {}, path);
      expect([status, retryAfter]).toEqual([503, '5']);
    }
    await client.text('PING');
    expect(await client.nextText()).toBe('PONG');
    overload.reason = null;
    expect((await upgrade(server)).status).toBe(101);
  });

  it.each([
    [0, [101, 429, 429, 429]],
    [1, [101, 429, 101, 429]],
  ])('behind %d proxies is of the address that the proxy tells', async (proxyHops, expected) => {
    const server = await start({ server: { limits: few(1), proxyHops } });
    const all = [
      await upgrade(server, { 'X-Forwarded-For': '198.51.100.1' }),
      // What the client wrote itself comes first.
      await upgrade(server, { 'X-Forwarded-For': '203.0.113.5, 198.51.100.1' }),
      await upgrade(server, { 'X-Forwarded-For': '198.51.100.2' }),
      await upgrade(server, { 'X-Forwarded-For': '198.51.100.2' }),
    ];
    expect(statuses(all)).toEqual(expected);
  });

  it('that is refused is closed, though the client does not close its side', async () => {
    const server = await start({ server: { publicUrl: 'https://agent.fun' } });
    const sockets = serverSockets();
    const request =
      'GET /trpc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: null\r\n\r\n';
    const answer = await halfOpen(server, request);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    await eventually(() => sockets.items[0]?.destroyed === true);
  });
});

/** How many are let in until one is not; first those that have closed must have been seen to. */
async function upgradesWhenFree(server: AuthServer['server'], expected: number): Promise<number> {
  let admitted = 0;
  for (let tries = 0; admitted < expected && tries < 200; tries += 1) {
    if ((await upgrade(server)).status === 101) admitted += 1;
  }
  return admitted;
}
