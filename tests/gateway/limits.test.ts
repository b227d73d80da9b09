import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS, type GatewayLimits } from '../../server/gateway/limits.ts';
import { NO_RATES } from '../../server/guards/rate-limits.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { GatewayWorld } from './fixture.ts';
import { challengeFor, Person, textOf } from './people.ts';
import { type PipedClient, pipedGateway } from './piped.ts';

const ann = new Person('ann');
const PING = { type: 'ping' };
const subscribe = (channel: string) => ({ type: 'subscribe', channel });
const pings = (count: number) => Array.from({ length: count }, (_, id) => ({ ...PING, id }));

let market: TestMarket;

beforeEach(async () => {
  const sign_ins = { wallet: null, address: { count: 2, seconds: 60 } };
  // What is limited by address looks at the time of day.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  market = await openMarket({ rates: { ...NO_RATES, sign_ins } });
});

afterEach(async () => {
  await market.app.close();
  vi.useRealTimers();
});

/** Silence is the business of other tests. */
const open = (limits: Partial<GatewayLimits>) =>
  pipedGateway({ services: market.app.services, limits: { heartbeatMs: 24 * 60 * 60_000, ...limits } });

/** Sends it, and gives what came of it. */
async function say(client: PipedClient, ...messages: readonly object[]) {
  const before = client.messages.length;
  client.send(...messages);
  await client.quiet();
  return client.messages.slice(before);
}

const codes = (messages: PipedClient['messages']) => messages.map(({ type, code }) => code ?? type);

describe('a limit of messages', () => {
  it('lets a burst through, refuses the rest in its order, and says when to come again', async () => {
    const { connect } = open({ messages: { perSecond: 4, burst: 3 } });
    const client = await connect();
    const answers = await say(client, ...pings(5));
    expect(answers.map(({ type, code, requestId }) => [code ?? type, requestId])).toEqual([
      ['pong', 0],
      ['pong', 1],
      ['pong', 2],
      ['rate_limited', 3],
      ['rate_limited', 4],
    ]);
    expect(answers.at(-1)).toEqual({
      type: 'error',
      requestId: 4,
      code: 'rate_limited',
      message: expect.any(String),
      retryAfter: 0.25,
    });
    vi.advanceTimersByTime(249);
    const [soon] = await say(client, PING);
    expect(soon).toMatchObject({ code: 'rate_limited' });
    // Rounding may make it one more.
    expect([0.001, 0.002]).toContain(soon?.['retryAfter']);
    vi.advanceTimersByTime(Number(soon?.['retryAfter']) * 1_000);
    expect(codes(await say(client, PING, PING))).toEqual(['pong', 'rate_limited']);
    vi.advanceTimersByTime(60_000);
    expect(codes(await say(client, ...pings(4)))).toEqual(['pong', 'pong', 'pong', 'rate_limited']);
  });

  it('is for every message but subscribe, which has its own; what is refused is not done', async () => {
    const { gateway, connect } = open({
      messages: { perSecond: 0.1, burst: 1 },
      subscribes: { perSecond: 0.5, burst: 2 },
    });
    const client = await connect();
    const channels = ['trades', 'prices', 'kings'];
    const answers = await say(client, PING, ...channels.map(subscribe));
    expect(codes(answers)).toEqual([
      'pong',
      'subscribed',
      'snapshot',
      'subscribed',
      'snapshot',
      'rate_limited',
    ]);
    expect(answers.at(-1)).toMatchObject({ channel: 'kings', retryAfter: 2 });
    const refused = await say(
      client,
      { type: 'unsubscribe', channel: 'trades' },
      { type: 'auth', token: 'x' },
      challengeFor(ann),
    );
    expect(codes(refused)).toEqual(['rate_limited', 'rate_limited', 'rate_limited']);
    expect(refused[0]).toMatchObject({ channel: 'trades', retryAfter: 10 });
    expect(gateway.stats().subscriptions).toBe(2);
    vi.advanceTimersByTime(2_000);
    expect(codes(await say(client, subscribe('kings'), subscribe('staking')))).toEqual([
      'subscribed',
      'snapshot',
      'rate_limited',
    ]);
    vi.advanceTimersByTime(8_000);
    expect(codes(await say(client, { type: 'unsubscribe', channel: 'trades' }))).toEqual(['unsubscribed']);
  });

  it('is not used up by what is no message, and each connection has its own', async () => {
    const { connect } = open({ messages: { perSecond: 1, burst: 1 } });
    const [client, other] = [await connect(), await connect()];
    expect(codes(await say(client, { type: 'nonsense' }, { type: 'ping', id: {} }, PING))).toEqual([
      'unknown_type',
      'bad_message',
      'pong',
    ]);
    expect(codes(await say(other, PING, PING))).toEqual(['pong', 'rate_limited']);
  });

  it.each([
    ['refusals of too much', DEFAULT_LIMITS.refusals.count, PING],
    ['other errors', DEFAULT_LIMITS.errors.count, { type: 'nonsense' }],
  ])('puts up with so many %s, and not with one more: %i', async (_, count, message) => {
    const { gateway, connect } = open({ messages: { perSecond: 0.001, burst: 1 } });
    const client = await connect();
    await say(client, PING, subscribe('trades'));
    const borne = await say(client, ...Array.from({ length: count }, () => message));
    expect(borne).toHaveLength(count);
    expect(codes(borne)).not.toContain('too_many_errors');
    // The other kind is counted for itself.
    const other = message === PING ? { type: 'nonsense' } : PING;
    expect(codes(await say(client, other))).not.toContain('too_many_errors');
    const last = await say(client, message, message, subscribe('prices'));
    expect(last).toEqual([{ type: 'error', code: 'too_many_errors', message: expect.any(String) }]);
    expect(client.others).toEqual([{ kind: 'close', code: 4429, reason: 'too many errors' }]);
    expect(gateway.stats().subscriptions).toBe(0);
  });

  it('forgets what was too much after a while', async () => {
    const { connect } = open({ messages: { perSecond: 0.001, burst: 1 } });
    const client = await connect();
    const { count, windowMs } = DEFAULT_LIMITS.refusals;
    await say(client, PING);
    for (let round = 0; round < 3; round += 1) {
      expect(codes(await say(client, ...pings(count)))).toEqual(pings(count).map(() => 'rate_limited'));
      vi.advanceTimersByTime(windowMs);
    }
    expect(client.others).toEqual([]);
  });

  it('is off where there is none', async () => {
    const { connect } = open({ messages: null, subscribes: null });
    const client = await connect();
    const turns = Array.from({ length: 500 }, () => [
      subscribe('trades'),
      { type: 'unsubscribe', channel: 'trades' },
    ]);
    const answers = await say(client, ...turns.flat(), ...pings(500));
    expect(answers.filter(({ type }) => type === 'unsubscribed')).toHaveLength(500);
    expect(answers.filter(({ type }) => type === 'pong')).toHaveLength(500);
    expect(codes(answers)).not.toContain('rate_limited');
  });
});

