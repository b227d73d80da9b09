import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthServer } from '../support/auth-server.ts';

const SITE = 'https://agent.fun';
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
};

let directory: string;
let server: AuthServer;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pages-'));
  const webDir = join(directory, 'web');
  mkdirSync(join(webDir, 'assets'), { recursive: true });
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(webDir, 'assets', 'a.js'), 'export {};');
  writeFileSync(join(webDir, 'assets', 'a.js.gz'), 'as gzip');
  writeFileSync(join(webDir, 'assets', 'a.js.br'), 'as brotli');
  writeFileSync(join(directory, 'session.secret'), 'not to be served');
  server = await AuthServer.open({ server: { publicUrl: SITE, webDir } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

/** As it stands: `fetch` would mend the path. */
const get = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.server.port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.on('error', reject).end();
  });

const policyOf = ({
  headers,
}: {
  headers: Record<string, unknown>;
}): ReadonlyMap<string, readonly string[]> =>
  new Map(
    String(headers['content-security-policy'])
      .split(/; ?/)
      .map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
  );
/** What it lets a page load; without a directive of its own that is what `default-src` says. */
const loads = (policy: ReadonlyMap<string, readonly string[]>, directive: string): readonly string[] =>
  (policy.get(directive) ?? policy.get('default-src') ?? ['anything']).filter(
    (source) => source !== "'none'",
  );

describe('what is answered over HTTP', () => {
  it.each([
    ['/', 200],
    ['/agents/1', 200],
    ['/assets/a.js', 200],
    ['/docs/api', 200],
    ['/docs/api.json', 200],
    ['/docs/asyncapi.json', 200],
    ['/health', 200],
    ['/ready', 200],
    ['/trpc/agents', 400],
    ['/trpc/nothing', 404],
    ['/ws', 426],
  ])('%s has the headers that keep it to itself (%d)', async (path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(ALWAYS);
    const policy = policyOf(answer);
    expect(policy.get('default-src')).toEqual(["'none'"]);
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors']) {
      expect(policy.get(directive)).toEqual(["'none'"]);
    }
    for (const source of [...policy.values()].flat()) expect(source).not.toMatch(/unsafe|\*|^http:/);
    expect(answer.headers['x-powered-by']).toBeUndefined();
  });

  it('the page connects to its own site, and runs its own scripts', async () => {
    const policy = policyOf(await get('/'));
    expect(loads(policy, 'connect-src')).toEqual(["'self'", 'wss://agent.fun']);
    expect(loads(policy, 'script-src')).toEqual(["'self'"]);
    expect(loads(policy, 'style-src')).toEqual(["'self'"]);
  });

  it.each(['/docs/api', '/docs/api.json'])(
    '%s may load less than the page, and runs nothing',
    async (path) => {
      const [page, docs] = [policyOf(await get('/')), policyOf(await get(path))];
      for (const directive of [
        'script-src',
        'connect-src',
        'font-src',
        'object-src',
        'frame-src',
        'worker-src',
      ]) {
        expect(loads(docs, directive)).toEqual([]);
      }
      for (const source of loads(docs, 'img-src')) expect(loads(page, 'img-src')).toContain(source);
      // Its own style by its hash: less than all of the site's.
      for (const source of loads(docs, 'style-src')) expect(source).toMatch(/^'sha256-/);
    },
  );

  it('is also so when it is refused', async () => {
    const answer = await get('/trpc/agents', { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.headers).toMatchObject(ALWAYS);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    '/../session.secret',
    '/assets/../../session.secret',
    '/%2e%2e/session.secret',
    '/..%2fsession.secret',
    '/assets/%2e%2e%2f%2e%2e%2fsession.secret',
    '/..%5csession.secret',
    '/%00',
    '/%',
    '/%c0%ae%c0%ae/session.secret',
    '/__proto__',
    '/constructor',
  ])('%s gets nothing that is not served, and the server goes on', async (path) => {
    const answer = await get(path);
    expect(answer.body).not.toContain('not to be served');
    expect(answer.status).toBeLessThan(500);
    expect((await get('/health')).status).toBe(200);
  });
});

it('gives what is compressed to those who take it, and says that others get something else', async () => {
  const asking = async (encodings: Record<string, string>) => {
    const { status, headers, body } = await get('/assets/a.js', encodings);
    return { status, body, encoding: headers['content-encoding'], vary: headers['vary'] };
  };
  const same = { status: 200, vary: 'Accept-Encoding' };
  expect(await asking({ 'accept-encoding': 'gzip, deflate, br' })).toEqual({
    ...same,
    body: 'as brotli',
    encoding: 'br',
  });
  expect(await asking({ 'accept-encoding': 'gzip' })).toEqual({ ...same, body: 'as gzip', encoding: 'gzip' });
  expect(await asking({})).toMatchObject({ status: 200, body: 'export {};', encoding: undefined });
});
