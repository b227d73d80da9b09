import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { netAssetValue, worthOf } from '../../server/market/vaults.ts';
import { tokensSold } from '../../shared/curve.ts';
import type { AgentId } from '../../shared/ids.ts';
import { lamports, shares, sol, tokenUnits } from '../../shared/units.ts';
import { amountsUpTo, curves, SEEDED } from '../shared/fixtures.ts';
import { ann, bob, buyExactly, buyFor, cyd, sale } from './core.ts';
import { SEED } from './runs.ts';
import { held, one, theVault, vault1, vaultMarket, vaultValue } from './vault-market.ts';

describe('net asset value', () => {
  it('of a position that has graduated is what its pool gave when it was made', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('10'));
    core.vaultTrade(vault1, buyFor(one, '4'));
    core.graduate(cyd, one);
    const graduated = core.last('agent_graduated');
    const { sol: idle, positions } = theVault(core);
    const balance = positions.get(one) ?? 0n;
    core.deposit(bob, vault1, sol('1'));
    expect(core.last('vault_deposited').netAssetValue).toBe(
      idle + (balance * graduated.sol) / (graduated.tokens + balance),
    );
  });

  it('falls by what a buy and its way back cost, and no more', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('10'));
    const { sol: idle } = theVault(core);
    const bought = core.vaultTrade(vault1, buyFor(one, '5'));
    const value = vaultValue(core);
    core.vaultTrade(vault1, sale(one, bought.tokens));
    expect(theVault(core).sol).toBe(value);
    expect(value).toBeLessThan(idle);
  });

  it('counts no position at less than nothing', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('10'));
    core.vaultTrade(vault1, buyExactly(one, 40n));
    const vault = theVault(core);
    const marketOf = (id: AgentId) => {
      const phase = core.state.agents.get(id)?.phase;
      if (phase === undefined) throw new Error(`no agent ${id}`);
      return phase;
    };
    expect(netAssetValue(vault, marketOf)).toBe(vault.sol);
  });
});

describe('what a withdrawal leaves of a position', () => {
  /** Of a million shares so many are withdrawn. */
  const ALL = 1_000_000n;
  const withdrawn = fc.bigInt(0n, ALL);
  const left = (balance: bigint, part: bigint): bigint => balance - (balance * part) / ALL;
  const held = amountsUpTo(10n ** 9n);

  it('sells for its part of the whole, but for less than three lamports while it is on its curve', () => {
    fc.assert(
      fc.property(curves, held, withdrawn, (curve, some, part) => {
        const balance = some < tokensSold(curve) ? some : tokensSold(curve);
        const market = { kind: 'bonding', curve } as const;
        const whole = worthOf(market, tokenUnits(balance));
        const rest = worthOf(market, tokenUnits(left(balance, part)));
        expect((rest + 3n) * ALL).toBeGreaterThan(whole * (ALL - part));
      }),
      { ...SEEDED, numRuns: 3_000 },
    );
  });

  it('sells for its part of the whole, but for less than one lamport when it is on its pool', () => {
    fc.assert(
      fc.property(amountsUpTo(10n ** 12n), held, withdrawn, (poolSol, balance, part) => {
        const market = { kind: 'graduated', poolSol: lamports(poolSol) } as const;
        const whole = worthOf(market, tokenUnits(balance));
        const rest = worthOf(market, tokenUnits(left(balance, part)));
        expect((rest + 1n) * ALL).toBeGreaterThan(whole * (ALL - part));
      }),
      { ...SEEDED, numRuns: 3_000 },
    );
  });
});

