import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../server/identity/identity.ts';
import { Visitor } from '../../server/identity/principal.ts';
import { AuthServer, errorOf } from '../support/auth-server.ts';
import { FrameClient } from '../support/frame-client.ts';
import { eventually, Gate, nextTurn } from '../support/gate.ts';
import { Signer } from '../support/signer.ts';
import { ManualClock } from '../support/test-app.ts';
import { connectionParams, mutation, query, subscription } from '../support/ws-messages.ts';

const NO_INPUT = { json: {} };
const ann = new Signer(1);

let clock: ManualClock;
let server: AuthServer;
beforeEach(async () => {
  clock = new ManualClock();
  server = await AuthServer.open({ identity: { clock: clock.now } });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server[Symbol.asyncDispose]();
});

const opened: FrameClient[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.cut()));
});
/** A connection whose first message is this. */
async function withParams(first: object | string): Promise<FrameClient> {
  const client = await FrameClient.open(`${server.socketUrl}?connectionParams=1`);
  opened.push(client);
  client.send(first);
  return client;
}
const whoIs = async (client: FrameClient): Promise<unknown> => {
  client.send(query(1, 'account', NO_INPUT));
  return client.next();
};
const isNobody = (problem: string) => ({
  id: 1,
  error: { json: { data: { code: 'UNAUTHORIZED', session: problem } } },
});

describe('a WebSocket is of whom its connection params say', () => {
  it('with a token that holds', async () => {
    const { accessToken } = await server.tokens(ann);
    const client = await withParams(connectionParams({ token: accessToken }));
    expect(JSON.stringify(await whoIs(client))).toContain(ann.address);
  });

  it.each<[string, string, () => object | Promise<object>]>([
    ['no params', 'none', () => ({})],
    ['a token that is not said', 'none', () => ({ token: undefined })],
    ['another name', 'none', async () => ({ Token: (await server.tokens(ann)).accessToken })],
    ['garbage', 'invalid', () => ({ token: 'garbage' })],
    ['what cannot be a token', 'invalid', () => ({ token: 'two words' })],
    ['a token too long', 'invalid', () => ({ token: 'x'.repeat(2_049) })],
    ['an empty token', 'invalid', () => ({ token: '' })],
    [
      'a token with a prefix',
      'invalid',
      async () => ({ token: `Bearer ${(await server.tokens(ann)).accessToken}` }),
    ],
    ['a refresh token', 'invalid', async () => ({ token: (await server.tokens(ann)).refreshToken })],
    [
      'a token that has expired',
      'expired',
      async () => {
        const { accessToken } = await server.tokens(ann);
        clock.advance(15 * 60_000);
        return { token: accessToken };
      },
    ],
    [
      'a token that was revoked',
      'revoked',
      async () => {
        const { accessToken, sessionId } = await server.tokens(ann);
        server.identity.revoke(ann.address, sessionId);
        return { token: accessToken };
      },
    ],
  ])('with %s it is nobody’s, told why (%s), and can see what all can', async (_, problem, params) => {
    const client = await withParams(connectionParams(await params()));
    expect(await whoIs(client)).toMatchObject(isNobody(problem));
    client.send(subscription(2, 'onTrade', NO_INPUT));
    expect(await client.take(2)).toMatchObject([
      { id: 2, result: { type: 'started' } },
      { id: 2, result: { type: 'data' } },
    ]);
    const { accessToken } = await server.tokens(ann);
    client.send(mutation(3, 'auth.renew', { json: { accessToken } }));
    await client.next();
    expect(JSON.stringify(await whoIs(client))).toContain(ann.address);
  });

  it.each([
    ['in the address', (token: string) => [`?token=${token}&access_token=${token}`, {}] as const],
    ['in Authorization', (token: string) => ['', { authorization: `Bearer ${token}` }] as const],
    ['in a cookie', (token: string) => ['', { cookie: `token=${token}` }] as const],
  ])('not with a token %s', async (_, place) => {
    const [search, headers] = place((await server.tokens(ann)).accessToken);
    const client = await FrameClient.open(`${server.socketUrl}${search}`, { headers });
    opened.push(client);
    expect(await whoIs(client)).toMatchObject(isNobody('none'));
  });

  it.each([
    ['no JSON', 'garbage'],
    ['a list', [connectionParams({})]],
    ['a text for params', connectionParams('token')],
    ['a number for a token', connectionParams({ token: 7 })],
    ['a call', query(1, 'agents', NO_INPUT)],
  ])('params that are %s close it with 4500', async (_, first) => {
    const client = await withParams(first);
    const { code, reason } = await client.closed;
    expect([code, reason]).toEqual([4500, 'malformed connection params']);
    expect(await client.rest()).toMatchObject([
      { id: null, error: { json: { data: { code: 'PARSE_ERROR' } } } },
    ]);
  });
});