describe('the limit of sign-ins', () => {
  it('is for all connections of an address; the challenge before stays, and it ends when it says', async () => {
    const { connect } = open({});
    const [client, other] = [await connect(), await connect()];
    const [given] = await say(client, challengeFor(ann));
    if (given === undefined) throw new Error('there was no answer');
    vi.advanceTimersByTime(20_000);
    expect(codes(await say(other, challengeFor(ann)))).toEqual(['challenge']);
    const refused = { ...challengeFor(ann), id: 'r' };
    expect(await say(client, refused)).toMatchObject([
      { code: 'rate_limited', requestId: 'r', retryAfter: 40 },
    ]);
    // What comes of it is not limited: nobody has a proof more often than a challenge.
    expect(codes(await say(client, ann.proof(textOf(given))))).toEqual(['authenticated']);
    vi.advanceTimersByTime(39_999);
    expect(codes(await say(client, challengeFor(ann)))).toEqual(['rate_limited']);
    vi.advanceTimersByTime(1);
    expect(codes(await say(other, challengeFor(ann)))).toEqual(['challenge']);
  });
});

describe('the limits of the server', () => {
  it('are those of its connections', async () => {
    vi.useRealTimers();
    const world = await GatewayWorld.open({
      limits: {
        messages: { perSecond: 0.001, burst: 2 },
        subscribes: { perSecond: 0.001, burst: 1 },
        refusals: { count: 2, windowMs: 60_000 },
      },
    });
    const client = await world.connect();
    client.send(PING, PING, PING, subscribe('trades'), subscribe('prices'), PING);
    expect((await client.take(6)).map(({ type, code }) => code ?? type)).toEqual([
      'pong',
      'pong',
      'rate_limited',
      'subscribed',
      'snapshot',
      'rate_limited',
    ]);
    expect(await client.closed).toMatchObject({ code: 4429 });
    expect(await client.rest()).toMatchObject([{ code: 'too_many_errors' }]);
  });
});