describe('putting SOL in and taking a part out in kind at once', () => {
  it('never pays, though a part of a position sells for more than its share of the whole', () => {
    fc.assert(
      fc.property(
        fc.record({
          size: fc.bigInt(10n ** 8n, 80n * 10n ** 9n),
          invested: fc.bigInt(10n, 98n),
          moved: fc.bigInt(1n, 30n * 10n ** 9n),
          attack: fc.bigInt(10n ** 6n, 90n * 10n ** 9n),
        }),
        ({ size, invested, moved, attack }) => {
          const core = vaultMarket();
          core.deposit(ann, vault1, lamports(size));
          const buying = (spent: bigint) =>
            ({ kind: 'buy_for_sol', agentId: one, sol: lamports(spent), minTokens: tokenUnits(0n) }) as const;
          core.vaultTrade(vault1, buying((size * invested) / 100n));
          core.carryOut({ ...core.order(cyd), ...buying(moved) });
          const before = core.sol(bob);
          const made = core.deposit(bob, vault1, lamports(attack));
          const { tokens: taken } = core.withdraw(bob, vault1, made);
          for (const { agentId, tokens } of taken) {
            core.carryOut({ ...core.order(bob), kind: 'sell_tokens', agentId, tokens, minSol: lamports(0n) });
          }
          expect(core.sol(bob)).toBeLessThanOrEqual(before);
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('the inflation attack', () => {
  /** What is given to the vault is the attacker's, who would have it still. */
  const amounts = (most: bigint) => fc.oneof(fc.bigInt(1n, most), fc.bigInt(1n, 2_000n));
  const fees = fc.constantFrom(0, 1_000, 2_000);

  it('never pays, whatever is put in, given away and taken out before the victim comes', () => {
    fc.assert(
      fc.property(
        fc.record({
          feeBps: fees,
          first: amounts(10n ** 10n),
          kept: fc.bigInt(0n, 1_000n),
          gift: amounts(10n ** 12n),
          victim: amounts(10n ** 12n),
          manages: fc.boolean(),
        }),
        ({ feeBps, first, kept, gift, victim, manages }) => {
          const core = vaultMarket();
          const vault = core.createVault(manages ? bob : ann, feeBps);
          const { address } = core.vault(vault);
          const before = core.sol(bob);
          const made = core.deposit(bob, vault, lamports(first));
          // Few shares are dearest to leave behind.
          if (made > kept) core.carryOut(core.withdrawing(bob, vault, made - kept));
          core.accept({ ...core.order(bob), kind: 'credit_wallet', to: address, sol: lamports(gift) });
          core.carryOut(core.depositing(cyd, vault, lamports(victim)));
          const mine = core.vault(vault).holders.get(bob) ?? 0n;
          if (mine > 0n) core.carryOut(core.withdrawing(bob, vault, mine));
          const rest = core.vault(vault).holders.get(bob) ?? 0n;
          if (rest > 0n) core.carryOut(core.withdrawing(bob, vault, rest));
          expect(core.sol(bob)).toBeLessThanOrEqual(before + gift);
        },
      ),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('costs the attacker more than it costs the victim', () => {
    fc.assert(
      fc.property(amounts(10n ** 9n), amounts(10n ** 12n), amounts(10n ** 12n), (first, gift, victim) => {
        const core = vaultMarket();
        const { address } = theVault(core);
        const [attackers, victims] = [core.sol(bob) + gift, core.sol(cyd)];
        core.deposit(bob, vault1, lamports(first));
        core.accept({ ...core.order(ann), kind: 'credit_wallet', to: address, sol: lamports(gift) });
        core.carryOut(core.depositing(cyd, vault1, lamports(victim)));
        for (const who of [bob, cyd]) {
          const mine = held(core, who);
          if (mine > 0n) core.carryOut(core.withdrawing(who, vault1, mine));
        }
        const [lost, taken] = [attackers - core.sol(bob), victims - core.sol(cyd)];
        expect(lost).toBeGreaterThanOrEqual(0n);
        // A rounding or two apart, for whoever withdraws.
        expect(taken).toBeLessThanOrEqual(lost + 2n);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('by a price that was driven up is refused to whoever says how many shares it must be', () => {
    const core = vaultMarket();
    core.deposit(ann, vault1, sol('10'));
    core.vaultTrade(vault1, buyFor(one, '9'));
    const { totalShares } = theVault(core);
    const expected = (sol('5') * (totalShares + 1_000n)) / (vaultValue(core) + 1n);
    core.buy(bob, one, '40');
    const deposit = { ...core.order(cyd), kind: 'vault_deposit' as const, vaultId: vault1, sol: sol('5') };
    expect(core.refuse({ ...deposit, minShares: shares(expected) })).toMatchObject({
      reason: 'too_few_shares',
      minimum: expected,
    });
  });
});
