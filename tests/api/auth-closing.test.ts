import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tokens } from '../../shared/auth.ts';
import { AuthServer, errorOf } from '../support/auth-server.ts';
import type { FrameClient } from '../support/frame-client.ts';
import { Signer } from '../support/signer.ts';
import { mutation, subscription } from '../support/ws-messages.ts';

const ann = new Signer(1);
const bob = new Signer(2);

/** As superjson has it. */
const NO_INPUT = { json: {} };

let server: AuthServer;
/** Two sessions of Ann's and one of Bob's. */
let [first, second, bobs]: readonly Tokens[] = [];
beforeEach(async () => {
  server = await AuthServer.open();
});
afterEach(() => server[Symbol.asyncDispose]());

const ENDED = {
  id: null,
  error: {
    json: { message: 'The session has ended; sign in.', data: { code: 'UNAUTHORIZED', session: 'revoked' } },
  },
};
const CLOSED = { code: 4401, reason: 'the session has ended' };

/** Two connections of Ann's first session, one of her second, one of Bob's and one of nobody. */
async function connections() {
  [first, second, bobs] = await Promise.all([server.tokens(ann), server.tokens(ann), server.tokens(bob)]);
  const [one, two, other, bobsOwn] = await Promise.all(
    [first, first, second, bobs].map((tokens) => server.frames(tokens?.accessToken)),
  );
  if (!one || !two || !other || !bobsOwn) throw new Error('not connected');
  const nobodys = await server.frames();
  const clients = { one, two, other, bobsOwn, nobodys };
  // Their contexts have been made.
  await Promise.all(Object.values(clients).map((client) => client.untilPong()));
  for (const client of [one, two, other, bobsOwn]) {
    client.send(subscription('mine', 'onAccount', NO_INPUT));
    await client.take(2);
  }
  return clients;
}

const staysOpen = async (client: FrameClient): Promise<void> => {
  expect(await client.settled()).toEqual([]);
};
/** What comes to a connection whose session somebody else has ended. */
async function isClosed(client: FrameClient): Promise<void> {
  expect(await client.closed).toEqual(CLOSED);
  expect(await client.rest()).toMatchObject([
    { id: 'mine', error: { json: { data: { code: 'UNAUTHORIZED', session: 'revoked' } } } },
    ENDED,
  ]);
}

