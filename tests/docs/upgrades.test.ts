import { request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { UPGRADE_STATUSES } from '../../server/docs/error-data.ts';
import { NO_RATES } from '../../server/guards/rate-limits.ts';
import { AuthServer, type AuthServerOptions } from '../support/auth-server.ts';
import { shown, theReference } from './shown-page.ts';

interface Asked {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an upgrade is answered: the status, and whether it says when to come again. */
const upgrade = (url: string, { path = '/trpc', headers = {} }: Asked) =>
  new Promise<{ status: number | undefined; retryAfter: boolean }>((resolve, reject) => {
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const { hostname, port } = new URL(url);
    const asking = request({ hostname, port, path, headers: { ...handshake, ...headers } });
    asking.on('error', reject);
    asking.on('upgrade', ({ statusCode: status }, socket) => {
      socket.destroy();
      resolve({ status, retryAfter: false });
    });
    asking.on('response', ({ statusCode: status, headers: answered }) => {
      asking.destroy();
      resolve({ status, retryAfter: answered['retry-after'] !== undefined });
    });
    asking.end();
  });

async function open(options: AuthServerOptions = {}): Promise<AuthServer> {
  const server = await AuthServer.open(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

it('are answered with the statuses on the page, and no others', async () => {
  const plain = await open();
  const once = { ...NO_RATES, connects: { wallet: null, address: { count: 1, seconds: 60 } } };
  const limited = await open({ app: { rates: once } });
  const overloaded = await open({ server: { overload: { reason: 'memory' } } });
  expect((await upgrade(plain.url, {})).status).toBe(101);
  expect((await upgrade(limited.url, {})).status).toBe(101);
  const answered = [
    await upgrade(plain.url, { path: '//elsewhere' }),
    await upgrade(plain.url, { headers: { origin: 'https://elsewhere.example' } }),
    await upgrade(plain.url, { path: '/elsewhere' }),
    await upgrade(limited.url, {}),
    await upgrade(overloaded.url, {}),
  ];
  expect(answered).toEqual(UPGRADE_STATUSES.map(({ status, retryAfter }) => ({ status, retryAfter })));
  const page = shown(theReference());
  const rows = [...page.querySelectorAll('section:has(#errors) .table:last-of-type td:first-child')];
  expect(rows.map(({ textContent }) => textContent)).toEqual(answered.map(({ status }) => `${status}`));
});
