import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentId, VaultId, WalletAddress } from '../../shared/ids.ts';
import { lamports, RATE_SCALE, rate, shares, sol, tokenUnits } from '../../shared/units.ts';
import { FIRST_SHARE_VALUE } from '../../shared/vaults.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { draftedDeposit } from '../../web/vaults/deposit-draft.ts';
import { feeBpsOf } from '../../web/vaults/fee-text.ts';
import { listedVaults } from '../../web/vaults/listing.ts';
import { exactShares, formatShares, formatShareValue } from '../../web/vaults/share-text.ts';
import { leastShares, payoutOf, sharesOf, stockOf, worthOf } from '../../web/vaults/worth.ts';
import { agentCreated } from '../support/entries.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

describe('what a vault is worth', () => {
  let market: TestMarket;
  let manager: WalletAddress;
  let ann: WalletAddress;
  let first: AgentId;
  let vaultId: VaultId;
  beforeEach(async () => {
    market = await openMarket();
    manager = await market.fund('manager');
    ann = await market.fund('ann');
    first = await market.createAgent('ONE');
    const { vault } = await market
      .as(manager)
      .createVault({ clientOrderId: market.orderId(), name: 'Slow', performanceFeeBps: 1_000 });
    vaultId = vault.vaultId;
  });
  afterEach(() => market.app.close());

  const deposit = (who: WalletAddress, amount: string, minShares = shares(0n)) =>
    market.as(who).vaultDeposit({ clientOrderId: market.orderId(), vaultId, sol: sol(amount), minShares });
  const spend = (agentId: AgentId, amount: string) =>
    market
      .as(manager)
      .vaultBuy({ clientOrderId: market.orderId(), vaultId, agentId, exact: 'sol', sol: sol(amount) });

  /** As the page knows it: the vault, and the agents that it holds. */
  async function known() {
    const { vault, summary } = await market.as(ann).vault({ vaultId });
    const held = await Promise.all(vault.positions.map(({ agentId }) => market.as(ann).agent({ agentId })));
    const agents = new Map(held.map((agent) => [agent.agentId, agent]));
    const stock = stockOf(vault, agents);
    if (stock === null) throw new Error('all agents are known');
    return { vault, summary, agents, stock };
  }

  it('is what the server says, while agents are on the curve and once they have graduated', async () => {
    await deposit(ann, '300');
    await spend(first, '20');
    expect((await known()).stock.netAssetValue).toBe((await known()).summary.netAssetValue);
    // Buys the rest of the curve.
    await market.buy(ann, first, '100');
    const { agents, stock, summary } = await known();
    expect(agents.get(first)?.phase.kind).toBe('graduated');
    expect(stock.netAssetValue).toBe(summary.netAssetValue);
  });

  it('tells to the share what a deposit gives, the performance fee that is due first included', async () => {
    const { stock: empty } = await known();
    expect(sharesOf(sol('30'), empty)).toBe((await deposit(ann, '30')).deposit.shares);
    await spend(first, '10');
    await market.buy(ann, first, '25');
    const { stock } = await known();
    expect(stock.feeShares).toBeGreaterThan(0n);
    const expected = sharesOf(sol('3.3'), stock);
    const { deposit: done } = await deposit(ann, '3.3', expected ?? shares(0n));
    expect(done.shares).toBe(expected);
    expect(done.feeShares).toBe(stock.feeShares);
  });

  it('tells to the unit what a withdrawal pays, in kind', async () => {
    await deposit(ann, '30');
    const second = await market.createAgent('TWO');
    await spend(first, '10');
    await spend(second, '5');
    await market.buy(ann, first, '25');
    const { vault, agents } = await known();
    const given = shares(vault.shares / 3n);
    const payout = payoutOf(vault, agents, given);
    const { withdrawal } = await market
      .as(ann)
      .vaultWithdraw({ clientOrderId: market.orderId(), vaultId, shares: given });
    expect(payout).toEqual({ sol: withdrawal.sol, positions: withdrawal.tokens });
  });

  it('is not known while one of its agents is not', async () => {
    await deposit(ann, '3');
    await spend(first, '1');
    const { vault } = await known();
    expect(stockOf(vault, new Map())).toBeNull();
    expect(payoutOf(vault, new Map(), shares(1n))).toBeNull();
  });

  it('is told of a vault that is a trade ahead of the price', () => {
    expect(worthOf(createdAgent(agentCreated(1)), tokenUnits(5_000_000n))).toBe(0n);
  });
});

