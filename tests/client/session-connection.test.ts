import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_RATES } from '../../server/guards/rate-limits.ts';
import { type KeptSession, memoryStorage } from '../../shared/client/index.ts';
import { sol } from '../../shared/units.ts';
import { Inbox } from '../support/streams.ts';
import { errorOf, isOpen, statesOf } from './fixture.ts';
import { ManualTimers } from './manual-timers.ts';
import { type SignedClient, SignInServer } from './sign-in-server.ts';

const ACCESS_MS = 15 * 60_000;

let server: SignInServer;
let timers: ManualTimers;
beforeEach(async () => {
  server = await SignInServer.open();
  timers = new ManualTimers();
});
afterEach(() => server[Symbol.asyncDispose]());

/** The time of the server and of the client. */
function pass(ms: number): void {
  server.clock.advance(ms);
  timers.advance(ms);
}

const until = async (client: SignedClient, kind: 'signed_in' | 'signed_out'): Promise<void> => {
  const kinds = new Inbox<string>();
  client.session.state.subscribe(() => kinds.push(client.session.state.get().kind));
  kinds.push(client.session.state.get().kind);
  await kinds.until((all) => all.at(-1) === kind);
};

/** What the wallet's own stream gives: the types of its messages, and its end. */
function listen({ client }: SignedClient) {
  const types = new Inbox<string>();
  const ids = new Inbox<string>();
  client.onAccount.subscribe(
    {},
    {
      onData: ({ id, data }) => {
        ids.push(id);
        types.push(data.type);
      },
      onError: (error) => types.push(`failed: ${error.data?.session}`),
    },
  );
  return { types, ids };
}

/** What the wallet's stream tells. */
const credit = () => ({
  clientOrderId: server.market.orderId(),
  wallet: server.ann.address,
  sol: sol('1'),
});

const refreshes = ({ calls }: SignedClient): number =>
  calls.filter(({ url }) => url.endsWith('/auth.refresh')).length;

describe('a client that signs in', () => {
  it('speaks for the wallet on the open connection, until it signs out', async () => {
    const { client, session } = server.connect();
    await client.agents.query({});
    expect((await errorOf(client.faucet.mutate({ clientOrderId: 'one' }))).data?.session).toBe('none');
    await session.signIn(server.ann);
    expect(session.state.get()).toMatchObject({ kind: 'signed_in', wallet: server.ann.address });
    const { credit } = await client.faucet.mutate({ clientOrderId: 'one' });
    expect(credit).toMatchObject({ wallet: server.ann.address, sol: sol('10') });
    expect(await session.signOut()).toBe(true);
    expect((await errorOf(client.faucet.mutate({ clientOrderId: 'one' }))).data?.session).toBe('none');
    expect(server.market.app.services.identity.sessions(server.ann.address)).toEqual([]);
  });

  it('can do so before the connection is open, and comes back with what it has', async () => {
    const client = server.connect();
    await client.session.signIn(server.ann);
    const states = statesOf(client.state);
    const { types } = listen(client);
    await types.until((all) => all.length === 1);
    for (let round = 0; round < 3; round += 1) {
      server.cut();
      await states.until((all) => all.at(-1)?.kind === 'reconnecting');
      await states.until(isOpen);
      expect(await client.client.auth.sessions.query()).toMatchObject([{ current: true }]);
      await server.market.operator.credit(credit());
      await types.until((all) => all.length === 2 + round);
    }
    expect(types.items).toEqual(['snapshot', 'wallet_credited', 'wallet_credited', 'wallet_credited']);
  });

  it('keeps its tokens out of every URL and every error', async () => {
    const saved: KeptSession[] = [];
    const storage = memoryStorage();
    const keeping = {
      ...storage,
      save: (session: KeptSession) => {
        saved.push(session);
        storage.save(session);
      },
    };
    const client = server.connect({ clock: timers, session: { storage: keeping } });
    const errors: unknown[] = [];
    await client.session.signIn(server.ann);
    errors.push(await errorOf(client.client.agent.query({ agentId: '77' })));
    pass(ACCESS_MS - 60_000);
    server.losing.add('auth.refresh');
    await until(client, 'signed_out');
    server.losing.clear();
    server.losing.add('auth.signIn');
    errors.push(await client.session.signIn(server.ann).catch((error: unknown) => error));
    const tokens = saved.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken ?? '']);
    expect(tokens.filter((token) => token !== '')).not.toHaveLength(0);
    const seen = [
      ...client.calls.map(({ url }) => url),
      ...errors.map((error) => inspect(error, { depth: 20 })),
    ];
    expect(seen.length).toBeGreaterThan(6);
    for (const token of tokens) {
      if (token !== '') expect(seen.filter((text) => text.includes(token))).toEqual([]);
    }
  });
});

