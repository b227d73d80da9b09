import { describe, expect, it } from 'vitest';
import { lamports, sol } from '../../shared/units.ts';
import { ann, bob, buyFor, type Core, cyd } from './core.ts';
import { naiveShareValue } from './models.ts';
import { held, one, theVault, vault1, vaultMarket } from './vault-market.ts';

/** What a share is worth, in 10^-18 lamports. */
function shareValueOf(core: Core): bigint {
  const { over, under } = naiveShareValue(core.state, theVault(core));
  return (over * 10n ** 18n) / under;
}

describe('the performance fee', () => {
  /** Bob has all shares of a vault that takes a fifth, and has doubled what it has. */
  function doubled(): Core {
    const core = vaultMarket(2_000);
    core.deposit(bob, vault1, sol('10'));
    core.fund(theVault(core).address, '10');
    return core;
  }

  it('is so much of the gain, in new shares for the manager, before the deposit counts', () => {
    const core = doubled();
    core.deposit(cyd, vault1, sol('5'));
    const { feeShares, shares: made, totalShares, netAssetValue: value } = core.last('vault_deposited');
    expect(value).toBe(sol('20'));
    // A fifth of ten SOL is two of twenty, a tenth of all shares then: a ninth of those before.
    const gain = value + 1n - 10_000_000_001n;
    const fee = gain / 5n;
    expect(feeShares).toBe((fee * 10_000_000_001_000n) / (value + 1n - fee));
    expect(totalShares).toBe(10_000_000_000_000n + feeShares + made);
    expect(made).toBe((sol('5') * (10_000_000_001_000n + feeShares)) / (value + 1n));
    expect(held(core, ann)).toBe(feeShares);
  });

  it('is taken at a withdrawal too', () => {
    const core = doubled();
    const { sol: paid, feeShares } = core.withdraw(bob, vault1, 10_000_000_000_000n);
    expect(feeShares).toBe(held(core, ann));
    expect(paid).toBe((sol('20') * 10_000_000_000_000n) / (10_000_000_001_000n + feeShares));
    // Eighteen SOL, but for rounding: ten put in, and four fifths of the gain.
    expect(sol('18') - paid).toBeLessThan(3n);
  });

  it('can be withdrawn by the manager at once', () => {
    const core = doubled();
    core.deposit(cyd, vault1, lamports(1_000n));
    const fee = held(core, ann);
    const { sol: paid } = core.withdraw(ann, vault1, fee);
    expect(sol('2') - paid).toBeLessThan(3n);
    expect(held(core, ann)).toBe(0n);
  });

  it('that is due counts when the manager withdraws', () => {
    const core = doubled();
    const due = core.refuse(core.withdrawing(ann, vault1, 10n ** 18n));
    if (due.reason !== 'insufficient_shares') throw new Error(due.reason);
    expect(due.available).toBeGreaterThan(0n);
    const { sol: paid, feeShares } = core.withdraw(ann, vault1, due.available);
    expect(feeShares).toBe(due.available);
    expect(sol('2') - paid).toBeLessThan(3n);
  });

  it('is not taken twice of the same gain', () => {
    const core = doubled();
    core.deposit(cyd, vault1, sol('1'));
    for (const who of [bob, cyd]) {
      core.deposit(who, vault1, sol('1'));
      expect(core.last('vault_deposited').feeShares).toBe(0n);
    }
  });

  it('is not taken while what was lost comes back', () => {
    const core = vaultMarket(2_000);
    core.deposit(bob, vault1, sol('10'));
    core.vaultTrade(vault1, buyFor(one, '9'));
    const before = core.buy(cyd, one, '30');
    core.deposit(bob, vault1, sol('1'));
    const { highWaterMark, feeShares } = core.last('vault_deposited');
    expect(feeShares).toBeGreaterThan(0n);
    core.sell(cyd, one, before.tokens);
    core.deposit(bob, vault1, sol('1'));
    const again = core.buyTokens(cyd, one, before.tokens);
    expect(again.tokens).toBe(before.tokens);
    core.deposit(bob, vault1, lamports(1_000n));
    expect(core.last('vault_deposited')).toMatchObject({ feeShares: 0n, highWaterMark });
  });

  it('is taken of what comes above the mark, and only of that', () => {
    const core = doubled();
    core.deposit(cyd, vault1, lamports(1_000n));
    const { totalShares, highWaterMark } = theVault(core);
    core.fund(theVault(core).address, '1');
    core.deposit(cyd, vault1, lamports(1_000n));
    const { feeShares, netAssetValue: value } = core.last('vault_deposited');
    const total = totalShares + 1_000n;
    const gain = value + 1n - (highWaterMark * total + 10n ** 18n - 1n) / 10n ** 18n;
    expect(sol('1') - gain).toBeLessThan(3n);
    expect(feeShares).toBe(((gain / 5n) * total) / (value + 1n - gain / 5n));
  });

  it('is nothing where none was agreed, but the mark rises', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('10'));
    core.fund(theVault(core).address, '10');
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBe(0n);
    expect(core.last('vault_deposited').highWaterMark).toBeGreaterThan(10n ** 15n);
  });

  it('starts afresh when nobody had shares any more', () => {
    const core = doubled();
    core.withdraw(bob, vault1, held(core, bob));
    core.withdraw(ann, vault1, held(core, ann));
    expect(theVault(core).totalShares).toBe(0n);
    core.deposit(cyd, vault1, sol('1'));
    const { feeShares, highWaterMark } = core.last('vault_deposited');
    expect(feeShares).toBe(0n);
    expect(highWaterMark).toBeLessThanOrEqual(shareValueOf(core));
  });

  it('that would make too many shares waits while others withdraw', () => {
    const core = vaultMarket(2_000);
    core.fund(bob, '9000000000');
    core.deposit(bob, vault1, sol('8900000'));
    core.fund(theVault(core).address, '8900000');
    core.fund(theVault(core).address, '8900000');
    const before = theVault(core).highWaterMark;
    const withdrawn = core.withdraw(bob, vault1, 1_000_000n);
    expect(withdrawn).toMatchObject({ feeShares: 0n, highWaterMark: before });
    expect(core.refuse(core.depositing(bob, vault1, sol('1')))).toMatchObject({
      reason: 'shares_limit',
      available: 0n,
    });
  });
});