describe('over HTTP', () => {
  it('a request is of whom its Authorization says, whatever its case', async () => {
    const { accessToken } = await server.tokens(ann);
    for (const authorization of [`Bearer ${accessToken}`, `bearer ${accessToken}`, `BEARER ${accessToken}`]) {
      const { status } = await server.post(
        'faucet',
        { clientOrderId: server.market.orderId() },
        { authorization },
      );
      // The second time it has had its SOL.
      expect([200, 429]).toContain(status);
    }
    for (const authorization of [
      accessToken,
      `Bearer  ${accessToken}`,
      `Bearer ${accessToken}, x`,
      'Bearer',
    ]) {
      const { status, body } = await server.post('faucet', { clientOrderId: 'x' }, { authorization });
      expect([status, body]).toEqual([401, expect.stringContaining('"session":"invalid"')]);
    }
  });

  it('checks a token with auth.renew, which signs nobody in', async () => {
    const { accessToken, sessionId } = await server.tokens(ann);
    const client = server.http();
    expect(await client.auth.renew.mutate({ accessToken })).toMatchObject({ sessionId });
    expect((await errorOf(client.account.query())).data?.session).toBe('none');
  });
});

describe('a session forgets the connections that have gone', () => {
  /** How many are told when Ann's sessions end. */
  const toldOfTheEnd = (): number => {
    const told = vi.spyOn(Visitor.prototype, 'revoked');
    for (const { id } of server.identity.sessions(ann.address)) server.identity.revoke(ann.address, id);
    return told.mock.calls.length;
  };

  it('tells those that are there, as these tests count', async () => {
    const { accessToken } = await server.tokens(ann);
    const clients = await Promise.all([1, 2, 3].map(() => server.frames(accessToken)));
    await Promise.all(clients.map(whoIs));
    expect(toldOfTheEnd()).toBe(3);
  });

  it.each([
    ['say goodbye', (client: FrameClient) => client.close()],
    ['are cut', (client: FrameClient) => client.cut()],
  ])('that %s', async (_, leave) => {
    const { accessToken } = await server.tokens(ann);
    const clients = await Promise.all([1, 2, 3].map(() => server.frames(accessToken)));
    await Promise.all(clients.map(whoIs));
    await Promise.all(clients.map(leave));
    await eventually(() => server.market.app.getStats().totalClients === 0);
    expect(toldOfTheEnd()).toBe(0);
  });

  it('that go before it is known who they are', async () => {
    const { accessToken } = await server.tokens(ann);
    const asked = new Gate();
    const known = new Gate();
    const left = vi.spyOn(Visitor.prototype, 'leave');
    const { sessionOf } = Identity.prototype;
    vi.spyOn(Identity.prototype, 'sessionOf').mockImplementation(async function (this: Identity, token) {
      asked.open();
      await known.opened;
      return sessionOf.call(this, token);
    });
    const client = await server.frames(accessToken);
    await asked.opened;
    await client.cut();
    await eventually(() => server.market.app.getStats().totalClients === 0);
    known.open();
    await eventually(() => left.mock.calls.length === 1);
    expect(toldOfTheEnd()).toBe(0);
  });

  it('that go while they are renewed', async () => {
    const [before, after] = [await server.tokens(ann), await server.tokens(ann)];
    const client = await server.frames(before.accessToken);
    await whoIs(client);
    const asked = new Gate();
    const known = new Gate();
    const renewed = vi.spyOn(Visitor.prototype, 'take');
    const { sessionOf } = Identity.prototype;
    vi.spyOn(Identity.prototype, 'sessionOf').mockImplementation(async function (this: Identity, token) {
      asked.open();
      await known.opened;
      return sessionOf.call(this, token);
    });
    client.send(mutation(2, 'auth.renew', { json: { accessToken: after.accessToken } }));
    await asked.opened;
    await client.cut();
    await eventually(() => server.market.app.getStats().totalClients === 0);
    known.open();
    await eventually(() => renewed.mock.calls.length === 1);
    await nextTurn();
    expect(toldOfTheEnd()).toBe(0);
  });

  it('that were one request over HTTP', async () => {
    const { accessToken } = await server.tokens(ann);
    await server.http(accessToken).account.query();
    await server.http(accessToken).account.query();
    const left = vi.spyOn(Visitor.prototype, 'leave');
    await server.http(accessToken).account.query();
    await eventually(() => left.mock.calls.length > 0);
    expect(toldOfTheEnd()).toBe(0);
  });
});
