import { callTRPCProcedure, TRPCError } from '@trpc/server';
import superjson, { type SuperJSONResult } from 'superjson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RejectedError } from '../../server/api/errors.ts';
import { appRouter } from '../../server/api/router.ts';
import type { Access } from '../../server/api/trpc.ts';
import { EXAMPLES } from '../../server/docs/examples.ts';
import { startServer } from '../../server/http.ts';
import { SessionError } from '../../server/identity/session.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';
import { theReference } from './shown-page.ts';

const { procedures } = theReference();
let market: TestMarket;

beforeAll(async () => {
  market = await openMarket();
});
afterAll(() => market.app.close());

const SESSIONS = {
  nobody: null,
  wallet: { wallet: wallet('ann') },
  operator: { wallet: wallet('root'), operator: true },
} as const;

/** Why the caller may not call; nothing when the call gets past that, whatever becomes of it there. */
async function refusal(path: string, who: keyof typeof SESSIONS): Promise<string | undefined> {
  const abort = new AbortController();
  const error: unknown = await callTRPCProcedure({
    router: appRouter,
    path,
    type: procedures.find(({ name }) => name === path)?.type ?? 'query',
    ctx: market.app.contextOf(SESSIONS[who]),
    getRawInput: async () => EXAMPLES.get(path),
    signal: abort.signal,
    batchIndex: 0,
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  abort.abort();
  if (error === undefined) return undefined;
  if (!(error instanceof TRPCError)) throw error;
  const { code, cause } = error;
  // The market's own refusals have these codes too, and so do tokens that do not hold; they come after.
  if (code === 'FORBIDDEN') return cause instanceof RejectedError ? undefined : code;
  return cause instanceof SessionError && cause.problem === 'none' ? code : undefined;
}

const answerSchema = z.object({ error: z.custom<SuperJSONResult>().optional() });
const errorSchema = z.object({ data: z.object({ session: z.string().optional() }) });

const PROMISED: Readonly<Record<Access, Record<keyof typeof SESSIONS, string | undefined>>> = {
  public: { nobody: undefined, wallet: undefined, operator: undefined },
  wallet: { nobody: 'UNAUTHORIZED', wallet: undefined, operator: undefined },
  operator: { nobody: 'UNAUTHORIZED', wallet: 'FORBIDDEN', operator: undefined },
};

describe('who may call', () => {
  it.each(procedures)('$name is as the page says: $access', async ({ name, access }) => {
    expect({
      nobody: await refusal(name, 'nobody'),
      wallet: await refusal(name, 'wallet'),
      operator: await refusal(name, 'operator'),
    }).toEqual(PROMISED[access]);
  });

  it('is over the network nobody who has not signed in', async () => {
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const server = await startServer({
      app: market.app,
      logger: quiet,
      host: '127.0.0.1',
      port: 0,
      webDir: '/nonexistent',
      limits: NO_SERVER_LIMITS,
    });
    try {
      for (const { access, example } of procedures) {
        if (!('method' in example.wire)) continue;
        const { method, path } = example.wire;
        const body = 'body' in example.wire ? { body: JSON.stringify(example.wire.body) } : {};
        const response = await fetch(`${server.url}${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          ...body,
        });
        const answer = answerSchema.parse(await response.json());
        const problem = answer.error && errorSchema.parse(superjson.deserialize(answer.error)).data.session;
        expect([response.status === 401 && problem === 'none', path]).toEqual([access !== 'public', path]);
      }
    } finally {
      await server.close();
    }
  });
});