describe('a deposit that is being filled in', () => {
  const stock = {
    netAssetValue: lamports(0n),
    entryValue: lamports(0n),
    feeShares: shares(0n),
    totalShares: shares(0n),
  };
  const drafted = (text: string, balance = sol('5')) =>
    draftedDeposit(text, { stock, balance, slippageBps: 100 });

  it('says what it gives, and the least of it', () => {
    expect(drafted('2')).toEqual({
      kind: 'ready',
      sol: sol('2'),
      gives: 2_000_000_000_000n,
      least: 1_980_000_000_000n,
    });
    expect(leastShares(shares(3n), 100)).toBe(2n);
  });

  it('is refused in words, and says what it would give where only the SOL is missing', () => {
    expect(drafted('')).toEqual({ kind: 'blank' });
    expect(drafted('0')).toEqual({ kind: 'blank' });
    expect(drafted('x')).toEqual({ kind: 'refused', why: 'Not a number.', gives: null });
    expect(drafted('6')).toEqual({ kind: 'refused', why: 'You have 5.0000 SOL.', gives: 6_000_000_000_000n });
    expect(drafted('9223372036')).toMatchObject({ why: 'More than the vault can give shares for.' });
    const poor = { ...stock, entryValue: sol('5000000'), totalShares: shares(0n) };
    expect(draftedDeposit('0.001', { stock: poor, balance: null, slippageBps: 100 })).toMatchObject({
      why: 'Too small for a share.',
    });
  });
});

describe('shares as they are shown', () => {
  it('begin at one SOL each', () => {
    expect(formatShareValue(FIRST_SHARE_VALUE)).toBe('1.0000');
    expect(formatShareValue(rate((FIRST_SHARE_VALUE * 3n) / 2n))).toBe('1.5000');
    expect(formatShareValue(rate(RATE_SCALE))).toBe('1,000.00');
  });

  it('are compact, never nothing when there is something, and exact on demand', () => {
    expect(formatShares(0n)).toBe('0');
    expect(formatShares(1n)).toBe('<0.01');
    expect(formatShares(10_500_000_000_000n)).toBe('10.5');
    expect(exactShares(10_500_000_000_001n)).toBe('10.500000000001 shares');
  });
});

describe('the list of vaults', () => {
  it('has each once, as it is live, the largest first', async () => {
    const market = await openMarket();
    const ann = await market.fund('ann');
    for (const name of ['A', 'B', 'C']) {
      await market.as(ann).createVault({ clientOrderId: market.orderId(), name });
    }
    const { vaults } = await market.as(ann).vaults();
    const [a, b, c] = vaults;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three vaults');
    const grown = { ...c, netAssetValue: sol('5') };
    expect(listedVaults([a, b, c], [grown]).map(({ name }) => name)).toEqual(['C', 'A', 'B']);
    expect(listedVaults([], [b])).toEqual([b]);
    await market.app.close();
  });
});

describe('a performance fee as it is typed', () => {
  it('is at most a fifth, with two decimals', () => {
    expect(['0', '20', '12.5', '0,25', '1.25'].map(feeBpsOf)).toEqual([0, 2_000, 1_250, 25, 125]);
    expect(['', 'x', '-1', '20.01', '1.255'].map(feeBpsOf)).toEqual([null, null, null, null, null]);
  });
});
