import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { ACTIVITY_KINDS } from '../../shared/inputs.ts';
import type { Activity } from '../../shared/platform-schemas.ts';
import { sol, tokens, tokenUnits } from '../../shared/units.ts';
import { issuesOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

const MINUTE = 60_000;

let market: TestMarket;
let ann: WalletAddress;
let one: AgentId;

beforeEach(async () => {
  market = await openMarket();
  ann = await market.fund('ann', '10000');
  one = await market.createAgent('ONE');
});
afterEach(async () => {
  await market.app.close();
  expect(market.problems).toEqual([]);
});

const order = () => ({ clientOrderId: market.orderId() });
const turn = (season: number) =>
  market.app.services.executor.submit({ kind: 'turn_season', season, lengthMs: MINUTE });

/** Makes one of each kind, in the order of {@link ACTIVITY_KINDS} but for the graduation, which comes last. */
async function everything(): Promise<void> {
  await turn(0);
  await market.buy(ann, one, '2');
  await market.as(ann).stake({ ...order(), agentId: one, tokens: tokens('10') });
  await market.as(ann).unstake({ ...order(), agentId: one, tokens: tokens('10') });
  const { vault } = await market.as(ann).createVault({ ...order(), name: 'Slow' });
  const { deposit } = await market
    .as(ann)
    .vaultDeposit({ ...order(), vaultId: vault.vaultId, sol: sol('1') });
  await market.as(ann).vaultWithdraw({ ...order(), vaultId: vault.vaultId, shares: deposit.shares });
  market.clock.advance(MINUTE);
  await turn(1);
  await market.buy(ann, one, '500');
}

const listed = async (input: { limit?: number; kinds?: Activity['kind'][] }): Promise<Activity[]> => {
  const all: Activity[] = [];
  let cursor: string | undefined;
  do {
    const page = await market.app.caller().activities({ ...input, cursor });
    expect(page.activities.length).toBeLessThanOrEqual(input.limit ?? 50);
    all.push(...page.activities);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
};

describe('activities', () => {
  it('tell everything that is worth it, newest first', async () => {
    await everything();
    const all = await listed({});
    expect(all.map(({ kind }) => kind)).toEqual([
      // Nobody else has traded, so there is no king when the only one leaves.
      'king_changed',
      'agent_graduated',
      'whale_trade',
      'medals',
      'vault_withdrawn',
      'vault_deposited',
      'vault_created',
      'unstaked',
      'staked',
      'king_changed',
      'whale_trade',
      'agent_created',
    ]);
    expect(all).toEqual(market.app.views.activities.toReversed());
    expect(all.find(({ kind }) => kind === 'medals')).toMatchObject({
      parts: { season: 1, medals: [{ medal: 'gold', agentId: one, symbol: 'ONE' }] },
    });
  });

  it.each([1, 2, 5, 11, 12, 100])('come in pages of %d without a repeat', async (limit) => {
    await everything();
    expect(await listed({ limit })).toEqual(market.app.views.activities.toReversed());
  });

  it.each(ACTIVITY_KINDS)('of kind %s come alone when they are asked for', async (kind) => {
    await everything();
    const all = market.app.views.activities.toReversed().filter((activity) => activity.kind === kind);
    expect(all.length).toBeGreaterThan(0);
    expect(await listed({ kinds: [kind] })).toEqual(all);
    expect(await listed({ kinds: [kind], limit: 1 })).toEqual(all);
  });

  it('of several kinds come together', async () => {
    await everything();
    const kinds = await listed({ kinds: ['staked', 'medals', 'staked'], limit: 1 });
    expect(kinds.map(({ kind }) => kind)).toEqual(['medals', 'staked']);
  });

  it('tell a trade from one SOL on, or from what the market is told to', async () => {
    // Fees not counted.
    const small = await market.buy(ann, one, '1');
    expect(small.trade.sol).toBeLessThan(sol('1'));
    const large = await market.buy(ann, one, '1.1');
    const whales = () => listed({ kinds: ['whale_trade'] });
    expect((await whales()).map(({ seq }) => seq)).toEqual([large.trade.seq]);
    await market.restart({ whaleSol: sol('0.5') });
    expect((await whales()).map(({ seq }) => seq)).toEqual([large.trade.seq, small.trade.seq]);
    await market.restart({ whaleSol: sol('2') });
    expect(await whales()).toEqual([]);
  });

  it('may be short, and even empty, when much has to be looked through, and say where to go on', async () => {
    const first = await market.buy(ann, one, '2');
    const { executor } = market.app.services;
    await Promise.all(
      Array.from({ length: 5_400 }, (_, index) =>
        executor.submit({
          kind: 'buy_tokens',
          wallet: ann,
          clientOrderId: clientOrderId(`small-${index}`),
          agentId: one,
          tokens: tokenUnits(1n),
          maxSol: sol('1'),
        }),
      ),
    );
    const caller = market.app.caller();
    const page = await caller.activities({ kinds: ['whale_trade'] });
    expect(page.activities).toEqual([]);
    const next = await caller.activities({ kinds: ['whale_trade'], cursor: page.nextCursor });
    expect(next.activities.map(({ seq }) => seq)).toEqual([first.trade.seq]);
    expect(next.nextCursor).toBeUndefined();
  });

  it('begin at the newest for a cursor that makes no sense', async () => {
    const all = await listed({});
    for (const cursor of ['nonsense', '-1', '9'.repeat(20)]) {
      expect((await market.app.caller().activities({ cursor })).activities).toEqual(all);
    }
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a limit of 0', () => market.app.caller().activities({ limit: 0 }), 'limit'],
    ['a limit of 101', () => market.app.caller().activities({ limit: 101 }), 'limit'],
    ['no kinds', () => market.app.caller().activities({ kinds: [] }), 'kinds'],
    [
      'more kinds than there are',
      () => market.app.caller().activities({ kinds: [...ACTIVITY_KINDS, 'staked'] }),
      'kinds',
    ],
    ['an endless cursor', () => market.app.caller().activities({ cursor: '1'.repeat(129) }), 'cursor'],
    ['no kinds to subscribe to', () => market.app.caller().onActivity({ kinds: [] }), 'kinds'],
  ])('refuse %s', async (_, call, field) => {
    expect(await issuesOf(call())).toEqual([field]);
  });
});
