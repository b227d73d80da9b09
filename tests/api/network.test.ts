import { connect } from 'node:net';
import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { type RunningServer, startServer } from '../../server/http.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { agentId, clientOrderId } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { FrameClient } from '../support/frame-client.ts';
import { Inbox } from '../support/streams.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { connectClient } from '../support/ws-client.ts';

let market: TestMarket;
let server: RunningServer;
let network: ReturnType<typeof connectClient>;

beforeEach(async () => {
  market = await openMarket();
  server = await startServer({
    app: market.app,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    host: '127.0.0.1',
    port: 0,
    limits: NO_SERVER_LIMITS,
    webDir: '/nonexistent',
  });
  network = connectClient(`ws://127.0.0.1:${server.port}/trpc`);
});

afterEach(async () => {
  await network.close();
  await server.close();
  await market.app.close();
});

async function errorOf(call: Promise<unknown>): Promise<TRPCClientError<AppRouter>> {
  const error: unknown = await call.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return error;
}

/** Sends raw bytes and gives everything that comes back until the other side closes. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      answer += part;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

describe('over the network', () => {
  it('mutations are UNAUTHORIZED without a session', async () => {
    const error = await errorOf(
      network.client.buy.mutate({
        clientOrderId: clientOrderId('x'),
        agentId: agentId('1'),
        exact: 'sol',
        sol: sol('1'),
      }),
    );
    expect(error.data?.code).toBe('UNAUTHORIZED');
  });

  it('an input that is not the schema is BAD_REQUEST with the issues in its data', async () => {
    const error = await errorOf(network.client.agents.query({ limit: 0 }));
    expect(error.data).toMatchObject({ code: 'BAD_REQUEST', issues: [{ path: ['limit'] }] });
    expect(error.data?.stack).toBeUndefined();
  });

  it('a refusal carries what was expected and found, amounts as bigints', async () => {
    const error = await errorOf(network.client.agent.query({ agentId: agentId('7') }));
    expect(error.data).toMatchObject({
      code: 'NOT_FOUND',
      rejection: { reason: 'agent_not_found', agentId: '7' },
    });
    const agent = await market.createAgent('ONE');
    const tooMany = await errorOf(network.client.quote.query({ kind: 'sell', agentId: agent, tokens: 5n }));
    expect(tooMany.data?.rejection).toEqual({ reason: 'insufficient_tokens', needed: 5n, available: 0n });
  });

  it('a subscription to an unknown agent is refused', async () => {
    const errors = new Inbox<TRPCClientError<AppRouter>>();
    network.client.onAgent.subscribe({ agentId: agentId('7') }, { onError: errors.push });
    await errors.until((items) => items.length === 1);
    expect(errors.items[0]?.data?.code).toBe('NOT_FOUND');
  });

  it('several subscriptions share a socket, and each gets its own', async () => {
    const ann = await market.fund('ann');
    const [one, two] = [await market.createAgent('ONE'), await market.createAgent('TWO')];
    const all = new Inbox<string>();
    const onlyOne = new Inbox<string>();
    const prices = new Inbox<string>();
    network.client.onTrade.subscribe(undefined, { onData: ({ id }) => all.push(id) });
    network.client.onTrade.subscribe({ agentId: one }, { onData: ({ id }) => onlyOne.push(id) });
    network.client.onPrice.subscribe({ agentIds: [two] }, { onData: ({ id }) => prices.push(id) });
    await Promise.all([all, onlyOne, prices].map((inbox) => inbox.until((items) => items.length === 1)));
    const first = await market.buy(ann, one);
    const second = await market.buy(ann, two);
    await all.until((items) => items.length === 3);
    await prices.until((items) => items.length === 2);
    await onlyOne.until((items) => items.length === 2);
    expect(all.items.slice(1)).toEqual([first.receipt.position, second.receipt.position]);
    expect(onlyOne.items.slice(1)).toEqual([first.receipt.position]);
    expect(prices.items.slice(1)).toEqual([second.receipt.position]);
  });

  it.each([
    ['a typed array of a length that would take all memory', [['typed-array', 'Float64Array']]],
    ['a tree without end', 'bigint'],
  ])('%s in an input is refused at every door', async (_, tree) => {
    const input = { json: { limit: 1_000_000_000 }, meta: { values: { limit: tree }, v: 1 } };
    const client = await FrameClient.open(`ws://127.0.0.1:${server.port}/trpc`);
    client.send({ id: 1, method: 'query', params: { path: 'agents', input } });
    expect(JSON.stringify(await client.next())).toContain('The input is not superjson of');
    // The connection lives.
    client.send({ id: 2, method: 'query', params: { path: 'agents', input: { json: {} } } });
    expect(await client.next()).toMatchObject({ id: 2, result: { type: 'data' } });
    await client.close();
    const query = `input=${encodeURIComponent(JSON.stringify(input))}`;
    const response = await fetch(`${server.url}/trpc/agents?${query}`);
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('The input is not superjson of'),
    ]);
  });

  it.each([
    ['GET // with an upgrade', `GET // HTTP/1.1\r\nHost: localhost\r\n${UPGRADE}\r\n`, '400'],
    ['a host that is none, with an upgrade', `GET /trpc HTTP/1.1\r\nHost: [\r\n${UPGRADE}\r\n`, '400'],
    ['an upgrade elsewhere', `GET /elsewhere HTTP/1.1\r\nHost: localhost\r\n${UPGRADE}\r\n`, '404'],
    ['GET //', 'GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', '400'],
    [
      'GET //host/path',
      'GET //localhost/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      '400',
    ],
    ['a host that is none', 'GET /health HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n', '400'],
  ])('%s is refused and the server goes on', async (_, request, status) => {
    expect(await raw(request)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const health = await fetch(`${server.url}/health`);
    expect(await health.json()).toMatchObject({ status: 'ok', epoch: market.log.epoch });
  });
});
