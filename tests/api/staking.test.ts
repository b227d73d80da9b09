import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerSums } from '../../server/market/ledger.ts';
import { CURVE_SUPPLY } from '../../shared/curve.ts';
import { type AgentId, agentId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { stakersPart } from '../../shared/staking.ts';
import { lamports, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { errorOf, issuesOf, rejectionOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

let market: TestMarket;
let ann: WalletAddress;
let bob: WalletAddress;
let one: AgentId;

beforeEach(async () => {
  market = await openMarket();
  [ann, bob] = [await market.fund('ann'), await market.fund('bob')];
  one = await market.createAgent('ONE');
  await market.as(ann).buy({
    ...order(),
    agentId: one,
    exact: 'tokens',
    tokens: tokens('1000'),
    maxSol: sol('1'),
  });
});
afterEach(async () => {
  for (const sum of ledgerSums(market.app.market.ledger).values()) expect(sum).toBe(0n);
  await market.app.close();
  expect(market.problems).toEqual([]);
});

const order = () => ({ clientOrderId: market.orderId() });
const stake = (who: WalletAddress, amount: string, agent = one) =>
  market.as(who).stake({ ...order(), agentId: agent, tokens: tokens(amount) });
const unstake = (who: WalletAddress, amount: string, agent = one) =>
  market.as(who).unstake({ ...order(), agentId: agent, tokens: tokens(amount) });
const claim = (who: WalletAddress, agent = one) =>
  market.as(who).claimRewards({ ...order(), agentId: agent });
const stakesOf = async (who: WalletAddress) => (await market.app.caller().stakes({ wallet: who })).stakes;

describe('stake and unstake', () => {
  it('say what was moved, what is at stake now, and where in the log', async () => {
    const { head } = market.log;
    expect(await stake(ann, '600')).toEqual({
      receipt: { position: `${market.log.epoch}-${head + 1}`, seq: head + 1, events: 1 },
      repeated: false,
      staked: {
        type: 'staked',
        seq: head + 1,
        at: market.clock.now(),
        agentId: one,
        wallet: ann,
        tokens: tokens('600'),
        stake: tokens('600'),
        totalStaked: tokens('600'),
        rewardPerUnit: 0n,
      },
    });
    const { unstaked, receipt } = await unstake(ann, '100');
    expect(receipt).toMatchObject({ seq: head + 2, events: 1 });
    expect(unstaked).toMatchObject({
      tokens: tokens('100'),
      stake: tokens('500'),
      totalStaked: tokens('500'),
    });
  });

  it('show in the agent, the portfolio and the stakes, and take nobody’s tokens away', async () => {
    await stake(ann, '600');
    const caller = market.app.caller();
    expect((await caller.agent({ agentId: one })).staked).toBe(tokens('600'));
    expect((await caller.portfolio({ wallet: ann })).holdings).toMatchObject([
      { agentId: one, tokens: tokens('1000'), staked: tokens('600') },
    ]);
    expect((await caller.holders({ agentId: one })).holders).toEqual([
      { wallet: ann, tokens: tokens('1000') },
    ]);
    expect(await caller.stakes({ wallet: ann })).toEqual({
      wallet: ann,
      stakes: [
        { agentId: one, staked: tokens('600'), owed: 0n, rewardPerUnit: 0n, claimed: 0n, claimable: 0n },
      ],
      seq: market.app.views.seq,
    });
    expect(await stakesOf(bob)).toEqual([]);
  });

  it('give the same answer to the same order, and a conflict to another under its id', async () => {
    const input = { clientOrderId: clientOrderId('once'), agentId: one, tokens: tokens('1') };
    const first = await market.as(ann).stake(input);
    expect(await market.as(ann).stake(input)).toEqual({ ...first, repeated: true });
    const conflict = { code: 'CONFLICT', reason: 'order_conflict', clientOrderId: 'once' };
    expect(await rejectionOf(market.as(ann).stake({ ...input, tokens: tokens('2') }))).toEqual(conflict);
    expect(await rejectionOf(market.as(ann).unstake(input))).toEqual(conflict);
  });
});

describe('claimRewards', () => {
  it('pays what the stake has earned: a fifth of the protocol fees of the trades since', async () => {
    await stake(ann, '1000');
    const { trade } = await market.buy(bob, one, '10');
    const due = stakersPart(trade.protocolFee);
    const [earned] = await stakesOf(ann);
    // What the division leaves is less than a lamport.
    expect(due - (earned?.claimable ?? 0n)).toBeLessThanOrEqual(1n);
    const before = (await market.as(ann).account()).account.sol;
    const { claim: paid, receipt } = await claim(ann);
    expect(receipt.events).toBe(1);
    expect(paid).toMatchObject({ type: 'rewards_claimed', agentId: one, wallet: ann });
    expect(paid.sol).toBe(earned?.claimable);
    expect((await market.as(ann).account()).account.sol).toBe(before + paid.sol);
    expect(await stakesOf(ann)).toMatchObject([{ claimable: 0n, claimed: paid.sol }]);
    expect(await rejectionOf(claim(ann))).toEqual({
      code: 'PRECONDITION_FAILED',
      reason: 'nothing_to_claim',
      agentId: one,
    });
  });

  it('pays still when everything is unstaked, and when the agent has graduated', async () => {
    await stake(ann, '1000');
    await market.buy(bob, one, '10');
    await unstake(ann, '1000');
    await market.as(bob).buy({
      ...order(),
      agentId: one,
      exact: 'tokens',
      tokens: CURVE_SUPPLY,
      maxSol: sol('1000'),
    });
    const [owed] = await stakesOf(ann);
    expect(owed?.claimable).toBeGreaterThan(0n);
    expect((await claim(ann)).claim.sol).toBe(owed?.claimable);
    expect(await stakesOf(ann)).toEqual([]);
  });

  it('shares between stakers by what they have staked', async () => {
    await market.as(bob).buy({
      ...order(),
      agentId: one,
      exact: 'tokens',
      tokens: tokens('3000'),
      maxSol: sol('1'),
    });
    await stake(ann, '1000');
    await stake(bob, '3000');
    await market.buy(bob, one, '10');
    const [annEarned] = await stakesOf(ann);
    const [bobEarned] = await stakesOf(bob);
    const [small, large] = [annEarned?.claimable ?? 0n, bobEarned?.claimable ?? 0n];
    expect(small).toBeGreaterThan(0n);
    expect(large - 3n * small).toBeLessThanOrEqual(3n);
    expect(large - 3n * small).toBeGreaterThanOrEqual(0n);
  });
});

describe('refusals', () => {
  it('tokens that are staked cannot be sold', async () => {
    await stake(ann, '600');
    expect(await rejectionOf(market.sell(ann, one, '500'))).toEqual({
      code: 'PRECONDITION_FAILED',
      reason: 'tokens_locked',
      needed: tokens('500'),
      available: tokens('400'),
      staked: tokens('600'),
    });
    expect(await rejectionOf(market.sell(ann, one, '1001'))).toMatchObject({
      reason: 'insufficient_tokens',
      available: tokens('400'),
    });
    await unstake(ann, '100');
    expect((await market.sell(ann, one, '500')).trade.tokens).toBe(tokens('500'));
  });

  it.each<[string, () => Promise<unknown>, () => object]>([
    [
      'more than the wallet has',
      () => stake(ann, '1000.000001'),
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'insufficient_tokens',
        needed: tokens('1000.000001'),
        available: tokens('1000'),
      }),
    ],
    [
      'what is staked already',
      async () => {
        await stake(ann, '900');
        return stake(ann, '101');
      },
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'insufficient_tokens',
        needed: tokens('101'),
        available: tokens('100'),
      }),
    ],
    [
      'back more than is staked',
      async () => {
        await stake(ann, '600');
        return unstake(ann, '601');
      },
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'insufficient_stake',
        needed: tokens('601'),
        available: tokens('600'),
      }),
    ],
    [
      'back what another has staked',
      async () => {
        await stake(ann, '600');
        return unstake(bob, '1');
      },
      () => ({
        code: 'PRECONDITION_FAILED',
        reason: 'insufficient_stake',
        needed: tokens('1'),
        available: 0n,
      }),
    ],
    [
      'rewards without a stake',
      () => claim(bob),
      () => ({ code: 'PRECONDITION_FAILED', reason: 'nothing_to_claim', agentId: one }),
    ],
  ])('%s: says what was expected and found', async (_, attempt, expected) => {
    expect(await rejectionOf(attempt())).toEqual(expected());
  });

  it('an unknown agent is NOT_FOUND', async () => {
    const missing = agentId('99');
    for (const call of [
      () => stake(ann, '1', missing),
      () => unstake(ann, '1', missing),
      () => claim(ann, missing),
      () => market.app.caller().onStaking({ agentId: missing }),
    ]) {
      expect(await rejectionOf(call())).toEqual({
        code: 'NOT_FOUND',
        reason: 'agent_not_found',
        agentId: missing,
      });
    }
  });

  it('nothing is staked in an agent that has graduated, but what is staked comes back', async () => {
    await stake(ann, '600');
    await market.as(bob).buy({
      ...order(),
      agentId: one,
      exact: 'tokens',
      tokens: CURVE_SUPPLY,
      maxSol: sol('1000'),
    });
    expect(await rejectionOf(stake(ann, '1'))).toEqual({
      code: 'PRECONDITION_FAILED',
      reason: 'agent_graduated',
      agentId: one,
    });
    expect((await unstake(ann, '600')).unstaked.stake).toBe(0n);
  });

  it('a session is needed', async () => {
    const nobody = market.app.caller();
    for (const call of [
      () => nobody.stake({ ...order(), agentId: one, tokens: tokens('1') }),
      () => nobody.unstake({ ...order(), agentId: one, tokens: tokens('1') }),
      () => nobody.claimRewards({ ...order(), agentId: one }),
    ]) {
      expect((await errorOf(call())).code).toBe('UNAUTHORIZED');
    }
  });

  it('an input that is not the schema is refused by its fields, before anything is looked for', async () => {
    const caller = market.as(ann);
    const { head } = market.log;
    const good = { ...order(), agentId: one, tokens: tokens('1') };
    for (const procedure of [caller.stake, caller.unstake]) {
      for (const amount of [0n, -1n, 2n ** 63n]) {
        expect(await issuesOf(procedure({ ...good, tokens: amount }))).toEqual(['tokens']);
      }
      for (const id of ['0', 'x', '-1', '01', '1e3', '9'.repeat(16)]) {
        expect(await issuesOf(procedure({ ...good, agentId: id }))).toEqual(['agentId']);
      }
      expect(await issuesOf(procedure({ ...good, clientOrderId: 'a b' }))).toEqual(['clientOrderId']);
    }
    expect(await issuesOf(caller.claimRewards({ ...order(), agentId: 'x' }))).toEqual(['agentId']);
    expect(await issuesOf(caller.stakes({ wallet: 'me' }))).toEqual(['wallet']);
    expect(await issuesOf(caller.onStaking({ agentId: '0' }))).toEqual(['agentId']);
    expect(market.log.head).toBe(head);
  });
});

it('dust that is no lamport yet is no claim', async () => {
  await stake(ann, '1000');
  // The fee of the smallest trade is one lamport, and a fifth of that is nothing.
  await market.as(bob).buy({
    ...order(),
    agentId: one,
    exact: 'tokens',
    tokens: tokenUnits(1n),
    maxSol: lamports(10n),
  });
  expect(await stakesOf(ann)).toMatchObject([{ claimable: 0n }]);
  expect(await rejectionOf(claim(ann))).toMatchObject({ reason: 'nothing_to_claim' });
  expect(await stakesOf(wallet('nobody'))).toEqual([]);
});
