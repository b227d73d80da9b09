import { describe, expect, it } from 'vitest';
import { evolve } from '../../server/market/evolve.ts';
import { LedgerError } from '../../server/market/ledger.ts';
import { worthOf } from '../../server/market/vaults.ts';
import { saleProceeds } from '../../shared/curve.ts';
import type { VaultDeposited } from '../../shared/events.ts';
import { type AgentId, vaultId } from '../../shared/ids.ts';
import { AMOUNT_LIMIT, lamports, shares, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { ann, bob, buyFor, type Core, cyd } from './core.ts';
import { one, theVault, two, vault1, vaultMarket } from './vault-market.ts';

describe('a new vault', () => {
  it('has an address of its own, a manager, and nothing else', () => {
    const core = vaultMarket(500);
    const created = core.last('vault_created');
    expect(created).toMatchObject({ vaultId: vault1, manager: ann, performanceFeeBps: 500 });
    expect(theVault(core)).toEqual({
      vaultId: vault1,
      address: created.address,
      manager: ann,
      name: 'Vault',
      performanceFeeBps: 500,
      createdAt: core.now,
      sol: 0n,
      positions: new Map(),
      totalShares: 0n,
      holders: new Map(),
      highWaterMark: 10n ** 15n,
    });
  });

  it('has another address and number than the one before', () => {
    const core = vaultMarket();
    const second = core.vault(core.createVault(ann));
    expect(second.vaultId).toBe('2');
    expect(second.address).not.toBe(theVault(core).address);
  });
});

describe('a deposit', () => {
  it('gives a thousand shares for the first lamport', () => {
    const core = vaultMarket();
    const before = core.sol(bob);
    expect(core.deposit(bob, vault1, sol('2'))).toBe(2_000_000_000_000n);
    expect(core.sol(bob)).toBe(before - sol('2'));
    expect(theVault(core)).toMatchObject({ sol: sol('2'), totalShares: 2_000_000_000_000n });
  });

  it('tells all that it came to', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('2'));
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited')).toEqual({
      type: 'vault_deposited',
      seq: core.state.seq,
      at: core.now,
      vaultId: vault1,
      address: theVault(core).address,
      manager: ann,
      wallet: cyd,
      shares: 1_000_000_000_000n,
      feeShares: 0n,
      totalShares: 3_000_000_000_000n,
      highWaterMark: 10n ** 15n,
      netAssetValue: sol('2'),
      sol: sol('1'),
    });
  });

  it('buys at idle SOL and what every token would sell for at the price of now, after fees', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('10'));
    const { tokens: bought } = core.vaultTrade(vault1, buyFor(one, '6'));
    core.buy(cyd, one, '5');
    const phase = core.state.agents.get(one)?.phase;
    if (phase?.kind !== 'bonding') throw new Error('has graduated');
    const { sol: idle, totalShares } = theVault(core);
    const value = idle + saleProceeds(phase.curve, bought);
    const { virtualSol, virtualTokens } = phase.curve;
    const entry = idle + (bought * virtualSol * 9_875n) / (virtualTokens * 10_000n) + 1n;
    expect(entry).toBeGreaterThan(value);
    const made = core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').netAssetValue).toBe(value);
    expect(made).toBe((sol('1') * (totalShares + 1_000n)) / (entry + 1n));
  });

  it('needs the SOL', () => {
    const core = vaultMarket();
    const available = core.sol(bob);
    const needed = lamports(available + 1n);
    expect(core.refuse(core.depositing(bob, vault1, needed))).toEqual({
      reason: 'insufficient_sol',
      needed,
      available,
    });
  });

  it('that would not give a share is refused', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, lamports(1n));
    core.fund(theVault(core).address, '1');
    // A share is worth half a million lamports now.
    expect(core.refuse(core.depositing(cyd, vault1, lamports(499_999n)))).toEqual({
      reason: 'amount_too_small',
    });
    expect(core.deposit(cyd, vault1, lamports(500_001n))).toBe(1n);
  });

  it('that gives fewer shares than wanted is refused', () => {
    const core = vaultMarket();
    const deposit = { ...core.order(bob), kind: 'vault_deposit' as const, vaultId: vault1 };
    const [minimum, actual] = [shares(1_001n), shares(1_000n)];
    expect(core.refuse({ ...deposit, sol: lamports(1n), minShares: minimum })).toEqual({
      reason: 'too_few_shares',
      minimum,
      actual,
    });
    core.accept({ ...deposit, sol: lamports(1n), minShares: actual });
  });

  it('into a vault that does not exist is refused', () => {
    const core = vaultMarket();
    const nine = vaultId('9');
    expect(core.refuse(core.depositing(bob, nine, sol('1')))).toEqual({
      reason: 'vault_not_found',
      vaultId: nine,
    });
  });

  it('that would make too many shares is refused, and says how many there may be', () => {
    const core = vaultMarket();
    core.fund(bob, '10000000');
    const most = lamports((AMOUNT_LIMIT - 1n) / 1_000n);
    expect(core.refuse(core.depositing(bob, vault1, lamports(most + 1n)))).toEqual({
      reason: 'shares_limit',
      vaultId: vault1,
      available: AMOUNT_LIMIT - 1n,
    });
    core.deposit(bob, vault1, most);
    expect(core.refuse(core.depositing(bob, vault1, lamports(1n)))).toMatchObject({
      reason: 'shares_limit',
      available: AMOUNT_LIMIT - 1n - 1_000n * most,
    });
  });
});

