import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_RATES, NO_RATES } from '../../server/guards/rate-limits.ts';
import type { AgentId } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { AuthServer, errorOf } from '../support/auth-server.ts';
import { Signer, wireProof } from '../support/signer.ts';
import { mutation } from '../support/ws-messages.ts';

const MINUTE = 60_000;
/** What clients may do, however often they connect and ask. */
const RATES = { ...DEFAULT_RATES, requests: NO_RATES.requests, connects: NO_RATES.connects };
const signers = Array.from({ length: 12 }, (_, index) => new Signer(index + 1));
const [ann = new Signer(1), bob = new Signer(2)] = signers;

let server: AuthServer;
let agentId: AgentId;
/** Access tokens by wallet. */
let tokens: Map<string, string>;

async function open(faucet = true): Promise<void> {
  server = await AuthServer.open({ app: { rates: RATES, faucet } });
  const { market } = server;
  agentId = await market.createAgent('ONE');
  tokens = new Map();
  for (const signer of signers) {
    const { address } = signer;
    await market.operator.credit({ clientOrderId: market.orderId(), wallet: address, sol: sol('100') });
    tokens.set(address, (await server.tokens(signer)).accessToken);
  }
}

beforeEach(async () => {
  // No time passes but what is told.
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  await open();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  vi.useRealTimers();
});

const tokenOf = ({ address }: Signer): string => tokens.get(address) ?? '';
const clientOf = (signer: Signer) => server.http(tokenOf(signer));
const order = () => ({ clientOrderId: server.market.orderId() });
const trade = () => ({ ...order(), agentId, exact: 'sol', sol: sol('0.01') }) as const;
const buys = (signer: Signer) => clientOf(signer).buy.mutate(trade());
const head = (): number => server.market.log.head;

/** It is refused for just so long. @returns the seconds */
async function isRefusedFor(call: () => Promise<unknown>): Promise<number> {
  const before = head();
  const { message, data } = await errorOf(call());
  expect(data?.code).toBe('TOO_MANY_REQUESTS');
  expect(message).toMatch(/^That was too often; try again in [\d.]+ s\.$/);
  const { retryAfter = Number.NaN } = data ?? {};
  expect(retryAfter).toBeGreaterThan(0);
  vi.advanceTimersByTime(retryAfter * 1000 - 1);
  expect((await errorOf(call())).data).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfter: 0.001 });
  expect(head()).toBe(before);
  vi.advanceTimersByTime(1);
  await call();
  return retryAfter;
}

describe('trades', () => {
  it('are five a second of a wallet', async () => {
    for (let times = 0; times < 5; times += 1) await buys(ann);
    expect(await isRefusedFor(() => buys(ann))).toBe(1);
    // Whatever others do.
    await buys(bob);
  });

  it('are all that is an order, by whichever door and session', async () => {
    const { address } = ann;
    const other = server.http((await server.identity.vouch(address, 'another')).accessToken);
    const bought = await buys(ann);
    await other.sell.mutate({ ...order(), agentId, tokens: bought.trade.tokens / 2n });
    await clientOf(ann).stake.mutate({ ...order(), agentId, tokens: 1_000n });
    await other.unstake.mutate({ ...order(), agentId, tokens: 1_000n });
    const frames = await server.frames(tokenOf(ann));
    const input = {
      json: { clientOrderId: 'ws', agentId: '99', exact: 'sol', sol: '1' },
      meta: { values: { sol: ['bigint'] } },
    };
    frames.send(mutation(1, 'buy', input));
    // Carried out or not, it was one more.
    expect(await frames.next()).toMatchObject({ id: 1, error: { json: { data: { code: 'NOT_FOUND' } } } });
    const before = head();
    frames.send(mutation(2, 'buy', input));
    expect(await frames.next()).toMatchObject({
      id: 2,
      error: { json: { data: { code: 'TOO_MANY_REQUESTS', retryAfter: 1, httpStatus: 429 } } },
    });
    for (const call of [
      () => other.buy.mutate(trade()),
      () => other.claimRewards.mutate({ ...order(), agentId }),
      () => other.vaultDeposit.mutate({ ...order(), vaultId: '1', sol: 1n }),
    ]) {
      expect((await errorOf(call())).data?.code).toBe('TOO_MANY_REQUESTS');
    }
    expect(head()).toBe(before);
  });

  it('are twenty a second of an address, whosever wallets they are', async () => {
    for (const signer of signers.slice(0, 4)) {
      for (let times = 0; times < 5; times += 1) await buys(signer);
    }
    const fifth = signers[4] ?? ann;
    expect(await isRefusedFor(() => buys(fifth))).toBe(1);
  });

  it('over HTTP say in a header when to come back, in whole seconds that are enough', async () => {
    for (let times = 0; times < 5; times += 1) await buys(ann);
    vi.advanceTimersByTime(300);
    const { status, headers, body } = await server.post('buy', trade(), {
      authorization: `Bearer ${tokenOf(ann)}`,
    });
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
    expect(body).toContain('"retryAfter":0.7');
    expect(headers.get('cache-control') ?? '').not.toContain('max-age');
  });

  it('of nobody are not counted, and take nothing from the address', async () => {
    for (let times = 0; times < 30; times += 1) {
      expect((await errorOf(server.http().buy.mutate(trade()))).data?.code).toBe('UNAUTHORIZED');
    }
    await buys(ann);
  });

  it('of the server’s own code are free', async () => {
    for (let times = 0; times < 50; times += 1) await server.market.buy(ann.address, agentId, '0.001');
    await buys(ann);
  });
});

