import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { CallRecord } from '../../server/api/context.ts';
import { callLog } from '../../server/ops/call-log.ts';
import { sol } from '../../shared/units.ts';
import { type AuthServer, errorOf } from '../support/auth-server.ts';
import { FrameClient } from '../support/frame-client.ts';
import { Signer } from '../support/signer.ts';
import { mutation, query, subscription } from '../support/ws-messages.ts';
import { type LoggedCall, openLogged } from './logged-server.ts';

const ann = new Signer(1);
const NO_INPUT = { json: {} };

const lineSchema = z.looseObject({ level: z.number(), msg: z.string() });
const LEVELS = { debug: 20, info: 30, error: 50 };

describe('a call', () => {
  const record: CallRecord = {
    requestId: 'a-1',
    procedure: 'buy',
    type: 'mutation',
    wallet: ann.address,
    code: 'OK',
    duration: 1.5,
  };

  it.each<[Partial<CallRecord>, keyof typeof LEVELS]>([
    [{}, 'info'],
    [{ type: 'query' }, 'debug'],
    [{ type: 'subscription' }, 'debug'],
    [{ code: 'BAD_REQUEST' }, 'info'],
    [{ code: 'UNAUTHORIZED', type: 'query' }, 'info'],
    [{ code: 'TOO_MANY_REQUESTS', type: 'subscription' }, 'info'],
    [{ code: 'INTERNAL_SERVER_ERROR' }, 'error'],
    [{ code: 'SERVICE_UNAVAILABLE', type: 'query' }, 'error'],
  ])('%o is written at level %s', (part, level) => {
    const logger = { debug: vi.fn(), info: vi.fn(), error: vi.fn() };
    const call = { ...record, ...part };
    callLog(logger)(call);
    for (const each of ['debug', 'info', 'error'] as const) {
      expect(logger[each].mock.calls.map(([details]) => details)).toEqual(each === level ? [call] : []);
    }
  });
});

describe('the log of a server', () => {
  let server: AuthServer;
  let lines: readonly string[];
  let calls: () => readonly LoggedCall[];
  beforeEach(async () => {
    ({ server, lines, calls } = await openLogged());
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await server[Symbol.asyncDispose]();
  });
  const last = () => calls().at(-1);

  it('has a line for every call from outside, over HTTP and WebSocket', async () => {
    const { market } = server;
    const agentId = await market.createAgent('ONE');
    await market.operator.credit({ clientOrderId: 'gift', wallet: ann.address, sol: sol('1') });
    const { accessToken } = await server.tokens(ann);
    // Nothing of what the server does by itself.
    expect(calls()).toEqual([]);
    await server.http(accessToken).agents.query({});
    const order = { agentId, exact: 'sol', sol: sol('0.1') } as const;
    await server.http(accessToken).buy.mutate({ ...order, clientOrderId: 'one' });
    const { client } = server.connect(accessToken);
    await client.buy.mutate({ ...order, clientOrderId: 'two' });
    await server.http().agents.query({});
    const frames = await server.frames();
    frames.send(subscription(1, 'onTrade', NO_INPUT));
    await frames.take(2);
    const seen = calls().map(({ procedure, type, wallet, code, level }) => [
      procedure,
      type,
      wallet,
      code,
      level,
    ]);
    expect(seen).toEqual([
      ['agents', 'query', ann.address, 'OK', LEVELS.debug],
      ['buy', 'mutation', ann.address, 'OK', LEVELS.info],
      ['buy', 'mutation', ann.address, 'OK', LEVELS.info],
      ['agents', 'query', null, 'OK', LEVELS.debug],
      ['onTrade', 'subscription', null, 'OK', LEVELS.debug],
    ]);
    expect(new Set(calls().map(({ requestId }) => requestId)).size).toBe(5);
    for (const { duration } of calls()) expect(duration).toBeGreaterThanOrEqual(0);
  });

  it('has the id that the client was given with the error', async () => {
    const failing = [
      () => server.http().buy.mutate({ clientOrderId: 'x', agentId: '1', exact: 'sol', sol: 1n }),
      () => server.connect().client.agent.query({ agentId: '77' }),
      () => server.http().agents.query({ limit: 0 }),
      () => server.http().auth.refresh.mutate({ refreshToken: 'garbage' }),
    ];
    for (const call of failing) {
      const { data } = await errorOf(call());
      expect(data?.requestId).toMatch(/^[\w-]{10,40}$/);
      expect(last()).toMatchObject({ requestId: data?.requestId, code: data?.code, level: LEVELS.info });
    }
    expect(calls()).toHaveLength(failing.length);
  });

  it('has an id of its own for each call of a batch', async () => {
    const frames = await server.frames();
    frames.send([1, 2, 3].map((id) => query(id, 'account', NO_INPUT)));
    const answers = (await frames.take(3)).map((answer) => JSON.stringify(answer));
    const ids = calls().map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(answers.filter((answer) => answer.includes(`"${id}"`))).toHaveLength(1);
  });

  it('names the wallet that has signed out', async () => {
    const { accessToken } = await server.tokens(ann);
    await server.http(accessToken).auth.logout.mutate({});
    expect(last()).toMatchObject({ procedure: 'auth.logout', wallet: ann.address, code: 'OK' });
  });

  it('says of no client’s mistake that it is an error', async () => {
    const frames = await server.frames();
    frames.send('garbage');
    frames.send({ id: 1 });
    frames.send(query(2, 'nothing', NO_INPUT));
    frames.send(query(3, 'agents', { json: { limit: 'x' } }));
    frames.send(mutation(4, 'auth.signIn', { json: 7 }));
    await frames.take(5);
    await fetch(`${server.url}/trpc/agents?input=garbage`);
    await fetch(`${server.url}/trpc/nothing`);
    await server.post('auth.signIn', 'x'.repeat(20_000));
    const params = await FrameClient.open(`${server.socketUrl}?connectionParams=1`);
    params.send('garbage');
    await params.closed;
    expect(lines.map((line) => lineSchema.parse(JSON.parse(line))).filter(({ level }) => level > 30)).toEqual(
      [],
    );
    expect(calls().map(({ code }) => code)).toEqual([...Array(3).fill('BAD_REQUEST'), 'PAYLOAD_TOO_LARGE']);
  });

  it('says it of the server’s own', async () => {
    vi.spyOn(server.identity, 'refresh').mockRejectedValue(new Error('broken'));
    const { data } = await errorOf(server.http().auth.refresh.mutate({ refreshToken: 'x' }));
    expect(data).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(last()).toMatchObject({ level: LEVELS.error, requestId: data?.requestId });
    expect(lines.join('')).toContain('a procedure failed');
  });
});