describe('SOL that is credited to a vault', () => {
  it('belongs to its shareholders', () => {
    const core = vaultMarket();
    const made = core.deposit(bob, vault1, sol('1'));
    core.fund(theVault(core).address, '1');
    const { sol: paid } = core.withdraw(bob, vault1, made);
    expect(paid).toBe((sol('2') * made) / (made + 1_000n));
  });

  it('is a gain, of which the manager has a part', () => {
    const core = vaultMarket(1_000);
    core.deposit(bob, vault1, sol('1'));
    core.fund(theVault(core).address, '1');
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBeGreaterThan(0n);
  });

  it('before the first deposit is nobody’s gain', () => {
    const core = vaultMarket(2_000);
    core.fund(theVault(core).address, '1');
    core.deposit(bob, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBe(0n);
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBe(0n);
  });
});

describe('a withdrawal', () => {
  it('pays the part of the idle SOL', () => {
    const core = vaultMarket();
    const mine = core.deposit(bob, vault1, sol('3'));
    core.deposit(cyd, vault1, sol('1'));
    const before = core.sol(bob);
    const { sol: paid, tokens: inKind } = core.withdraw(bob, vault1, mine / 3n);
    expect(core.sol(bob) - before).toBe(paid);
    expect(paid).toBe((sol('4') * (mine / 3n)) / (theVault(core).totalShares + mine / 3n + 1_000n));
    expect(inKind).toEqual([]);
  });

  it('pays the same part of every position in kind, and says what it would sell for', () => {
    const core = vaultMarket();
    const mine = core.deposit(bob, vault1, sol('10'));
    core.deposit(cyd, vault1, sol('10'));
    const positions = [one, two].map((id) => core.vaultTrade(vault1, buyFor(id, '4')).tokens);
    const part = (balance: bigint): bigint => (balance * mine) / (2n * mine + 1_000n);
    const worth = (id: AgentId, amount: bigint): bigint => {
      const phase = core.state.agents.get(id)?.phase;
      return phase?.kind === 'bonding' ? saleProceeds(phase.curve, tokenUnits(amount)) : 0n;
    };
    const expected = [one, two].map((id, index) => {
      const amount = part(positions[index] ?? 0n);
      return { agentId: id, tokens: amount, value: worth(id, amount) };
    });
    const idle = theVault(core).sol;
    const withdrawn = core.withdraw(bob, vault1, mine);
    expect(withdrawn).toMatchObject({ sol: part(idle), tokens: expected, wallet: bob, shares: mine });
    expect([one, two].map((id) => core.tokens(bob, id))).toEqual(expected.map(({ tokens: paid }) => paid));
  });

  it('pays tokens of agents that have graduated', () => {
    const core = vaultMarket();
    const mine = core.deposit(bob, vault1, sol('10'));
    const { tokens: bought } = core.vaultTrade(vault1, buyFor(one, '4'));
    core.graduate(cyd, one);
    const phase = core.state.agents.get(one)?.phase;
    if (phase?.kind !== 'graduated') throw new Error('has not graduated');
    const paid = tokenUnits((bought * mine) / (mine + 1_000n));
    expect(core.withdraw(bob, vault1, mine).tokens).toEqual([
      { agentId: one, tokens: paid, value: worthOf(phase, paid) },
    ]);
    expect(core.tokens(bob, one)).toBe(paid);
  });

  it('of everything by the last one leaves what belongs to the shares that nobody has', () => {
    const core = vaultMarket();
    const mine = core.deposit(bob, vault1, sol('10'));
    core.withdraw(bob, vault1, mine);
    expect(theVault(core)).toMatchObject({ totalShares: 0n, sol: 1n, holders: new Map() });
  });

  it('of more shares than one has is refused', () => {
    const core = vaultMarket();
    const available = core.deposit(bob, vault1, sol('1'));
    const needed = available + 1n;
    expect(core.refuse(core.withdrawing(bob, vault1, needed))).toEqual({
      reason: 'insufficient_shares',
      needed,
      available,
    });
  });

  it('by whoever has no shares is refused', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('1'));
    expect(core.refuse(core.withdrawing(cyd, vault1, 1n))).toMatchObject({ available: 0n });
  });

  it('that would pay nothing is refused', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('1'));
    expect(core.refuse(core.withdrawing(bob, vault1, 1n))).toEqual({ reason: 'amount_too_small' });
  });

  it('from a vault that does not exist is refused', () => {
    const core = vaultMarket();
    const nine = vaultId('9');
    expect(core.refuse(core.withdrawing(bob, nine, 1n))).toEqual({
      reason: 'vault_not_found',
      vaultId: nine,
    });
  });
});

describe('an entry that does not fit the vault', () => {
  const deposited = (core: Core, given: Partial<VaultDeposited>): VaultDeposited => ({
    ...core.last('vault_deposited'),
    seq: core.state.seq + 1,
    totalShares: shares(2_000_000n),
    ...given,
  });

  it.each([
    ['the shares do not add up', { totalShares: shares(2_000_001n) }],
    ['there is no such vault', { vaultId: vaultId('9') }],
    ['the wallet has not got the SOL', { sol: tokens('1000000000000') }],
  ])('is a fault: %s', (_what, given) => {
    const core = vaultMarket();
    core.deposit(bob, vault1, lamports(1_000n));
    const entry = deposited(core, { ...given, sol: lamports('sol' in given ? given.sol : 1_000n) });
    expect(() => evolve(core.state, entry, null)).toThrow(LedgerError);
  });
});
