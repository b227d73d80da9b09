import { createHash } from 'node:crypto';
import { runInThisContext } from 'node:vm';
import superjson, { type SuperJSONResult } from 'superjson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { wireInput } from '../../server/docs/calls.ts';
import { renderPage } from '../../server/docs/page.ts';
import { ENDPOINTS } from '../../server/docs/sections/start.ts';
import { type RunningServer, startServer } from '../../server/http.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';
import { shown, theReference } from './shown-page.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let market: TestMarket;
let server: RunningServer;
let authorization: string;

beforeAll(async () => {
  market = await openMarket({ onCall: () => undefined });
  const { accessToken } = await market.app.services.identity.vouch(wallet('ann'), 'a test');
  authorization = `Bearer ${accessToken}`;
  server = await startServer({
    app: market.app,
    logger: quiet,
    host: '127.0.0.1',
    port: 0,
    webDir: '/nonexistent',
    limits: NO_SERVER_LIMITS,
  });
});
afterAll(async () => {
  await server.close();
  await market.app.close();
});

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}${path}`, init);

describe('GET /docs/api', () => {
  it('answers the page, which may load and run nothing', async () => {
    const response = await get('/docs/api');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    const body = await response.text();
    expect(body).toBe(renderPage(theReference()));
    expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(body));

    const policy = response.headers.get('content-security-policy') ?? '';
    const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy.split('; ').sort()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      `style-src 'sha256-${hash}'`,
    ]);
  });
});

describe('GET /docs/api.json', () => {
  it('answers the same as data', async () => {
    const response = await get('/docs/api.json');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(theReference())));
  });
});

describe.each(['/docs/api', '/docs/api.json'])('%s', (path) => {
  it('says that nothing has changed', async () => {
    const etag = (await get(path)).headers.get('etag') ?? '';
    const again = await get(path, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await get(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('has a head, and takes nothing', async () => {
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe((await get(path)).headers.get('content-length'));
    const post = await get(path, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is there with a query, and not below itself', async () => {
    expect((await get(`${path}?a=b`)).status).toBe(200);
    expect((await get(`${path}/x`)).status).toBe(404);
  });
});

describe('what the page says is where', () => {
  it.each(ENDPOINTS)('$path by $how', async ({ path, how }) => {
    if (how === 'WebSocket') {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`);
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      socket.terminate();
    } else {
      expect((await get(path.replace('{procedure}', 'king'))).status).toBe(200);
    }
  });
});

it('shows an error as the server answers it', async () => {
  await market.fund('ann');
  const agentId = await market.createAgent('ADA');
  const input = { clientOrderId: 'a', agentId, exact: 'sol', sol: 10n ** 9n, minTokens: 10n ** 18n };
  const response = await get('/trpc/buy', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(wireInput(input)),
  });
  const answer = z.object({ error: z.custom<SuperJSONResult>() }).parse(await response.json());
  const { data } = z.object({ data: errorData }).parse(superjson.deserialize(answer.error));
  const text = shown(theReference())
    .getElementById('refusals')
    ?.closest('.pair')
    ?.querySelector('figure code');
  const onPage = errorData.parse(runInThisContext(`(${text?.textContent})`));
  const shape = ({ rejection, requestId, ...rest }: z.infer<typeof errorData>) => ({
    ...rest,
    requestId: requestId.replace(/\w/g, 'x').split('-')[0],
    rejection: Object.entries(rejection).map(([name, value]) => [name, typeof value]),
  });
  expect(shape(data)).toEqual(shape(onPage));
  expect(response.status).toBe(data.httpStatus);
});

const errorData = z.strictObject({
  code: z.string(),
  httpStatus: z.number(),
  path: z.string(),
  rejection: z.record(z.string(), z.unknown()),
  requestId: z.string(),
});
