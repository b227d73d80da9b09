import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Tokens } from '../../shared/auth.ts';
import type { AgentId } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { AuthServer, type Connected, errorOf } from '../support/auth-server.ts';
import { Signer } from '../support/signer.ts';
import { Inbox } from '../support/streams.ts';
import { mutation, subscription } from '../support/ws-messages.ts';

const MINUTE = 60_000;
const ann = new Signer(1);
const bob = new Signer(2);

/** As superjson has it. */
const NO_INPUT = { json: {} };

let server: AuthServer;
let agentId: AgentId;
let tokens: Tokens;
beforeEach(async () => {
  // A full second: tokens say theirs in whole ones.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2026, 0, 1) });
  // The stock client sends at the end of its turn, by a timer of no time at all.
  const pump = setInterval(() => vi.advanceTimersByTime(0), 1);
  onTestFinished(() => clearInterval(pump));
  server = await AuthServer.open();
  const { market } = server;
  agentId = await market.createAgent('ONE');
  for (const { address } of [ann, bob]) {
    await market.operator.credit({ clientOrderId: market.orderId(), wallet: address, sol: sol('100') });
  }
  tokens = await server.tokens(ann);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  vi.useRealTimers();
});

const order = () =>
  ({ clientOrderId: server.market.orderId(), agentId, exact: 'sol', sol: sol('0.01') }) as const;
/** Buys without a connection. @returns where the trade is in the log */
const buys = async ({ address }: Signer): Promise<string> =>
  (await server.market.buy(address, agentId, '0.01')).receipt.position;

/** Follows the trades of all, and the account of the session. */
function follow({ client }: Pick<Connected, 'client'>) {
  const trades = new Inbox<string>();
  const account = new Inbox<string>();
  const wallets: string[] = [];
  const errors = new Inbox<unknown>();
  client.onTrade.subscribe(undefined, { onData: ({ id }) => trades.push(id), onError: errors.push });
  client.onAccount.subscribe(undefined, {
    onData: ({ id, data }) => {
      account.push(id);
      if (data.type === 'snapshot') wallets.push(data.account.wallet);
    },
    onError: (error) => errors.push([error.data?.code, error.data?.session]),
  });
  const until = (inbox: Inbox<string>, id: string) => inbox.until((items) => items.includes(id));
  return { trades, account, wallets, errors, until };
}
type Following = ReturnType<typeof follow>;

async function following(connected: Pick<Connected, 'client'>): Promise<Following> {
  const streams = follow(connected);
  await Promise.all(
    [streams.trades, streams.account].map((inbox) => inbox.until(({ length }) => length === 1)),
  );
  return streams;
}

describe('a session that expires', () => {
  it('ends the private stream at its second, and trades go on without a gap', async () => {
    const { trades, account, errors, until } = await following(server.connect(tokens.accessToken));
    const bought = [await buys(ann)];
    vi.advanceTimersByTime(15 * MINUTE - 1);
    bought.push(await buys(ann));
    await until(account, bought.at(-1) ?? '');
    expect(errors.items).toEqual([]);
    vi.advanceTimersByTime(1);
    await errors.until(({ length }) => length === 1);
    expect(errors.items).toEqual([['UNAUTHORIZED', 'expired']]);
    for (let times = 0; times < 5; times += 1) bought.push(await buys(ann));
    await until(trades, bought.at(-1) ?? '');
    expect(trades.items.slice(1)).toEqual(bought);
    expect(account.items.slice(1)).toEqual(bought.slice(0, 2));
    expect(errors.items).toHaveLength(1);
  });

  it('ends it with an error under its id, and nothing after that; the connection stays', async () => {
    const client = await server.frames(tokens.accessToken);
    client.send([subscription('mine', 'onAccount', NO_INPUT), subscription('all', 'onTrade', NO_INPUT)]);
    // Both have started and given a snapshot.
    await client.take(4);
    vi.advanceTimersByTime(15 * MINUTE);
    expect(await client.next()).toMatchObject({
      id: 'mine',
      error: { json: { data: { code: 'UNAUTHORIZED', session: 'expired', path: 'onAccount' } } },
    });
    const position = await buys(ann);
    expect(await client.untilPong()).toMatchObject([{ id: 'all', result: { id: position } }]);
    // The id is free again, and there is nobody to subscribe for.
    client.send(subscription('mine', 'onAccount', NO_INPUT));
    expect(await client.next()).toMatchObject({
      id: 'mine',
      error: { json: { data: { code: 'UNAUTHORIZED', session: 'expired' } } },
    });
  });

  it('lets nothing be done on the same connection, until that is renewed', async () => {
    const { client } = server.connect(tokens.accessToken);
    await client.buy.mutate(order());
    vi.advanceTimersByTime(15 * MINUTE);
    const { head } = server.market.log;
    for (const call of [
      () => client.buy.mutate(order()),
      () => client.faucet.mutate({ clientOrderId: server.market.orderId() }),
      () => client.account.query(),
      () => client.auth.sessions.query(),
      () => client.auth.logout.mutate({}),
    ]) {
      expect((await errorOf(call())).data).toMatchObject({ code: 'UNAUTHORIZED', session: 'expired' });
    }
    expect(server.market.log.head).toBe(head);
    const { accessToken } = await server.http().auth.refresh.mutate(tokens);
    await client.auth.renew.mutate({ accessToken });
    await client.buy.mutate(order());
    expect(server.market.log.head).toBe(head + 1);
  });
});