describe('the connections of a session are closed with 4401', () => {
  it('when it logs out: after the answer to that, and the reason', async () => {
    const { one, two, other, bobsOwn, nobodys } = await connections();
    one.send(mutation(7, 'auth.logout', { json: {} }));
    expect(await one.closed).toEqual(CLOSED);
    expect(await one.rest()).toMatchObject([
      { id: 'mine', error: { json: { data: { session: 'revoked' } } } },
      { id: 7, result: { data: { json: { ended: 1 } } } },
      ENDED,
    ]);
    await isClosed(two);
    await Promise.all([other, bobsOwn, nobodys].map(staysOpen));
    expect(await server.identity.sessionOf(first?.accessToken ?? '')).toBe('revoked');
    expect(await server.identity.sessionOf(second?.accessToken ?? '')).toMatchObject({ wallet: ann.address });
  });

  it('when it logs out everywhere: those of all sessions of the wallet', async () => {
    const { one, two, other, bobsOwn, nobodys } = await connections();
    one.send(mutation(7, 'auth.logout', { json: { everywhere: true } }));
    expect(await one.closed).toEqual(CLOSED);
    expect(await one.rest()).toMatchObject([
      { id: 'mine' },
      { id: 7, result: { data: { json: { ended: 2 } } } },
      ENDED,
    ]);
    await Promise.all([two, other].map(isClosed));
    await Promise.all([bobsOwn, nobodys].map(staysOpen));
    expect(server.identity.sessions(ann.address)).toEqual([]);
    expect(server.identity.sessions(bob.address)).toHaveLength(1);
  });

  it('when it is revoked from another session, over HTTP', async () => {
    const { one, two, other, bobsOwn } = await connections();
    const sessionId = first?.sessionId ?? '';
    const answer = await server.http(second?.accessToken).auth.revokeSession.mutate({ sessionId });
    expect(answer).toEqual({ sessionId });
    await Promise.all([one, two].map(isClosed));
    await Promise.all([other, bobsOwn].map(staysOpen));
  });

  it('when it logs out over HTTP', async () => {
    const { one, two, other, bobsOwn } = await connections();
    expect(await server.http(first?.accessToken).auth.logout.mutate({})).toEqual({ ended: 1 });
    await Promise.all([one, two].map(isClosed));
    await Promise.all([other, bobsOwn].map(staysOpen));
  });

  it('when a refresh token of it comes a second time', async () => {
    const { one, two, other, bobsOwn } = await connections();
    const { refreshToken = '' } = first ?? {};
    await server.http().auth.refresh.mutate({ refreshToken });
    await Promise.all([one, two].map(staysOpen));
    const error = await errorOf(server.http().auth.refresh.mutate({ refreshToken }));
    expect(error.data).toMatchObject({ code: 'UNAUTHORIZED', session: 'revoked' });
    await Promise.all([one, two].map(isClosed));
    await Promise.all([other, bobsOwn].map(staysOpen));
  });

  it('when twenty newer ones have been opened', async () => {
    const { one, other } = await connections();
    for (let count = 0; count < 18; count += 1) await server.tokens(ann);
    await Promise.all([one, other].map(staysOpen));
    // Both were opened in the same millisecond, so either may be the oldest.
    await server.tokens(ann);
    await server.tokens(ann);
    await Promise.all([one, other].map(isClosed));
  });
});

describe('what is of another wallet', () => {
  it('cannot be revoked, nor told from what there is not', async () => {
    const { bobsOwn } = await connections();
    const client = server.http(first?.accessToken);
    const errors = await Promise.all(
      [bobs?.sessionId ?? '', 'A'.repeat(22)].map((sessionId) =>
        errorOf(client.auth.revokeSession.mutate({ sessionId })),
      ),
    );
    for (const { message, data } of errors) {
      expect([data?.code, message]).toEqual(['NOT_FOUND', 'The wallet has no such session.']);
    }
    await staysOpen(bobsOwn);
    expect(server.identity.sessions(bob.address)).toHaveLength(1);
  });

  it('is not among its sessions', async () => {
    await connections();
    const sessions = await server.http(second?.accessToken).auth.sessions.query();
    const expected = [
      [first?.sessionId, false],
      [second?.sessionId, true],
    ];
    expect(sessions.map(({ sessionId, current }) => [sessionId, current]).toSorted()).toEqual(
      expected.toSorted(),
    );
    expect(Object.keys(sessions[0] ?? {}).toSorted()).toEqual([
      'createdAt',
      'current',
      'device',
      'expiresAt',
      'refreshedAt',
      'sessionId',
    ]);
  });
});

describe('a client that comes back with the token of a session that has ended', () => {
  it('is nobody: nothing is done for it', async () => {
    const { accessToken, sessionId } = await server.tokens(ann);
    await server.http(accessToken).account.query();
    server.identity.revoke(ann.address, sessionId);
    const { head } = server.market.log;
    const clientOrderId = server.market.orderId();
    for (const each of [server.connect(accessToken).client, server.http(accessToken)]) {
      const { data } = await errorOf(each.faucet.mutate({ clientOrderId }));
      expect(data).toMatchObject({ code: 'UNAUTHORIZED', session: 'revoked' });
    }
    expect(server.market.log.head).toBe(head);
  });

  it('can sign in anew', async () => {
    const { accessToken, sessionId } = await server.tokens(ann);
    server.identity.revoke(ann.address, sessionId);
    const tokens = await server.signIn(server.http(accessToken), ann);
    expect((await server.http(tokens.accessToken).account.query()).account.wallet).toBe(ann.address);
  });
});
