import { readFileSync } from 'node:fs';
import { callTRPCProcedure } from '@trpc/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appRouter } from '../../server/api/router.ts';
import { limitVariables } from '../../server/config-limits.ts';
import { CLOSE_CODES } from '../../server/docs/close-codes.ts';
import { EXAMPLES } from '../../server/docs/examples.ts';
import { formatLimit, type Limit } from '../../server/docs/limit.ts';
import { LIMITS } from '../../server/docs/limits.ts';
import { COUNTED, STATED } from '../../server/docs/stated.ts';
import { PACE_MS } from '../../server/feeds/platform-sources.ts';
import { DEFAULT_LIMITS as GATEWAY_LIMITS } from '../../server/gateway/limits.ts';
import { DEFAULT_RATES, type LimitedKind } from '../../server/guards/rate-limits.ts';
import { startServer } from '../../server/http.ts';
import { ACCESS_SECONDS } from '../../server/identity/access-tokens.ts';
import { CHALLENGE_MS, SKEW_MS } from '../../server/identity/challenges.ts';
import { trusted } from '../../server/identity/principal.ts';
import { MAX_SESSIONS, SESSION_MS } from '../../server/identity/sessions.ts';
import { MAX_QUEUE } from '../../server/journal/executor.ts';
import { ORDER_GENERATION } from '../../server/market/orders.ts';
import { DEFAULT_LIMITS as TRPC_LIMITS } from '../../server/realtime/ws/options.ts';
import { MAX_MESSAGE_BYTES } from '../../server/routes.ts';
import { DEFAULT_SERVER_LIMITS, NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { AuthServer } from '../support/auth-server.ts';
import { openMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';
import { read, shown, theReference } from './shown-page.ts';

const reference = theReference();
const page = shown(reference);
const fromDisk = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The value of a constant that its file keeps to itself. */
function constantOf(path: string, name: string): number {
  const [, text] = new RegExp(`\\b${name}(?: =|:) ([\\d_* ]+)`).exec(fromDisk(path)) ?? [];
  if (text === undefined) throw new Error(`${path} has no ${name}`);
  return text
    .replaceAll('_', '')
    .split('*')
    .map(Number)
    .reduce((a, b) => a * b);
}

/** As it is written in a variable. */
function setting({ unit, value }: Limit): string {
  switch (unit) {
    case 'rate':
      return `${value.count}/${value.seconds}`;
    case 'allowance':
      return `${value.perSecond} burst ${value.burst}`;
    default:
      return `${value}`;
  }
}

describe('the limits', () => {
  it('are those that hold, where this page cannot ask', () => {
    expect(STATED).toEqual({
      messageBytes: MAX_MESSAGE_BYTES,
      httpBatch: constantOf('server/routes.ts', 'MAX_BATCH'),
      headerBytes: constantOf('server/http.ts', 'MAX_HEADER_BYTES'),
      headersMs: constantOf('server/http.ts', 'HEADERS_TIMEOUT_MS'),
      requestMs: constantOf('server/http.ts', 'REQUEST_TIMEOUT_MS'),
      keepAliveMs: constantOf('server/http.ts', 'KEEP_ALIVE_MS'),
      socketsPerConnection: constantOf('server/http.ts', 'SOCKETS_PER_CONNECTION'),
      pingMs: constantOf('server/http.ts', 'pingMs'),
      pongWaitMs: constantOf('server/http.ts', 'pongWaitMs'),
      idLength: constantOf('server/realtime/ws/messages.ts', 'MAX_ID_LENGTH'),
      ring: constantOf('server/realtime/hub.ts', 'ringCapacity'),
      paceMs: PACE_MS,
      vaults: constantOf('server/feeds/vaults.ts', 'VAULTS_LENGTH'),
      shareholders: constantOf('server/api/platform-queries.ts', 'SHAREHOLDERS'),
      ordersRemembered: ORDER_GENERATION,
      commandsWaiting: MAX_QUEUE,
      challengeMs: CHALLENGE_MS,
      skewMs: SKEW_MS,
      accessMs: ACCESS_SECONDS * 1000,
      sessionMs: SESSION_MS,
      sessions: MAX_SESSIONS,
      connectionsPerAddress: DEFAULT_SERVER_LIMITS.connectionsPerAddress,
      messages: DEFAULT_SERVER_LIMITS.messages,
      subscribes: DEFAULT_SERVER_LIMITS.subscribes,
      rates: DEFAULT_RATES,
    });
    // What the handlers have of themselves is what the server gives them.
    for (const { refusals } of [TRPC_LIMITS, GATEWAY_LIMITS]) {
      expect(refusals).toEqual(DEFAULT_SERVER_LIMITS.refusals);
    }
  });

  it('count the procedures that they are said to count', async () => {
    const market = await openMarket();
    onTestFinished(() => market.app.close());
    const counted: { kind: LimitedKind; name: string }[] = [];
    const client = { address: 'an address', origin: undefined, device: 'a test', id: 'a client' };
    const session = { wallet: wallet('root'), operator: true };
    for (const { name, type } of reference.procedures) {
      const abort = new AbortController();
      await callTRPCProcedure({
        router: appRouter,
        path: name,
        type,
        ctx: {
          services: {
            ...market.app.services,
            limits: {
              check: async (kind: LimitedKind) => {
                counted.push({ kind, name });
                return 1;
              },
            },
          },
          principal: { ...trusted(session), client },
        },
        getRawInput: async () => EXAMPLES.get(name),
        signal: abort.signal,
        batchIndex: 0,
      }).catch(() => undefined);
      abort.abort();
    }
    const said = Object.entries(COUNTED).flatMap(([kind, names]) => names.map((name) => ({ kind, name })));
    const sorted = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).toSorted();
    expect(sorted(counted)).toEqual(sorted(said));
  });

  it('have the variables that set them, those and no others', () => {
    const variables = LIMITS.flatMap(({ limits }) => limits.flatMap(({ variable = [] }) => variable));
    expect([...new Set(variables)].toSorted()).toEqual(Object.keys(limitVariables).toSorted());
    const example = fromDisk('.env.example');
    for (const limit of LIMITS.flatMap(({ limits }) => limits)) {
      if (limit.variable === undefined) continue;
      expect(example).toContain(`\n${limit.variable}=${setting(limit)}\n`);
    }
  });

  it('bound a body to the byte', async () => {
    const market = await openMarket();
    const { accessToken } = await market.app.services.identity.vouch(wallet('ann'), 'a test');
    const server = await startServer({
      app: market.app,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      host: '127.0.0.1',
      port: 0,
      webDir: '/nonexistent',
      limits: NO_SERVER_LIMITS,
    });
    onTestFinished(async () => {
      await server.close();
      await market.app.close();
    });
    const statusOf = async (length: number): Promise<number> => {
      const body = `{"json":"${'x'.repeat(length - '{"json":""}'.length)}"}`;
      // Nobody's body is read.
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` };
      return (await fetch(`${server.url}/trpc/buy`, { method: 'POST', headers, body })).status;
    };
    expect([await statusOf(STATED.messageBytes), await statusOf(STATED.messageBytes + 1)]).toEqual([
      400, 413,
    ]);
  });

  it('bound a batch over HTTP, and the headers of a request', async () => {
    const server = await AuthServer.open();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const batch = async (length: number): Promise<number> => {
      const names = Array.from({ length }, () => 'king').join(',');
      return (await fetch(`${server.url}/trpc/${names}?batch=1&input=%7B%7D`)).status;
    };
    expect([await batch(STATED.httpBatch), await batch(STATED.httpBatch + 1)]).toEqual([200, 400]);
    const padded = async (length: number): Promise<number> =>
      (await fetch(`${server.url}/health`, { headers: { padding: 'x'.repeat(length) } })).status;
    // Some are there without us.
    expect([await padded(STATED.headerBytes - 512), await padded(STATED.headerBytes)]).toEqual([200, 431]);
  });

  it('are all on the page', () => {
    const text = read(page.getElementById('limits')?.closest('section')?.textContent);
    for (const { title, limits } of LIMITS) {
      expect(text).toContain(title);
      for (const limit of limits) {
        const { name, note, variable = '' } = limit;
        expect(text).toContain(`${name}${formatLimit(limit)}${note.replaceAll('`', '')}${variable}`);
      }
    }
  });

  it('of inputs are those of the schemas', () => {
    const rows = [...page.querySelectorAll('#limits ~ .table:last-of-type tr')].map((row) =>
      [...row.querySelectorAll('td')].map(({ textContent }) => textContent),
    );
    expect(rows).toContainEqual(['agents', 'limit', '1–100', '50']);
    expect(rows).toContainEqual(['trades', 'limit', '1–200', '50']);
    expect(rows).toContainEqual(['candles', 'limit', '1–240', '240']);
    expect(rows).toContainEqual(['onPrice', 'agentIds', '1–100 items', '']);
    expect(rows).toContainEqual(['createVault', 'performanceFeeBps', '0–2,000', '0']);
    expect(rows).toContainEqual(['agents', 'cursor', '≤ 128 characters', '']);
  });

  it.each([
    [{ name: '', note: '', value: 16_384, unit: 'bytes' }, '16 KiB'],
    [{ name: '', note: '', value: 1_500, unit: 'bytes' }, '1,500 bytes'],
    [{ name: '', note: '', value: 30_000, unit: 'ms' }, '30 s'],
    [{ name: '', note: '', value: 500, unit: 'ms' }, '500 ms'],
    [{ name: '', note: '', value: 60_000, unit: 'ms' }, '60 s'],
    [{ name: '', note: '', value: 300_000, unit: 'ms' }, '5 min'],
    [{ name: '', note: '', value: 30 * 86_400_000, unit: 'ms' }, '30 days'],
    [{ name: '', note: '', value: { count: 5, seconds: 1 }, unit: 'rate' }, '5 in 1 s'],
    [{ name: '', note: '', value: { count: 10, seconds: 86_400 }, unit: 'rate' }, '10 in 24 h'],
    [{ name: '', note: '', value: { perSecond: 20, burst: 60 }, unit: 'allowance' }, '20 a second, burst 60'],
    [{ name: '', note: '', value: 131_072, unit: 'count' }, '131,072'],
    [{ name: '', note: '', value: '9223372036854775807', unit: 'base units' }, '9,223,372,036,854,775,807'],
  ] as const)('%j is written as %s', (limit, text) => {
    expect(formatLimit(limit)).toBe(text);
  });
});

describe('the close codes', () => {
  const [, section = ''] =
    /\n## Closing\n(.*?)(?:\n## |$)/s.exec(fromDisk('server/realtime/ws/PROTOCOL.md')) ?? [];
  /** Without the marks of what the stock handler does otherwise. */
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .slice(2, -2)
        .split(' |')
        .map((cell) => cell.replace('**≠**', '').trim()),
    );

  it('are those of the one table of the protocols, row by row', () => {
    expect(rows.length).toBeGreaterThan(8);
    expect(CLOSE_CODES.map(({ code, by, when, before, client }) => [code, by, when, before, client])).toEqual(
      rows,
    );
  });

  it('are all on the page', () => {
    const shownRows = [...page.querySelectorAll('#close-codes ~ .table tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map(({ textContent }) => textContent),
    );
    expect(shownRows).toEqual(rows.map((row) => row.map((cell) => cell.replaceAll('`', ''))));
  });
});
