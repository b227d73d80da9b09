import { afterEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../server/identity/identity.ts';
import { SessionStore } from '../../server/identity/session-store.ts';
import { Gate } from '../support/gate.ts';
import { ManualClock } from '../support/test-app.ts';
import { GatewayWorld } from './fixture.ts';
import { challenged, challengeFor, credit, Person, signIn, textOf } from './people.ts';

const [ann, bob] = [new Person('ann'), new Person('bob')];
const ACCOUNT = { type: 'subscribe', channel: 'account' };
const MINUTE = 60_000;

afterEach(() => vi.restoreAllMocks());

describe('a challenge', () => {
  it('is a text for the wallet to sign, and its signature is good for a quarter of an hour', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const before = Date.now();
    client.send({ ...challengeFor(ann), id: 'c' });
    const given = await client.next();
    expect(given).toMatchObject({ type: 'challenge', requestId: 'c', walletAddress: ann.address });
    const text = textOf(given);
    expect(text).toContain(`wants you to sign in with your Solana account:\n${ann.address}\n`);
    expect(text).toContain(`\nExpiration Time: ${String(given['expiresAt'])}`);
    expect(Date.parse(String(given['expiresAt'])) - before).toBeGreaterThanOrEqual(5 * MINUTE);
    client.send({ ...ann.proof(text), id: 'a' });
    const answer = await client.next();
    expect(answer).toMatchObject({ type: 'authenticated', requestId: 'a', walletAddress: ann.address });
    expect(Date.parse(String(answer['expiresAt'])) - before).toBeGreaterThanOrEqual(15 * MINUTE);
    expect(Date.parse(String(answer['expiresAt'])) - Date.now()).toBeLessThanOrEqual(15 * MINUTE);
    const [subscribed] = await client.subscribe('account');
    expect(subscribed).toMatchObject({ type: 'subscribed', channel: 'account' });
  });

  it('takes the place of the one before, which is good for whoever gives its text', async () => {
    const world = await GatewayWorld.open();
    const [client, other] = [await world.connect(), await world.connect()];
    const first = await challenged(client, ann);
    const second = await challenged(client, ann);
    expect(second).not.toBe(first);
    client.send(ann.proof(first));
    expect(await client.next()).toMatchObject({ code: 'auth_failed' });
    // It was held against the second text, and used that up; the first is as it was, on any connection.
    client.send({ ...ann.proof(second), message: second });
    expect(await client.next()).toMatchObject({ code: 'auth_failed' });
    other.send({ ...ann.proof(first), message: first });
    expect(await other.next()).toMatchObject({ type: 'authenticated' });
  });

  it('stays when another text is given', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const first = await challenged(client, ann);
    const second = await challenged(client, ann);
    client.send({ ...ann.proof(first), message: first });
    expect(await client.next()).toMatchObject({ type: 'authenticated' });
    client.send(ann.proof(second));
    expect(await client.next()).toMatchObject({ type: 'authenticated' });
  });

  it('that cannot be made is an internal error, which the server hears of', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    vi.spyOn(world.market.app.services.identity, 'challenge').mockImplementation(() => {
      throw new Error('no memory');
    });
    client.send({ ...challengeFor(ann), id: 1 });
    expect(await client.next()).toMatchObject({ code: 'internal_error', requestId: 1 });
    expect(world.logged).toMatchObject([{ err: new Error('no memory'), where: 'challenge' }]);
  });
});

describe('a token', () => {
  it('is enough, whatever else is said', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const token = await world.tokenOf(ann.address);
    client.send({ type: 'auth', id: 1, token, walletAddress: bob.address, signature: '?', message: '?' });
    expect(await client.next()).toMatchObject({ type: 'authenticated', walletAddress: ann.address });
  });

  it('leaves the challenge as it was', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const text = await challenged(client, bob);
    await world.signIn(client, ann.address);
    client.send(bob.proof(text));
    expect(await client.next()).toMatchObject({ type: 'authenticated', walletAddress: bob.address });
  });

  it('does not hold when it is none, of another server, altered, expired or revoked', async () => {
    const clock = new ManualClock();
    const identity = Identity.inMemory({ clock: clock.now });
    const world = await GatewayWorld.open({ market: { identity } });
    const client = await world.connect();
    const refused = async (token: string): Promise<void> => {
      client.send({ type: 'auth', id: token.slice(0, 9), token });
      expect(await client.next()).toMatchObject({ code: 'auth_failed', requestId: token.slice(0, 9) });
    };
    const elsewhere = Identity.inMemory({ clock: clock.now, store: new SessionStore() });
    const { accessToken, accessExpiresAt, refreshToken } = await identity.vouch(ann.address, 'test');
    await refused('');
    await refused('x.y.z');
    await refused(refreshToken);
    await refused((await elsewhere.vouch(ann.address, 'test')).accessToken);
    const [head, payload = '', code] = accessToken.split('.');
    const claims = Buffer.from(payload, 'base64url').toString().replace(ann.address, bob.address);
    await refused([head, Buffer.from(claims).toString('base64url'), code].join('.'));
    const revoked = await identity.vouch(bob.address, 'test');
    identity.revoke(bob.address, revoked.sessionId);
    await refused(revoked.accessToken);
    client.send({ type: 'auth', token: accessToken });
    expect(await client.next()).toMatchObject({ type: 'authenticated' });
    clock.advance(accessExpiresAt - clock.now());
    await refused(accessToken);
  });
});

