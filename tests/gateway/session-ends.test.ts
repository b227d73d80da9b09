import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { NO_RATES } from '../../server/guards/rate-limits.ts';
import { Identity } from '../../server/identity/identity.ts';
import { eventually } from '../support/gate.ts';
import { ManualClock, openMarket, type TestMarket } from '../support/test-app.ts';
import type { Message } from './json-client.ts';
import { challengeFor, credit, Person, textOf } from './people.ts';
import { type PipedClient, pipedGateway } from './piped.ts';
import { units } from './units.ts';

/** How long a session lasts, and how often it is renewed here. */
const SESSION_MS = 15 * 60_000;
const RENEW_MS = 14 * 60_000;

const [ann, bob] = [new Person('ann'), new Person('bob')];
const subscribe = (channel: string) => ({ type: 'subscribe', channel });

let market: TestMarket;
let identity: Identity;
let gateway: ReturnType<typeof pipedGateway>;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  identity = Identity.inMemory({ clock: () => clock.now() });
  market = await openMarket({ identity, rates: NO_RATES });
  // Silence is the business of other tests.
  gateway = pipedGateway({ services: market.app.services, limits: { heartbeatMs: 24 * 60 * 60_000 } });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => expect(gateway.faults).toEqual([]));
});

afterEach(async () => {
  vi.useRealTimers();
  await market.app.close();
});

/** What time is by both the clock and the timers. */
async function pass(client: PipedClient, ms: number): Promise<void> {
  clock.advance(ms);
  vi.advanceTimersByTime(ms);
  await client.quiet();
}

let requests = 0;

/** The answer to one message. */
async function ask(client: PipedClient, message: object): Promise<Message> {
  requests += 1;
  const id = requests;
  client.send({ ...message, id });
  const answer = () => client.messages.find(({ requestId }) => requestId === id);
  await eventually(() => answer() !== undefined);
  const found = answer();
  if (found === undefined) throw new Error('it was there');
  return found;
}

async function bySignature(client: PipedClient, person: Person): Promise<Message> {
  const text = textOf(await ask(client, challengeFor(person)));
  return ask(client, person.proof(text));
}

async function byToken(client: PipedClient, { address }: Person): Promise<Message> {
  const { accessToken: token } = await identity.vouch(address, 'test');
  return ask(client, { type: 'auth', token });
}

const on = ({ messages }: PipedClient, channel: string): Message[] =>
  messages.filter((message) => message.channel === channel);

const ways = [
  ['a signature', bySignature],
  ['a token', byToken],
] as const;