describe('a sign-in that does not work', () => {
  it('says that the server does not take the proof, or that there were too many', async () => {
    await using limiting = await SignInServer.open({ rates: DEFAULT_RATES });
    const { session } = limiting.connect();
    const forged = {
      address: server.ann.address,
      signIn: (challenge: Parameters<typeof server.bob.signIn>[0]) =>
        server.bob.signIn({ ...challenge, address: server.bob.address }),
    };
    await expect(session.signIn(forged)).rejects.toMatchObject({ name: 'SignInError', why: 'refused' });
    const idle = { address: server.ann.address, signIn: () => Promise.reject(new Error('not now')) };
    let limited: unknown;
    for (let count = 0; count < 40 && limited === undefined; count += 1) {
      const error: unknown = await session.signIn(idle).catch((reason: unknown) => reason);
      if (error instanceof Error && error.message !== 'not now') limited = error;
    }
    expect(limited).toMatchObject({ name: 'SignInError', why: 'too_often' });
    expect(inspect(limited)).toMatch(/retryAfterMs: [1-9]/);
  });
});

describe('the access token', () => {
  it('is renewed on the open connection: the wallet’s stream goes on without a gap', async () => {
    const client = server.connect({ clock: timers });
    await client.session.signIn(server.ann);
    const { types } = listen(client);
    await types.until((all) => all.length === 1);
    const states = statesOf(client.state);
    for (let round = 1; round <= 3; round += 1) {
      const before = client.session.state.get();
      pass(ACCESS_MS - 60_000);
      const renewed = new Inbox<unknown>();
      client.session.state.subscribe(() => renewed.push(client.session.state.get()));
      await renewed.until((all) => all.length > 0);
      expect(client.session.state.get()).not.toEqual(before);
      expect(refreshes(client)).toBe(round);
      // The token before it has expired now.
      pass(60_000);
      await server.market.operator.credit(credit());
      await types.until((all) => all.length === 1 + round);
    }
    expect(types.items).toEqual(['snapshot', 'wallet_credited', 'wallet_credited', 'wallet_credited']);
    expect(states.items).toEqual([{ kind: 'open' }]);
  });

  it('that expired while this machine slept is made good for: the order and the stream go on', async () => {
    const client = server.connect({ clock: timers });
    await client.session.signIn(server.ann);
    const { types, ids } = listen(client);
    await types.until((all) => all.length === 1);
    // The client's timers have not gone off.
    server.clock.advance(ACCESS_MS + 1);
    const { receipt } = await client.client.faucet.mutate({ clientOrderId: 'one' });
    await ids.until((all) => all.includes(receipt.position));
    expect(types.items).toEqual(['snapshot', 'wallet_credited']);
    expect(refreshes(client)).toBe(1);
  });

  it('of which the refresh had no answer is given up, and so is the connection', async () => {
    const client = server.connect({ clock: timers });
    await client.session.signIn(server.ann);
    const { types } = listen(client);
    await types.until((all) => all.length === 1);
    server.losing.add('auth.refresh');
    pass(ACCESS_MS - 60_000);
    await until(client, 'signed_out');
    expect(client.session.state.get()).toEqual({ kind: 'signed_out', why: 'lost' });
    await types.until((all) => all.length === 2);
    expect(types.items).toEqual(['snapshot', 'failed: none']);
    expect((await errorOf(client.client.auth.sessions.query())).data?.session).toBe('none');
    await client.session.signIn(server.ann);
    expect(await client.client.auth.sessions.query()).toHaveLength(2);
  });

  it('is not asked for while there is no network, and then in time for the connection', async () => {
    const client = server.connect({ clock: timers });
    await client.session.signIn(server.ann);
    await client.client.auth.sessions.query();
    server.disconnect();
    const states = statesOf(client.state);
    await states.until((all) => all.at(-1)?.kind === 'reconnecting');
    pass(ACCESS_MS + 1);
    server.reconnect();
    await states.until(isOpen);
    expect(await client.client.auth.sessions.query()).toMatchObject([{ current: true }]);
    expect(refreshes(client)).toBe(1);
  });
});

describe('a session that is ended elsewhere', () => {
  it('is over here at once', async () => {
    const [one, other] = [server.connect(), server.connect()];
    for (const { session } of [one, other]) await session.signIn(server.ann);
    await other.client.auth.sessions.query();
    const { types } = listen(other);
    await types.until((all) => all.length === 1);
    expect(await one.session.signOut({ everywhere: true })).toBe(true);
    await until(other, 'signed_out');
    expect(other.session.state.get()).toEqual({ kind: 'signed_out', why: 'revoked' });
    await types.until((all) => all.length === 2);
    expect(types.items[1]).toMatch(/^failed: /);
    // Whoever it was comes back as nobody.
    expect(await other.client.agents.query({})).toMatchObject({ agents: [] });
  });
});

describe('one connection', () => {
  it('changes hands: the streams of the wallet before it end', async () => {
    const client = server.connect();
    await client.session.signIn(server.ann);
    const { types } = listen(client);
    await types.until((all) => all.length === 1);
    await client.session.signIn(server.bob);
    await types.until((all) => all.length === 2);
    expect(types.items).toEqual(['snapshot', 'failed: replaced']);
    expect(client.session.state.get()).toMatchObject({ kind: 'signed_in', wallet: server.bob.address });
    const { credit } = await client.client.faucet.mutate({ clientOrderId: 'one' });
    expect(credit.wallet).toBe(server.bob.address);
  });
});