describe('a connection that is renewed in time', () => {
  it('keeps its private stream, without a gap or a duplicate', async () => {
    const connected = server.connect(tokens.accessToken);
    const { trades, account, errors, until } = await following(connected);
    const bought: string[] = [];
    let latest = tokens;
    for (let times = 0; times < 5; times += 1) {
      vi.advanceTimersByTime(14 * MINUTE);
      bought.push(await buys(ann));
      latest = await server.http().auth.refresh.mutate({ refreshToken: latest.refreshToken });
      // While trades come in.
      const [renewed, ...positions] = await Promise.all([
        connected.client.auth.renew.mutate({ accessToken: latest.accessToken }),
        ...Array.from({ length: 10 }, () => buys(ann)),
      ]);
      bought.push(...positions);
      expect(renewed).toEqual({
        wallet: ann.address,
        operator: false,
        sessionId: tokens.sessionId,
        expiresAt: Date.now() + 15 * MINUTE,
      });
    }
    await Promise.all([until(trades, bought.at(-1) ?? ''), until(account, bought.at(-1) ?? '')]);
    expect(trades.items.slice(1)).toEqual(bought);
    expect(account.items.slice(1)).toEqual(bought);
    expect(errors.items).toEqual([]);
    vi.advanceTimersByTime(15 * MINUTE - 1);
    bought.push(await buys(ann));
    await until(account, bought.at(-1) ?? '');
    vi.advanceTimersByTime(1);
    await errors.until(({ length }) => length === 1);
    expect(errors.items).toEqual([['UNAUTHORIZED', 'expired']]);
  });

  it.each([
    ['none of ours', () => 'garbage', 'invalid'],
    [
      'of a session that was revoked',
      async () => {
        const { accessToken, sessionId } = await server.tokens(ann);
        server.identity.revoke(ann.address, sessionId);
        return accessToken;
      },
      'revoked',
    ],
  ])('with a token %s stays what it was', async (_, token, problem) => {
    const connected = server.connect(tokens.accessToken);
    const { account, errors, until } = await following(connected);
    const call = connected.client.auth.renew.mutate({ accessToken: await token() });
    expect((await errorOf(call)).data).toMatchObject({ code: 'UNAUTHORIZED', session: problem });
    await until(account, await buys(ann));
    expect(errors.items).toEqual([]);
    expect((await connected.client.account.query()).account.wallet).toBe(ann.address);
  });

  it('for another wallet ends the stream of the first, and is of the other from then on', async () => {
    const connected = server.connect(tokens.accessToken);
    const anns = await following(connected);
    const { accessToken } = await server.tokens(bob);
    await connected.client.auth.renew.mutate({ accessToken });
    await anns.errors.until(({ length }) => length === 1);
    expect(anns.errors.items).toEqual([['UNAUTHORIZED', 'replaced']]);
    const bobs = await following(connected);
    expect([anns.wallets, bobs.wallets]).toEqual([[ann.address], [bob.address]]);
    const [annsTrade, bobsTrade] = [await buys(ann), await buys(bob)];
    await bobs.until(bobs.account, bobsTrade);
    expect(bobs.account.items).not.toContain(annsTrade);
    await anns.until(anns.trades, bobsTrade);
    expect(anns.trades.items.slice(1)).toEqual([annsTrade, bobsTrade]);
    expect(anns.account.items).toHaveLength(1);
  });

  it('signs in a connection that came as nobody', async () => {
    const connected = server.connect();
    await connected.client.auth.renew.mutate({ accessToken: tokens.accessToken });
    const { wallets, account, until } = await following(connected);
    expect(wallets).toEqual([ann.address]);
    await until(account, await buys(ann));
  });

  it('is also asked for in one frame with what needs it', async () => {
    const client = await server.frames(tokens.accessToken);
    const { accessToken } = await server.tokens(ann);
    client.send([
      mutation(1, 'auth.renew', { json: { accessToken } }),
      subscription(2, 'onAccount', NO_INPUT),
    ]);
    const answers = await client.take(3);
    expect(answers.filter((answer) => JSON.stringify(answer).includes('"error"'))).toEqual([]);
  });
});
