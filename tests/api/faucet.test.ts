import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySnapshotStore } from '../../server/journal/snapshot-store.ts';
import { clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { errorOf, issuesOf, rejectionOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

const DAY = 86_400_000;
const ann = wallet('ann');
const bob = wallet('bob');

let market: TestMarket;

beforeEach(async () => {
  market = await openMarket();
});
afterEach(async () => {
  await market.app.close();
  expect(market.problems).toEqual([]);
});

const order = () => ({ clientOrderId: market.orderId() });
const take = (who: WalletAddress) => market.as(who).faucet(order());
const solOf = async (who: WalletAddress) => (await market.as(who).account()).account.sol;
/** When the day of the market's clock ends. */
const tomorrow = () => (Math.floor(market.clock.now() / DAY) + 1) * DAY;

describe('faucet', () => {
  it('gives the caller ten SOL and says where in the log', async () => {
    expect(await take(ann)).toEqual({
      receipt: { position: `${market.log.epoch}-1`, seq: 1, events: 1 },
      repeated: false,
      credit: {
        type: 'wallet_credited',
        seq: 1,
        at: market.clock.now(),
        wallet: ann,
        sol: sol('10'),
        source: 'faucet',
      },
    });
    expect([await solOf(ann), await solOf(bob)]).toEqual([sol('10'), 0n]);
  });

  it('gives once in a UTC day', async () => {
    await take(ann);
    market.clock.advance(DAY - 1);
    const nextAt = tomorrow();
    expect(await rejectionOf(take(ann))).toEqual({
      code: 'TOO_MANY_REQUESTS',
      reason: 'faucet_empty',
      nextAt,
    });
    expect(nextAt).toBe(market.clock.now() + 1);
    await take(bob);
    market.clock.advance(1);
    expect((await take(ann)).credit.at).toBe(nextAt);
    expect([await solOf(ann), await solOf(bob)]).toEqual([sol('20'), sol('10')]);
  });

  it('gives once to takes that come at the same time', async () => {
    const takes = await Promise.allSettled(Array.from({ length: 20 }, () => take(ann)));
    expect(takes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await solOf(ann)).toBe(sol('10'));
  });

  it('answers the same order as before, on the next day too', async () => {
    const once = { clientOrderId: clientOrderId('once') };
    const first = await market.as(ann).faucet(once);
    expect(await market.as(ann).faucet(once)).toEqual({ ...first, repeated: true });
    market.clock.advance(DAY);
    expect(await market.as(ann).faucet(once)).toEqual({ ...first, repeated: true });
    expect(await solOf(ann)).toBe(sol('10'));
    await market.restart();
    expect(await market.as(ann).faucet(once)).toEqual({ ...first, repeated: true });
    expect((await take(ann)).repeated).toBe(false);
  });

  it('is a conflict under the id of another order', async () => {
    const once = { clientOrderId: clientOrderId('once') };
    await market.as(ann).createAgent({ ...once, name: 'Ada', symbol: 'ADA' });
    expect(await rejectionOf(market.as(ann).faucet(once))).toMatchObject({
      code: 'CONFLICT',
      reason: 'order_conflict',
    });
    // A refused order's id is free.
    await take(ann);
    const free = order();
    expect(await rejectionOf(market.as(ann).faucet(free))).toMatchObject({ reason: 'faucet_empty' });
    await market.as(ann).createAgent({ ...free, name: 'Eve', symbol: 'EVE' });
  });

  it('needs a session and an order id, and nothing else decides how much or for whom', async () => {
    expect((await errorOf(market.app.caller().faucet(order()))).code).toBe('UNAUTHORIZED');
    const none: { clientOrderId: string } = Object.assign({ clientOrderId: '' });
    expect(await issuesOf(market.as(ann).faucet(none))).toEqual(['clientOrderId']);
    const more: { clientOrderId: string } = Object.assign(order(), { sol: sol('1000'), wallet: bob });
    expect((await market.as(ann).faucet(more)).credit).toMatchObject({ wallet: ann, sol: sol('10') });
  });
});

describe('after a restart', () => {
  it.each([
    { from: 'the log alone', snapshots: () => new MemorySnapshotStore(), covered: false },
    { from: 'a snapshot', snapshots: () => market.snapshots, covered: true },
  ])('who has taken is known, from $from', async ({ snapshots, covered }) => {
    await take(ann);
    market.clock.advance(DAY - 1);
    await take(bob);
    await market.restart({ snapshots: snapshots() });
    expect(market.app.snapshotSeq).toBe(covered ? 2 : 0);
    for (const who of [ann, bob]) {
      expect(await rejectionOf(take(who))).toMatchObject({ reason: 'faucet_empty', nextAt: tomorrow() });
    }
    await take(wallet('cyd'));
    market.clock.advance(1);
    await market.restart({ snapshots: snapshots() });
    for (const who of [ann, bob]) await take(who);
    expect([await solOf(ann), await solOf(bob)]).toEqual([sol('20'), sol('20')]);
  });
});
