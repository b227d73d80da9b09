import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { initTRPC } from '@trpc/server';
import { build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { CallRecord } from '../../server/api/context.ts';
import { appRouter } from '../../server/api/router.ts';
import type { ProcedureMeta } from '../../server/api/trpc.ts';
import { type ContractChannel, contractOf } from '../../server/contract.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { channels } from '../../shared/channels.ts';
import { lamportsSchema, tokenUnitsSchema } from '../../shared/schema.ts';
import { cutAll, type Upgraded, upgrade } from '../door/fixture.ts';
import { AuthServer, type AuthServerOptions } from '../support/auth-server.ts';
import type { RawClient } from '../support/raw-ws.ts';
import { connectionParams, query } from '../support/ws-messages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OURS = contractOf(appRouter, channels);

describe('the hash of the contract', () => {
  const t = initTRPC.meta<ProcedureMeta>().create();
  const documented = (description: string) => t.procedure.meta({ access: 'public', description });
  const one = documented('One.');
  const answer = () => 1;
  const input = z.object({ a: z.string(), b: z.bigint().min(1n).optional() });
  const message = z.discriminatedUnion('type', [
    z.object({ type: z.literal('snapshot'), all: z.array(lamportsSchema) }),
    z.object({ type: z.literal('news'), sol: lamportsSchema }),
  ]);
  const news: ContractChannel = { delivery: 'latest', key: 'type', message };
  const ask = one.input(input).query(answer);
  const base = contractOf(t.router({ ask, tell: one.mutation(answer) }), { news });

  it('is sixteen hex digits, and always the same', () => {
    for (const hash of [base, OURS]) expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(contractOf(appRouter, channels)).toBe(OURS);
  });

  it('does not depend on descriptions, nor on the order in which things are defined', () => {
    const described = z
      .object({
        b: z.bigint().min(1n).optional().describe('How many.'),
        a: z.string().describe('A text.').nullish().unwrap().unwrap(),
      })
      .describe('Both.');
    const explained = z
      .discriminatedUnion('type', [
        z.object({ all: z.array(lamportsSchema.describe('x')), type: z.literal('snapshot') }),
        z.object({ type: z.literal('news'), sol: lamportsSchema }).describe('y'),
      ])
      .describe('z');
    const router = t.router({
      tell: documented('Tells.').mutation(answer),
      ask: documented('Asks.').input(described).query(answer),
    });
    expect(contractOf(router, { news: { message: explained, key: 'type', delivery: 'latest' } })).toBe(base);
  });

  it('keeps a field that is called description', () => {
    const hashWith = (shape: z.ZodRawShape) =>
      contractOf(t.router({ ask: one.input(z.object(shape)).query(answer) }), {});
    const text = z.string();
    expect(hashWith({ description: text })).not.toBe(hashWith({}));
    expect(hashWith({ description: text })).not.toBe(hashWith({ description: text.optional() }));
  });

  const tell = one.mutation(answer);
  const asking = (changed: z.ZodType) => t.router({ tell, ask: one.input(changed).query(answer) });
  const same = t.router({ ask, tell });
  const union = (...options: Parameters<typeof z.union>[0]) => z.union(options);
  it.each<[string, ReturnType<typeof contractOf>]>([
    ['a procedure that is gone', contractOf(t.router({ ask }), { news })],
    ['another name', contractOf(t.router({ ask, told: tell }), { news })],
    ['a router inside', contractOf(t.router({ ask, in: t.router({ tell }) }), { news })],
    ['another type', contractOf(t.router({ ask, tell: one.query(answer) }), { news })],
    [
      'an input where there was none',
      contractOf(t.router({ ask, tell: one.input(input).mutation(answer) }), { news }),
    ],
    ['no input any more', contractOf(t.router({ ask: one.query(answer), tell }), { news })],
    ['another field', contractOf(asking(input.extend({ c: z.string().optional() })), { news })],
    ['a field that is required', contractOf(asking(input.required()), { news })],
    [
      'another limit of a bigint',
      contractOf(asking(input.extend({ b: z.bigint().min(2n).optional() })), { news }),
    ],
    ['another default', contractOf(asking(input.extend({ a: z.string().default('') })), { news })],
    ['no channel', contractOf(same, {})],
    ['another name of a channel', contractOf(same, { olds: news })],
    ['another delivery', contractOf(same, { news: { ...news, delivery: 'every' } })],
    ['another key', contractOf(same, { news: { ...news, key: 'sol' } })],
    ['another message', contractOf(same, { news: { ...news, message: union(message, input) } })],
    [
      'another unit',
      contractOf(same, {
        news: {
          ...news,
          message: z.discriminatedUnion('type', [
            message.options[0],
            message.options[1].extend({ sol: tokenUnitsSchema }),
          ]),
        },
      }),
    ],
  ])('is another one with %s', (_, hash) => {
    expect(hash).not.toBe(base);
  });

  it('is the same in the tests, in the built page and in the bundled server', async () => {
    expect(__CONTRACT__).toBe(OURS);
    const entry = 'virtual:contract';
    const built = await buildPage({
      configFile: `${ROOT}/vite.config.ts`,
      logLevel: 'silent',
      plugins: [
        {
          name: 'contract-entry',
          resolveId: (id) => (id === entry ? id : undefined),
          load: (id) => (id === entry ? 'globalThis.contract = __CONTRACT__' : undefined),
        },
      ],
      build: { write: false, rollupOptions: { input: entry } },
    });
    expect(JSON.stringify(built)).toContain(OURS);

    // As scripts/build-server.mjs has it; where the packages can be found.
    await mkdir(`${ROOT}/.cache`, { recursive: true });
    const directory = await mkdtemp(`${ROOT}/.cache/contract-`);
    onTestFinished(() => rm(directory, { recursive: true }));
    const outfile = `${directory}/contract.mjs`;
    await bundle({
      stdin: {
        contents: `
          import { appRouter } from './server/api/router.ts';
          import { contractOf } from './server/contract.ts';
          import { channels } from './shared/channels.ts';
          export const hash = contractOf(appRouter, channels);`,
        resolveDir: ROOT,
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
    });
    expect(await import(/* @vite-ignore */ pathToFileURL(outfile).href)).toMatchObject({ hash: OURS });
  });
});

describe('a connection that says what it was built for', () => {
  let open: AuthServer | undefined;
  afterEach(async () => {
    cutAll();
    await open?.[Symbol.asyncDispose]();
    open = undefined;
  });

  async function start(options: AuthServerOptions = {}): Promise<AuthServer> {
    open = await AuthServer.open(options);
    return open;
  }
  const CLOSED = { kind: 'close', code: 4501, reason: 'built for another contract' };
  const limited = { server: { limits: { ...NO_SERVER_LIMITS, connectionsPerAddress: 1 } } };
  const asks = query(1, 'contract', { json: null });
  const answered = async (client: RawClient): Promise<unknown> => {
    await client.json(asks);
    return client.nextJson();
  };
  const answerOf = (hash: string) => ({ id: 1, result: { type: 'data', data: { json: { hash } } } });

  it('can ask for it', async () => {
    const { market } = await start();
    expect(await market.app.caller().contract()).toEqual({ hash: OURS });
  });

  it.each(['/trpc', `/trpc?contract=${OURS}`, `/trpc?x=1&contract=${OURS}`])(
    'is served at %s',
    async (path) => {
      const { server } = await start();
      const { status, client } = await upgrade(server, {}, path);
      expect(status).toBe(101);
      expect(await answered(client)).toEqual(answerOf(OURS));
    },
  );

  it.each(['0000000000000000', '', OURS.slice(1), OURS.toUpperCase(), `${OURS}&contract=x`.slice(1)])(
    'is closed when that is another one: "%s"',
    async (contract) => {
      const { server } = await start();
      const { status, client } = await upgrade(server, {}, `/trpc?contract=${contract}`);
      expect(status).toBe(101);
      expect(await client.finish()).toEqual([CLOSED]);
    },
  );

  it('gets nothing else before, whatever it sends', async () => {
    const calls: CallRecord[] = [];
    const authServer = await start({ app: { onCall: (call) => calls.push(call) } });
    const { server, market } = authServer;
    const { accessToken } = await authServer.tokens({ address: await market.fund('ann') });
    const { client } = await upgrade(server, {}, '/trpc?contract=old&connectionParams=1');
    await client.json(connectionParams({ token: accessToken }));
    await client.json(asks);
    await client.text('PING');
    expect(await client.next()).toEqual(CLOSED);
    // It is on its way out, and was never one of those that are served.
    expect(connectionsOf(authServer)).toEqual([0, 0]);
    await client.close(CLOSED.code);
    expect(await client.rest()).toEqual([]);
    expect(calls.filter(({ procedure }) => procedure === 'contract')).toEqual([]);
    expect(market.problems).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    const authServer = await start(limited);
    const { server } = authServer;
    for (let times = 0; times < 3; times += 1) {
      const { client } = await whenFree(server, '/trpc?contract=old');
      expect(await client.finish()).toEqual([CLOSED]);
    }
    const { client } = await whenFree(server);
    expect(await answered(client)).toEqual(answerOf(OURS));
    expect((await upgrade(server)).status).toBe(429);
    expect(connectionsOf(authServer)).toEqual([1, 0]);
  });

  it('has its place until it has gone, and that is soon when it is cut', async () => {
    const { server } = await start(limited);
    const { client } = await upgrade(server, {}, '/trpc?contract=old');
    expect(await client.next()).toEqual(CLOSED);
    expect((await upgrade(server)).status).toBe(429);
    client.reset();
    await client.closed;
    expect((await whenFree(server)).status).toBe(101);
  });

  it('does not keep the server from closing', async () => {
    const { server } = await start();
    const { client } = await upgrade(server, {}, '/trpc?contract=old');
    expect(await client.next()).toEqual(CLOSED);
    await server.close();
    await client.closed;
  });

  it('is asked for its origin all the same', async () => {
    const { server } = await start({ server: { publicUrl: 'https://agent.fun' } });
    const { status } = await upgrade(server, { Origin: 'https://evil.example' }, '/trpc?contract=old');
    expect(status).toBe(403);
  });

  it('is not asked for it at the other door, nor over HTTP', async () => {
    const { server, url } = await start();
    const { client } = await upgrade(server, {}, '/ws?contract=old');
    expect(await client.nextJson()).toMatchObject({ type: 'connected' });
    expect((await fetch(`${url}/trpc/contract?contract=old`)).status).toBe(200);
  });
});

/** At either door. */
const connectionsOf = ({ market }: AuthServer): number[] =>
  market.app.getStats().doors.map(({ connections }) => connections);

/** Lets the server see first that others have gone. */
async function whenFree(server: AuthServer['server'], path = '/trpc'): Promise<Upgraded> {
  for (let tries = 0; ; tries += 1) {
    const upgraded = await upgrade(server, {}, path);
    if (upgraded.status === 101 || tries === 200) return upgraded;
  }
}