describe('what stays for good', () => {
  it('is made three times a minute by a wallet, agents and vaults alike', async () => {
    const client = clientOf(ann);
    await client.createAgent.mutate({ ...order(), name: 'A', symbol: 'AAA' });
    await client.createVault.mutate({ ...order(), name: 'V' });
    await client.createAgent.mutate({ ...order(), name: 'B', symbol: 'BBB' });
    let made = 0;
    const create = () => {
      made += 1;
      return client.createAgent.mutate({ ...order(), name: 'C', symbol: `C${made}` });
    };
    expect(await isRefusedFor(create)).toBe(60);
  });

  it('is made twelve times a minute by an address', async () => {
    for (const [index, signer] of signers.slice(0, 4).entries()) {
      for (let times = 0; times < 3; times += 1) {
        await clientOf(signer).createAgent.mutate({ ...order(), name: 'A', symbol: `A${index}${times}` });
      }
    }
    const fifth = clientOf(signers[4] ?? ann);
    expect(await isRefusedFor(() => fifth.createVault.mutate({ ...order(), name: 'V' }))).toBe(60);
  });
});

describe('sign-ins', () => {
  it('are asked for thirty times a minute by an address', async () => {
    const ask = () => server.http().auth.challenge.mutate({ address: bob.address });
    for (let times = 0; times < 30; times += 1) await ask();
    const given = vi.spyOn(server.identity, 'challenge');
    const { status, headers } = await server.post('auth.challenge', { address: ann.address });
    expect([status, headers.get('retry-after')]).toEqual([429, '60']);
    expect(given).not.toHaveBeenCalled();
    expect(await isRefusedFor(ask)).toBe(60);
  });

  it('can be finished when no more can be begun', async () => {
    const { text } = server.identity.challenge(ann.address);
    for (let times = 0; times < 30; times += 1) {
      await server.http().auth.challenge.mutate({ address: bob.address });
    }
    const tokensOfAnn = await server.http().auth.signIn.mutate(wireProof(ann.prove(text)));
    expect(tokensOfAnn.wallet).toBe(ann.address);
  });
});

describe('the faucet', () => {
  it('gives to ten wallets of an address a day', async () => {
    for (const signer of signers.slice(0, 10)) await clientOf(signer).faucet.mutate(order());
    const before = head();
    const eleventh = clientOf(signers[10] ?? ann);
    const { data } = await errorOf(eleventh.faucet.mutate(order()));
    expect(data).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfter: 86_400 });
    expect(data?.rejection).toBeUndefined();
    expect(head()).toBe(before);
    vi.advanceTimersByTime(86_400_000);
    // By then the access token has expired.
    tokens.set(ann.address, (await server.tokens(signers[10] ?? ann)).accessToken);
    await clientOf(ann).faucet.mutate(order());
  });

  it('gives nobody anything when it is off', async () => {
    await server[Symbol.asyncDispose]();
    await open(false);
    const before = head();
    expect((await errorOf(clientOf(ann).faucet.mutate(order()))).data?.code).toBe('FORBIDDEN');
    expect((await errorOf(server.http().faucet.mutate(order()))).data?.code).toBe('UNAUTHORIZED');
    expect(head()).toBe(before);
  });
});

it('a limit is over when its time is: nothing is remembered of those who were refused', async () => {
  for (let times = 0; times < 5; times += 1) await buys(ann);
  for (let times = 0; times < 50; times += 1) await errorOf(buys(ann));
  vi.advanceTimersByTime(1_000);
  for (let times = 0; times < 5; times += 1) await buys(ann);
  vi.advanceTimersByTime(MINUTE);
  await buys(ann);
});
