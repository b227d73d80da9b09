import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from '../../server/market/evolve.ts';
import { LedgerError } from '../../server/market/ledger.ts';
import { netAssetValue, type Vault, worthOf } from '../../server/market/vaults.ts';
import { saleProceeds, tokensSold } from '../../shared/curve.ts';
import type { VaultDeposited } from '../../shared/events.ts';
import { type AgentId, agentId, type VaultId, vaultId } from '../../shared/ids.ts';
import { AMOUNT_LIMIT, lamports, shares, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { amountsUpTo, curves, SEEDED } from '../shared/fixtures.ts';
import { ann, bob, buyExactly, buyFor, Core, cyd, sale } from './core.ts';
import { naiveShareValue, naiveValue } from './models.ts';
import { SEED } from './runs.ts';

const one = agentId('1');
const two = agentId('2');
const vault1 = vaultId('1');

/** Agents 1 and 2, and ann's vault, which takes the fee. */
function market(performanceFeeBps = 0): Core {
  const core = new Core();
  for (const who of [ann, bob, cyd]) core.fund(who);
  core.createAgent();
  core.createAgent();
  core.createVault(ann, performanceFeeBps);
  return core;
}

const vaultValue = (core: Core, id: VaultId = vault1): bigint => naiveValue(core.state, core.vault(id));
const held = (core: Core, who = ann): bigint => core.vault(vault1).holders.get(who) ?? 0n;

/** What a share is worth, in 10^-18 lamports. */
function shareValueOf(core: Core): bigint {
  const { over, under } = naiveShareValue(core.state, core.vault(vault1));
  return (over * 10n ** 18n) / under;
}

describe('a new vault', () => {
  it('has an address of its own, a manager, and nothing else', () => {
    const core = market(500);
    const created = core.last('vault_created');
    expect(created).toMatchObject({ vaultId: vault1, manager: ann, performanceFeeBps: 500 });
    expect(core.vault(vault1)).toEqual({
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
    const core = market();
    const second = core.vault(core.createVault(ann));
    expect(second.vaultId).toBe('2');
    expect(second.address).not.toBe(core.vault(vault1).address);
  });
});

describe('a deposit', () => {
  it('gives a thousand shares for the first lamport', () => {
    const core = market();
    const before = core.sol(bob);
    expect(core.deposit(bob, vault1, sol('2'))).toBe(2_000_000_000_000n);
    expect(core.sol(bob)).toBe(before - sol('2'));
    expect(core.vault(vault1)).toMatchObject({ sol: sol('2'), totalShares: 2_000_000_000_000n });
  });

  it('tells all that it came to', () => {
    const core = market();
    core.deposit(bob, vault1, sol('2'));
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited')).toEqual({
      type: 'vault_deposited',
      seq: core.state.seq,
      at: core.now,
      vaultId: vault1,
      address: core.vault(vault1).address,
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

  it('buys at net asset value: idle SOL and what the tokens would sell for now', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    const { tokens: bought } = core.vaultTrade(vault1, buyFor(one, '6'));
    core.buy(cyd, one, '5');
    const phase = core.state.agents.get(one)?.phase;
    if (phase?.kind !== 'bonding') throw new Error('has graduated');
    const { sol: idle, totalShares } = core.vault(vault1);
    const value = idle + saleProceeds(phase.curve, bought);
    const made = core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').netAssetValue).toBe(value);
    expect(made).toBe((sol('1') * (totalShares + 1_000n)) / (value + 1n));
  });

  it('needs the SOL', () => {
    const core = market();
    const available = core.sol(bob);
    const needed = lamports(available + 1n);
    expect(core.refuse(core.depositing(bob, vault1, needed))).toEqual({
      reason: 'insufficient_sol',
      needed,
      available,
    });
  });

  it('that would not give a share is refused', () => {
    const core = market();
    core.deposit(bob, vault1, lamports(1n));
    core.fund(core.vault(vault1).address, '1');
    // A share is worth half a million lamports now.
    expect(core.refuse(core.depositing(cyd, vault1, lamports(499_999n)))).toEqual({
      reason: 'amount_too_small',
    });
    expect(core.deposit(cyd, vault1, lamports(500_001n))).toBe(1n);
  });

  it('that gives fewer shares than wanted is refused', () => {
    const core = market();
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
    const core = market();
    const nine = vaultId('9');
    expect(core.refuse(core.depositing(bob, nine, sol('1')))).toEqual({
      reason: 'vault_not_found',
      vaultId: nine,
    });
  });

  it('that would make too many shares is refused, and says how many there may be', () => {
    const core = market();
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
    const core = market();
    const made = core.deposit(bob, vault1, sol('1'));
    core.fund(core.vault(vault1).address, '1');
    const { sol: paid } = core.withdraw(bob, vault1, made);
    expect(paid).toBe((sol('2') * made) / (made + 1_000n));
  });

  it('is a gain, of which the manager has a part', () => {
    const core = market(1_000);
    core.deposit(bob, vault1, sol('1'));
    core.fund(core.vault(vault1).address, '1');
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBeGreaterThan(0n);
  });

  it('before the first deposit is nobody’s gain', () => {
    const core = market(2_000);
    core.fund(core.vault(vault1).address, '1');
    core.deposit(bob, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBe(0n);
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBe(0n);
  });
});

describe('a withdrawal', () => {
  it('pays the part of the idle SOL', () => {
    const core = market();
    const mine = core.deposit(bob, vault1, sol('3'));
    core.deposit(cyd, vault1, sol('1'));
    const before = core.sol(bob);
    const { sol: paid, tokens: inKind } = core.withdraw(bob, vault1, mine / 3n);
    expect(core.sol(bob) - before).toBe(paid);
    expect(paid).toBe((sol('4') * (mine / 3n)) / (core.vault(vault1).totalShares + mine / 3n + 1_000n));
    expect(inKind).toEqual([]);
  });

  it('pays the same part of every position in kind, and says what it would sell for', () => {
    const core = market();
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
    const idle = core.vault(vault1).sol;
    const withdrawn = core.withdraw(bob, vault1, mine);
    expect(withdrawn).toMatchObject({ sol: part(idle), tokens: expected, wallet: bob, shares: mine });
    expect([one, two].map((id) => core.tokens(bob, id))).toEqual(expected.map(({ tokens: paid }) => paid));
  });

  it('pays tokens of agents that have graduated', () => {
    const core = market();
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
    const core = market();
    const mine = core.deposit(bob, vault1, sol('10'));
    core.withdraw(bob, vault1, mine);
    expect(core.vault(vault1)).toMatchObject({ totalShares: 0n, sol: 1n, holders: new Map() });
  });

  it('of more shares than one has is refused', () => {
    const core = market();
    const available = core.deposit(bob, vault1, sol('1'));
    const needed = available + 1n;
    expect(core.refuse(core.withdrawing(bob, vault1, needed))).toEqual({
      reason: 'insufficient_shares',
      needed,
      available,
    });
  });

  it('by whoever has no shares is refused', () => {
    const core = market();
    core.deposit(bob, vault1, sol('1'));
    expect(core.refuse(core.withdrawing(cyd, vault1, 1n))).toMatchObject({ available: 0n });
  });

  it('that would pay nothing is refused', () => {
    const core = market();
    core.deposit(bob, vault1, sol('1'));
    expect(core.refuse(core.withdrawing(bob, vault1, 1n))).toEqual({ reason: 'amount_too_small' });
  });

  it('from a vault that does not exist is refused', () => {
    const core = market();
    const nine = vaultId('9');
    expect(core.refuse(core.withdrawing(bob, nine, 1n))).toEqual({
      reason: 'vault_not_found',
      vaultId: nine,
    });
  });
});

describe('the performance fee', () => {
  /** Bob has all shares of a vault that takes a fifth, and has doubled what it has. */
  function doubled(): Core {
    const core = market(2_000);
    core.deposit(bob, vault1, sol('10'));
    core.fund(core.vault(vault1).address, '10');
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
    expect(held(core)).toBe(feeShares);
  });

  it('is taken at a withdrawal too', () => {
    const core = doubled();
    const { sol: paid, feeShares } = core.withdraw(bob, vault1, 10_000_000_000_000n);
    expect(feeShares).toBe(held(core));
    expect(paid).toBe((sol('20') * 10_000_000_000_000n) / (10_000_000_001_000n + feeShares));
    // Eighteen SOL, but for rounding: ten put in, and four fifths of the gain.
    expect(sol('18') - paid).toBeLessThan(3n);
  });

  it('can be withdrawn by the manager at once', () => {
    const core = doubled();
    core.deposit(cyd, vault1, lamports(1_000n));
    const fee = held(core);
    const { sol: paid } = core.withdraw(ann, vault1, fee);
    expect(sol('2') - paid).toBeLessThan(3n);
    expect(held(core)).toBe(0n);
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
    const core = market(2_000);
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
    const { totalShares, highWaterMark } = core.vault(vault1);
    core.fund(core.vault(vault1).address, '1');
    core.deposit(cyd, vault1, lamports(1_000n));
    const { feeShares, netAssetValue: value } = core.last('vault_deposited');
    const total = totalShares + 1_000n;
    const gain = value + 1n - (highWaterMark * total + 10n ** 18n - 1n) / 10n ** 18n;
    expect(sol('1') - gain).toBeLessThan(3n);
    expect(feeShares).toBe(((gain / 5n) * total) / (value + 1n - gain / 5n));
  });

  it('is nothing where none was agreed, but the mark rises', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    core.fund(core.vault(vault1).address, '10');
    core.deposit(cyd, vault1, sol('1'));
    expect(core.last('vault_deposited').feeShares).toBe(0n);
    expect(core.last('vault_deposited').highWaterMark).toBeGreaterThan(10n ** 15n);
  });

  it('starts afresh when nobody had shares any more', () => {
    const core = doubled();
    core.withdraw(bob, vault1, held(core, bob));
    core.withdraw(ann, vault1, held(core));
    expect(core.vault(vault1).totalShares).toBe(0n);
    core.deposit(cyd, vault1, sol('1'));
    const { feeShares, highWaterMark } = core.last('vault_deposited');
    expect(feeShares).toBe(0n);
    expect(highWaterMark).toBeLessThanOrEqual(shareValueOf(core));
  });

  it('that would make too many shares waits while others withdraw', () => {
    const core = market(2_000);
    core.fund(bob, '9000000000');
    core.deposit(bob, vault1, sol('8900000'));
    core.fund(core.vault(vault1).address, '8900000');
    core.fund(core.vault(vault1).address, '8900000');
    const before = core.vault(vault1).highWaterMark;
    const withdrawn = core.withdraw(bob, vault1, 1_000_000n);
    expect(withdrawn).toMatchObject({ feeShares: 0n, highWaterMark: before });
    expect(core.refuse(core.depositing(bob, vault1, sol('1')))).toMatchObject({
      reason: 'shares_limit',
      available: 0n,
    });
  });
});

describe('a vault’s trade', () => {
  it('spends the vault’s SOL for its position', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    const before = core.sol(ann);
    const trade = core.vaultTrade(vault1, buyFor(one, '4'));
    const { address, sol: idle, positions } = core.vault(vault1);
    expect(trade.trader).toBe(address);
    expect(idle).toBe(sol('10') - trade.sol - trade.protocolFee - trade.creatorFee);
    expect(positions).toEqual(new Map([[one, trade.tokens]]));
    expect(core.sol(ann)).toBe(before);
  });

  it('sells its position, which is gone when nothing is left', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    const { tokens: bought } = core.vaultTrade(vault1, buyFor(one, '4'));
    const idle = core.vault(vault1).sol;
    const sold = core.vaultTrade(vault1, sale(one, bought));
    expect(core.vault(vault1).sol).toBe(idle + sold.sol - sold.protocolFee - sold.creatorFee);
    expect(core.vault(vault1).positions.size).toBe(0);
  });

  it('is the manager’s alone', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    const trade = { ...core.order(bob), kind: 'vault_trade' as const, vaultId: vault1 };
    for (const terms of [buyFor(one, '1'), buyExactly(one, 1n), sale(one, 1n)]) {
      expect(core.refuse({ ...trade, terms })).toEqual({
        reason: 'not_the_manager',
        vaultId: vault1,
        manager: ann,
      });
    }
  });

  it('cannot spend more than the vault has', () => {
    const core = market();
    core.deposit(bob, vault1, sol('1'));
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: vault1 };
    expect(core.refuse({ ...trade, terms: buyFor(one, '2') })).toMatchObject({
      reason: 'insufficient_sol',
      available: sol('1'),
    });
  });

  it('cannot sell what only the manager has', () => {
    const core = market();
    const { tokens: bought } = core.buy(ann, one, '1');
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: vault1 };
    expect(core.refuse({ ...trade, terms: sale(one, bought) })).toMatchObject({
      reason: 'insufficient_tokens',
      available: 0n,
    });
  });

  it('does not buy what the manager has created', () => {
    const core = market();
    const own = core.createAgent(ann);
    core.deposit(bob, vault1, sol('10'));
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: vault1 };
    for (const terms of [buyFor(own, '1'), buyExactly(own, 1n)]) {
      expect(core.refuse({ ...trade, terms })).toEqual({
        reason: 'own_token',
        vaultId: vault1,
        agentId: own,
      });
    }
  });

  it('buys what a shareholder has created', () => {
    const core = market();
    const theirs = core.createAgent(bob);
    core.deposit(bob, vault1, sol('10'));
    expect(core.vaultTrade(vault1, buyFor(theirs, '1')).agentId).toBe(theirs);
  });

  it('in a vault that does not exist is refused', () => {
    const core = market();
    const nine = vaultId('9');
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: nine };
    expect(core.refuse({ ...trade, terms: buyFor(one, '1') })).toEqual({
      reason: 'vault_not_found',
      vaultId: nine,
    });
  });

  it('in a graduated agent is refused', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    core.vaultTrade(vault1, buyFor(one, '1'));
    core.graduate(cyd, one);
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: vault1 };
    for (const terms of [buyFor(one, '1'), sale(one, 1n)]) {
      expect(core.refuse({ ...trade, terms })).toEqual({ reason: 'agent_graduated', agentId: one });
    }
  });
});