describe('auth', () => {
  it('that fails leaves the session as it was', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const client = await world.connect();
    client.send({ type: 'auth', id: 1, token: 'x' }, { ...ACCOUNT, id: 2 });
    const answers = [await client.next(), await client.next()];
    expect(answers.map(({ code }) => code).toSorted()).toEqual(['auth_failed', 'unauthorized']);
    await signIn(client, ann);
    await client.subscribe('account');
    const text = await challenged(client, bob);
    client.send(ann.proof(text), { type: 'auth', token: 'x' });
    expect((await client.take(2)).map(({ code }) => code)).toContain('auth_failed');
    const id = await credit(market, ann.address);
    expect(await client.settled()).toMatchObject([
      { type: 'balance_update', id, data: { walletAddress: ann.address } },
    ]);
  });

  it('is one at a time; nothing else waits for it, and it counts when it is answered', async () => {
    const world = await GatewayWorld.open();
    const { identity } = world.market.app.services;
    const token = await world.tokenOf(ann.address);
    const gate = new Gate();
    const { sessionOf } = identity;
    vi.spyOn(identity, 'sessionOf').mockImplementation(async (given) => {
      await gate.opened;
      return sessionOf.call(identity, given);
    });
    const client = await world.connect();
    const auth = (id: number) => ({ type: 'auth', id, token });
    client.send(auth(1), auth(2), ACCOUNT, { ...challengeFor(ann), id: 4 }, { type: 'ping', id: 3 });
    expect(await client.take(2)).toMatchObject([
      { type: 'error', code: 'auth_pending', requestId: 2 },
      { type: 'error', code: 'unauthorized' },
    ]);
    const others = await client.take(2);
    expect(others.map(({ type }) => type).toSorted()).toEqual(['challenge', 'pong']);
    gate.open();
    expect(await client.next()).toMatchObject({ type: 'authenticated', requestId: 1 });
    client.send(auth(5));
    expect(await client.next()).toMatchObject({ type: 'authenticated', requestId: 5 });
  });

  it.each(['sessionOf', 'signInOnce'] as const)(
    'whose check fails in %s is an internal error, which the server hears of',
    async (step) => {
      const world = await GatewayWorld.open();
      const client = await world.connect();
      const text = await challenged(client, ann);
      vi.spyOn(world.market.app.services.identity, step).mockImplementation(() => {
        throw new Error('no database');
      });
      client.send({ ...ann.proof(text), id: 1, ...(step === 'sessionOf' ? { token: 'x' } : {}) });
      const answer = await client.next();
      expect(answer).toMatchObject({ type: 'error', code: 'internal_error', requestId: 1 });
      expect(JSON.stringify(answer)).not.toContain('database');
      expect(world.logged).toMatchObject([{ err: new Error('no database'), where: 'auth' }]);
      vi.restoreAllMocks();
      expect(await signIn(client, ann)).toMatchObject({ type: 'authenticated' });
    },
  );

  it('is for its own connection', async () => {
    const world = await GatewayWorld.open();
    const [one, other] = [await world.connect(), await world.connect()];
    await signIn(one, ann);
    other.send(ACCOUNT);
    expect(await other.next()).toMatchObject({ code: 'unauthorized' });
    await signIn(other, bob);
    for (const client of [one, other]) await client.subscribe('account');
    const ids = [await credit(world.market, ann.address), await credit(world.market, bob.address)];
    expect((await one.settled()).map(({ id }) => id)).toEqual([ids[0]]);
    expect((await other.settled()).map(({ id }) => id)).toEqual([ids[1]]);
  });
});