describe.each(ways)('a session of %s', (_, signIn) => {
  it('ends at its time: the account ends with it, and nothing else', async () => {
    const client = await gateway.connect();
    const { expiresAt } = await signIn(client, ann);
    expect(Date.parse(String(expiresAt)) - clock.now()).toBe(SESSION_MS);
    client.send(subscribe('account'), subscribe('prices'));
    await client.quiet();
    await pass(client, SESSION_MS - 1);
    const id = await credit(market, ann.address);
    await client.quiet();
    expect(client.messages.at(-1)).toMatchObject({ type: 'balance_update', id });
    await pass(client, 1);
    expect(client.messages.at(-1)).toEqual({ type: 'unsubscribed', channel: 'account', reason: 'expired' });
    expect(gateway.gateway.stats()).toMatchObject({ connections: 1, subscriptions: 1 });
    await credit(market, ann.address);
    expect(await ask(client, subscribe('account'))).toMatchObject({ code: 'unauthorized' });
    const agent = await market.createAgent('ONE');
    await market.buy(await market.fund('eve'), agent);
    await client.quiet();
    expect(client.messages.at(-1)).toMatchObject({ type: 'price_update' });
    const last = on(client, 'account').slice(-2);
    expect(last.map(({ type, code }) => code ?? type)).toEqual(['unsubscribed', 'unauthorized']);
    // Whoever signs in again begins anew.
    await signIn(client, ann);
    expect(await ask(client, subscribe('account'))).toMatchObject({ type: 'subscribed', since: null });
  });

  it('goes on without a gap when it is renewed before, while trades flow', async () => {
    const client = await gateway.connect();
    await signIn(client, ann);
    client.send(subscribe('account'));
    await client.quiet();
    const expected: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const credits = Array.from({ length: 50 }, () => credit(market, ann.address));
      const [renewed, ...ids] = await Promise.all([signIn(client, ann), ...credits]);
      expect(renewed).toMatchObject({ type: 'authenticated', walletAddress: ann.address });
      expected.push(...ids);
      await pass(client, RENEW_MS);
    }
    const items = on(client, 'account').filter(({ type }) => type === 'balance_update');
    expect(items.map(({ id }) => id)).toEqual(expected);
    expect(on(client, 'account').map(({ type }) => type)).not.toContain('unsubscribed');
    await pass(client, SESSION_MS - RENEW_MS - 1);
    expect(gateway.gateway.stats().subscriptions).toBe(1);
    await pass(client, 1);
    expect(client.messages.at(-1)).toMatchObject({ type: 'unsubscribed', reason: 'expired' });
  });

  it('that is replaced by another wallet ends the account before the answer', async () => {
    const client = await gateway.connect();
    await signIn(client, ann);
    client.send(subscribe('account'), subscribe('trades'));
    await client.quiet();
    await signIn(client, bob);
    expect(client.messages.slice(-2)).toMatchObject([
      { type: 'unsubscribed', channel: 'account', reason: 'replaced' },
      { type: 'authenticated', walletAddress: bob.address },
    ]);
    expect(gateway.gateway.stats().subscriptions).toBe(1);
    await credit(market, ann.address);
    await credit(market, bob.address, '2');
    client.send(subscribe('account'));
    await client.quiet();
    expect(on(client, 'account').slice(-2)).toMatchObject([
      { type: 'subscribed' },
      { type: 'snapshot', data: { account: { walletAddress: bob.address, sol: '2' } } },
    ]);
    // The time of the former is not the time of this one.
    await pass(client, SESSION_MS - 1);
    expect(client.messages.at(-1)?.type).toBe('snapshot');
  });

  it('that is revoked ends the account, then tells, then closes', async () => {
    const [client, other] = [await gateway.connect(subscribe('trades')), await gateway.connect()];
    await signIn(client, ann);
    await signIn(other, bob);
    client.send(subscribe('account'));
    await client.quiet();
    const before = client.messages.length;
    const [session] = identity.sessions(ann.address);
    identity.revoke(ann.address, session?.id ?? '');
    await client.quiet();
    expect(client.messages.slice(before)).toEqual([
      { type: 'unsubscribed', channel: 'account', reason: 'revoked' },
      { type: 'error', code: 'session_ended', message: expect.any(String) },
    ]);
    expect(client.others).toEqual([{ kind: 'close', code: 4401, reason: 'the session has ended' }]);
    // The client has not answered yet; there is nothing for it any more.
    await credit(market, ann.address);
    client.send(subscribe('prices'), { type: 'ping' });
    await client.quiet();
    expect(client.messages).toHaveLength(before + 2);
    expect(gateway.gateway.stats()).toMatchObject({ connections: 2, subscriptions: 0 });
    expect(await ask(other, { type: 'ping' })).toMatchObject({ type: 'pong' });
  });
});

describe('a private stream', () => {
  it('is not begun by a session whose time comes while it is asked for', async () => {
    const client = await gateway.connect();
    // Every look at the clock takes a millisecond; each time the session is over at another one.
    for (let looks = 1; looks <= 4; looks += 1) {
      await bySignature(client, ann);
      let now = clock.now() + SESSION_MS - looks;
      const ticking = vi.spyOn(clock, 'now').mockImplementation(() => now++);
      await ask(client, subscribe('account'));
      ticking.mockRestore();
      await pass(client, SESSION_MS);
      expect(gateway.gateway.stats().subscriptions).toBe(0);
    }
  });
});

describe('what goes over the wire', () => {
  it('is the same account before and after a renewal', async () => {
    const client = await gateway.connect();
    await bySignature(client, ann);
    client.send(subscribe('account'));
    await client.quiet();
    await credit(market, ann.address, '1.5');
    await byToken(client, ann);
    await credit(market, ann.address, '2.5');
    await client.quiet();
    const amounts = on(client, 'account').flatMap(({ type, data }) =>
      type === 'balance_update' && typeof data === 'object' && data !== null && 'solAmount' in data
        ? [units(data.solAmount, 9)]
        : [],
    );
    expect(amounts).toEqual([1_500_000_000n, 2_500_000_000n]);
  });
});
