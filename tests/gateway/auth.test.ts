import { describe, expect, it } from 'vitest';
import type { Session } from '../../server/api/context.ts';
import { eventually, Gate } from '../support/gate.ts';
import { wallet } from '../support/wallets.ts';
import { GatewayWorld } from './fixture.ts';
import { authenticate, authOf } from './people.ts';
import { dataOf } from './units.ts';

const [ann, bob] = [wallet('ann'), wallet('bob')];
const ACCOUNT = { type: 'subscribe', channel: 'account' };

describe('auth', () => {
  it('hands on the message as it came, and says who it was', async () => {
    const messages: unknown[] = [];
    const world = await GatewayWorld.open({
      authenticate: async (message) => {
        messages.push(message);
        return { wallet: ann };
      },
    });
    const client = await world.connect();
    const message = {
      type: 'auth',
      id: 'x',
      walletAddress: ann,
      signature: 's',
      nonce: 5,
      more: { deep: [1] },
    };
    client.send(message);
    expect(await client.next()).toEqual({ type: 'authenticated', requestId: 'x', walletAddress: ann });
    expect(messages).toEqual([message]);
  });

  it('that fails leaves the session as it was', async () => {
    const world = await GatewayWorld.open({ authenticate });
    const client = await world.connect();
    client.send(authOf(ann, 'wrong'), { ...ACCOUNT, id: 1 });
    const answers = [await client.next(), await client.next()];
    expect(answers.map(({ code }) => code).toSorted()).toEqual(['auth_failed', 'unauthorized']);
    client.send(authOf(ann));
    await client.next();
    client.send(ACCOUNT);
    await client.take(2);
    client.send({ ...authOf(bob, 'wrong'), id: 2 });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'auth_failed', requestId: 2 });
    await world.market.fund('ann', '1');
    expect(await client.next()).toMatchObject({ type: 'balance_update', data: { walletAddress: ann } });
  });

  it('by another wallet ends the account of the former, and the same wallet keeps it', async () => {
    const world = await GatewayWorld.open({ authenticate });
    const { market } = world;
    await market.fund('ann', '1');
    await market.fund('bob', '2');
    const client = await world.connect();
    client.send(authOf(ann));
    await client.next();
    await client.subscribe('account');
    await client.subscribe('trades');
    client.send(authOf(ann));
    expect(await client.next()).toMatchObject({ type: 'authenticated', walletAddress: ann });
    expect(world.server.gateway.stats().subscriptions).toBe(2);
    client.send({ ...authOf(bob), id: 3 });
    expect(await client.take(2)).toEqual([
      { type: 'unsubscribed', channel: 'account' },
      { type: 'authenticated', requestId: 3, walletAddress: bob },
    ]);
    await market.fund('ann', '1');
    expect(await client.settled()).toEqual([]);
    expect(world.server.gateway.stats().subscriptions).toBe(1);
    const [, snapshot] = await client.subscribe('account');
    expect(dataOf(snapshot)).toMatchObject({ account: { walletAddress: bob, sol: '2' } });
  });

  it('is one at a time; nothing else waits for it', async () => {
    const gate = new Gate<Session>();
    const world = await GatewayWorld.open({ authenticate: () => gate.opened });
    const client = await world.connect();
    client.send({ type: 'auth', id: 1 }, { type: 'auth', id: 2 }, ACCOUNT, { type: 'ping', id: 3 });
    expect(await client.take(3)).toMatchObject([
      { type: 'error', code: 'auth_pending', requestId: 2 },
      { type: 'error', code: 'unauthorized' },
      { type: 'pong', requestId: 3 },
    ]);
    gate.open({ wallet: ann });
    expect(await client.next()).toMatchObject({ type: 'authenticated', requestId: 1 });
    client.send({ type: 'auth', id: 4 });
    expect(await client.next()).toMatchObject({ type: 'authenticated', requestId: 4 });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
  ])('whose check %s is an internal error, which the server hears of', async (_, check) => {
    const world = await GatewayWorld.open({ authenticate: check });
    const client = await world.connect();
    client.send({ type: 'auth', id: 1 });
    const answer = await client.next();
    expect(answer).toMatchObject({ type: 'error', code: 'internal_error', requestId: 1 });
    expect(JSON.stringify(answer)).not.toContain('database');
    expect(world.logged).toMatchObject([{ err: new Error('no database'), where: 'auth' }]);
    client.send({ type: 'auth', id: 2 });
    expect(await client.next()).toMatchObject({ code: 'internal_error', requestId: 2 });
  });

  it('is given up when the connection ends', async () => {
    let aborted = false;
    const world = await GatewayWorld.open({
      authenticate: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('given up'));
          });
        }),
    });
    const client = await world.connect();
    client.send({ type: 'auth' });
    await client.settled();
    await client.cut();
    await eventually(() => aborted);
    expect(world.logged).toEqual([]);
  });

  it('is for its own connection', async () => {
    const world = await GatewayWorld.open({ authenticate });
    const [one, other] = [await world.connect(), await world.connect()];
    one.send(authOf(ann));
    await one.next();
    other.send(ACCOUNT);
    expect(await other.next()).toMatchObject({ code: 'unauthorized' });
  });

  it('shows each wallet its own account', async () => {
    const world = await GatewayWorld.open({ authenticate });
    const { market } = world;
    const [one, other] = [await world.connect(), await world.connect()];
    for (const [client, who] of [
      [one, ann],
      [other, bob],
    ] as const) {
      client.send(authOf(who));
      await client.next();
      await client.subscribe('account');
    }
    await Promise.all([market.fund('ann', '1'), market.fund('bob', '2'), market.fund('ann', '3')]);
    const amounts = async (client: typeof one) =>
      (await client.settled()).map((item) => dataOf(item)['solAmount']);
    expect(await amounts(one)).toEqual(['1', '3']);
    expect(await amounts(other)).toEqual(['2']);
  });
});
