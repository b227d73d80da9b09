import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLOSE_CODES } from '../../server/docs/close-codes.ts';
import { formatLimit, LIMITS, STATED } from '../../server/docs/limits.ts';
import { PACE_MS } from '../../server/feeds/platform-sources.ts';
import { startServer } from '../../server/http.ts';
import { MAX_QUEUE } from '../../server/journal/executor.ts';
import { ORDER_GENERATION } from '../../server/market/orders.ts';
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

describe('the limits', () => {
  it('are those that hold, where this page cannot ask', () => {
    expect(STATED).toEqual({
      messageBytes: constantOf('server/http.ts', 'MAX_MESSAGE_BYTES'),
      pingMs: constantOf('server/http.ts', 'pingMs'),
      pongWaitMs: constantOf('server/http.ts', 'pongWaitMs'),
      idLength: constantOf('server/realtime/ws/messages.ts', 'MAX_ID_LENGTH'),
      ring: constantOf('server/realtime/hub.ts', 'ringCapacity'),
      paceMs: PACE_MS,
      vaults: constantOf('server/feeds/vaults.ts', 'VAULTS_LENGTH'),
      shareholders: constantOf('server/api/platform-queries.ts', 'SHAREHOLDERS'),
      ordersRemembered: ORDER_GENERATION,
      commandsWaiting: MAX_QUEUE,
    });
  });

  it('bound a body to the byte', async () => {
    const market = await openMarket();
    const server = await startServer({
      app: market.app,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      host: '127.0.0.1',
      port: 0,
      webDir: '/nonexistent',
      // Nobody's body is read.
      sessionOf: () => ({ wallet: wallet('ann') }),
    });
    onTestFinished(async () => {
      await server.close();
      await market.app.close();
    });
    const statusOf = async (length: number): Promise<number> => {
      const body = `{"json":"${'x'.repeat(length - '{"json":""}'.length)}"}`;
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${server.url}/trpc/buy`, { method: 'POST', headers, body })).status;
    };
    expect([await statusOf(STATED.messageBytes), await statusOf(STATED.messageBytes + 1)]).toEqual([
      400, 413,
    ]);
  });

  it('are all on the page', () => {
    const text = read(page.getElementById('limits')?.closest('section')?.textContent);
    for (const { title, limits } of LIMITS) {
      expect(text).toContain(title);
      for (const limit of limits) {
        expect(text).toContain(`${limit.name}${formatLimit(limit)}${limit.note.replaceAll('`', '')}`);
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
    [{ name: '', note: '', value: 131_072, unit: 'count' }, '131,072'],
    [{ name: '', note: '', value: '9223372036854775807', unit: 'base units' }, '9,223,372,036,854,775,807'],
  ] as const)('%j is written as %s', (limit, text) => {
    expect(formatLimit(limit)).toBe(text);
  });
});

describe('the close codes', () => {
  it('are those of both protocols, and no others', () => {
    const rows = ['server/realtime/ws/PROTOCOL.md', 'server/gateway/PROTOCOL.md'].flatMap((path) => {
      const [, section = ''] = /\n## Closing\n(.*?)(?:\n## |$)/s.exec(fromDisk(path)) ?? [];
      return section.split('\n').flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? []);
    });
    const codes = rows
      .flatMap((row) => row.match(/\d{4}(?:–\d{4})?|none/g) ?? [])
      .filter((code, index, all) => all.indexOf(code) === index);
    expect(codes.length).toBeGreaterThan(8);
    expect(CLOSE_CODES.map(({ code }) => code).sort()).toEqual(codes.sort());
    const shownCodes = [...page.querySelectorAll('#close-codes ~ .table td:first-child')];
    expect(shownCodes.map(({ textContent }) => textContent).sort()).toEqual(codes.sort());
  });
});
