import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentId } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { AuthServer, errorOf } from '../support/auth-server.ts';
import { Signer } from '../support/signer.ts';
import { Inbox } from '../support/streams.ts';
import { wallet } from '../support/wallets.ts';

const ann = new Signer(1);
const bob = new Signer(2);

let server: AuthServer;
let agentId: AgentId;
beforeEach(async () => {
  server = await AuthServer.open({ identity: { operators: [bob.address] } });
  const { market } = server;
  agentId = await market.createAgent('ONE');
  for (const { address } of [ann, bob]) {
    await market.operator.credit({ clientOrderId: market.orderId(), wallet: address, sol: sol('100') });
  }
});
afterEach(() => server[Symbol.asyncDispose]());

const EVENTS = { accept: 'text/event-stream' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const accountUrl = (query = 'input=%7B%22json%22%3A%7B%7D%7D'): string =>
  `${server.url}/trpc/onAccount?${query}`;

/** Follows an account over HTTP. `said` is all that has come. */
async function follow(token: string, query?: string) {
  const leaving = new AbortController();
  const response = await fetch(accountUrl(query), {
    headers: { ...EVENTS, ...bearer(token) },
    signal: leaving.signal,
  });
  const parts = new Inbox<string>();
  const reading = (async () => {
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      parts.push(decoder.decode(part.value, { stream: true }));
    }
  })();
  const said = (): string => parts.items.join('');
  return {
    response,
    said,
    until: (text: string) => parts.until(() => said().includes(text)),
    /** Resolves when the server has ended it. */
    ended: reading,
    leave: async () => {
      leaving.abort();
      await reading.catch(() => undefined);
    },
  };
}

/** A stream that says why it is none: by then its status has been sent. */
async function isNobodys(url: string, headers: Record<string, string>, problem: string): Promise<void> {
  const body = await (await fetch(url, { headers: { ...EVENTS, ...headers } })).text();
  expect(body).toContain('event: serialized-error');
  expect(body).toContain(`"code":"UNAUTHORIZED"`);
  expect(body).toContain(`"session":"${problem}"`);
  for (const { address } of [ann, bob]) expect(body).not.toContain(address);
}

describe('the account over HTTP, as server-sent events', () => {
  it('is of the wallet whose token it is, and of no other', async () => {
    const { accessToken } = await server.tokens(ann);
    const stream = await follow(accessToken);
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    await stream.until('"snapshot"');
    const bobs = await server.market.buy(bob.address, agentId);
    const anns = await server.market.buy(ann.address, agentId);
    await stream.until(anns.receipt.position);
    expect(stream.said()).toContain(ann.address);
    expect(stream.said()).not.toContain(bob.address);
    expect(stream.said()).not.toContain(bobs.receipt.position);
    await stream.leave();
  });

  it('cannot be asked for another wallet', async () => {
    const { accessToken } = await server.tokens(ann);
    const input = JSON.stringify({ json: { wallet: bob.address, address: bob.address } });
    const stream = await follow(accessToken, `input=${encodeURIComponent(input)}`);
    await stream.until('"snapshot"');
    expect(stream.said()).toContain(ann.address);
    expect(stream.said()).not.toContain(bob.address);
    await stream.leave();
  });

  it('ends with its session, and says so', async () => {
    const { accessToken, sessionId } = await server.tokens(ann);
    const stream = await follow(accessToken);
    await stream.until('"snapshot"');
    server.identity.revoke(ann.address, sessionId);
    await stream.ended;
    expect(stream.said()).toMatch(/serialized-error.*"session":"revoked"/s);
  });

  it.each([
    ['no token', {}, 'none'],
    ['a token that does not hold', bearer('garbage'), 'invalid'],
    ['a header that is none', { authorization: 'Basic YW5uOmE=' }, 'invalid'],
  ])('is for nobody with %s', async (_, headers, problem) => {
    await isNobodys(accountUrl(), headers, problem);
  });

  it.each([
    [
      'as connection params',
      (token: string) => `connectionParams=${encodeURIComponent(JSON.stringify({ token }))}`,
    ],
    ['as a parameter', (token: string) => `token=${token}&access_token=${token}&accessToken=${token}`],
  ])('is for nobody whose token is in the address, %s: addresses are written down', async (_, query) => {
    const { accessToken } = await server.tokens(ann);
    const address = `${accountUrl()}&${query(accessToken)}`;
    await isNobodys(address, {}, 'none');
  });

  it('is for nobody whose token is in a cookie: other pages could make use of it', async () => {
    const { accessToken } = await server.tokens(ann);
    const cookie = `token=${accessToken}; Authorization=Bearer ${accessToken}`;
    await isNobodys(accountUrl(), { cookie }, 'none');
  });
});

describe('the account over a WebSocket', () => {
  it('is of the wallet whose token it is, and of no other', async () => {
    const streams = await Promise.all(
      [ann, bob].map(async (signer) => {
        const { accessToken } = await server.tokens(signer);
        const seen = new Inbox<string>();
        server.connect(accessToken).client.onAccount.subscribe(undefined, {
          onData: ({ id, data }) => seen.push(data.type === 'snapshot' ? data.account.wallet : id),
        });
        await seen.until(({ length }) => length === 1);
        return seen;
      }),
    );
    const bought: string[] = [];
    for (const { address } of [ann, bob]) {
      bought.push((await server.market.buy(address, agentId)).receipt.position);
    }
    await Promise.all(streams.map((seen) => seen.until(({ length }) => length === 2)));
    const [anns, bobs] = bought;
    expect(streams.map(({ items }) => items)).toEqual([
      [ann.address, anns],
      [bob.address, bobs],
    ]);
  });

  it('is for nobody without a session', async () => {
    const errors = new Inbox<unknown>();
    server.connect().client.onAccount.subscribe(undefined, {
      onData: errors.push,
      onError: ({ data }) => errors.push([data?.code, data?.session]),
    });
    await errors.until(({ length }) => length === 1);
    expect(errors.items).toEqual([['UNAUTHORIZED', 'none']]);
  });
});

describe('what only operators may call', () => {
  const credit = () => ({ clientOrderId: server.market.orderId(), wallet: wallet('friend'), sol: sol('1') });

  it.each(['http', 'connect'] as const)('is for those that the server was told of, over %s', async (door) => {
    const clientOf = (token?: string) =>
      door === 'http' ? server.http(token) : server.connect(token).client;
    const { head } = server.market.log;
    const nobody = clientOf();
    const anns = clientOf((await server.tokens(ann)).accessToken);
    expect((await errorOf(nobody.credit.mutate(credit()))).data?.code).toBe('UNAUTHORIZED');
    expect((await errorOf(nobody.stats.query())).data?.code).toBe('UNAUTHORIZED');
    expect((await errorOf(anns.credit.mutate(credit()))).data?.code).toBe('FORBIDDEN');
    expect((await errorOf(anns.stats.query())).data?.code).toBe('FORBIDDEN');
    expect(server.market.log.head).toBe(head);
    const bobs = clientOf((await server.tokens(bob)).accessToken);
    await bobs.credit.mutate(credit());
    expect(server.market.log.head).toBe(head + 1);
    expect((await bobs.stats.query()).totalClients).toBeGreaterThanOrEqual(0);
  });
});