describe('a vault with twenty positions', () => {
  function full(): { core: Core; next: AgentId } {
    const core = market();
    core.deposit(bob, vault1, sol('100'));
    while (core.state.agents.size < 20) core.createAgent();
    for (const id of core.state.agents.keys()) core.vaultTrade(vault1, buyFor(id, '1'));
    return { core, next: core.createAgent() };
  }
  const buying = (core: Core, id: AgentId) =>
    ({ ...core.order(ann), kind: 'vault_trade', vaultId: vault1, terms: buyFor(id, '1') }) as const;

  it('takes no other', () => {
    const { core, next } = full();
    expect(core.refuse(buying(core, next))).toEqual({
      reason: 'too_many_positions',
      vaultId: vault1,
      limit: 20,
    });
  });

  it('buys more of those it has', () => {
    const { core } = full();
    core.accept(buying(core, one));
    expect(core.vault(vault1).positions.size).toBe(20);
  });

  it('takes another when one is sold', () => {
    const { core, next } = full();
    core.vaultTrade(vault1, sale(one, core.vault(vault1).positions.get(one) ?? 0n));
    core.accept(buying(core, next));
    expect(core.vault(vault1).positions.size).toBe(20);
  });
});

describe('net asset value', () => {
  it('of a position that has graduated is what its pool gave when it was made', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    core.vaultTrade(vault1, buyFor(one, '4'));
    core.graduate(cyd, one);
    const graduated = core.last('agent_graduated');
    const { sol: idle, positions } = core.vault(vault1);
    const balance = positions.get(one) ?? 0n;
    core.deposit(bob, vault1, sol('1'));
    expect(core.last('vault_deposited').netAssetValue).toBe(
      idle + (balance * graduated.sol) / (graduated.tokens + balance),
    );
  });

  it('falls by what a buy and its way back cost, and no more', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    const { sol: idle } = core.vault(vault1);
    const bought = core.vaultTrade(vault1, buyFor(one, '5'));
    const value = vaultValue(core);
    core.vaultTrade(vault1, sale(one, bought.tokens));
    expect(core.vault(vault1).sol).toBe(value);
    expect(value).toBeLessThan(idle);
  });

  it('counts no position at less than nothing', () => {
    const core = market();
    core.deposit(bob, vault1, sol('10'));
    core.vaultTrade(vault1, buyExactly(one, 40n));
    const vault: Vault = core.vault(vault1);
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
          const core = market();
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
        const core = market();
        const { address } = core.vault(vault1);
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
    const core = market();
    core.deposit(ann, vault1, sol('10'));
    core.vaultTrade(vault1, buyFor(one, '9'));
    const { totalShares } = core.vault(vault1);
    const expected = (sol('5') * (totalShares + 1_000n)) / (vaultValue(core) + 1n);
    core.buy(bob, one, '40');
    const deposit = { ...core.order(cyd), kind: 'vault_deposit' as const, vaultId: vault1, sol: sol('5') };
    expect(core.refuse({ ...deposit, minShares: shares(expected) })).toMatchObject({
      reason: 'too_few_shares',
      minimum: expected,
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
    const core = market();
    core.deposit(bob, vault1, lamports(1_000n));
    const entry = deposited(core, { ...given, sol: lamports('sol' in given ? given.sol : 1_000n) });
    expect(() => evolve(core.state, entry, null)).toThrow(LedgerError);
  });
});
