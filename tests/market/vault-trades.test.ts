import { describe, expect, it } from 'vitest';
import { type AgentId, vaultId } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { ann, bob, buyExactly, buyFor, type Core, cyd, sale } from './core.ts';
import { one, theVault, vault1, vaultMarket } from './vault-market.ts';

describe('a vault’s trade', () => {
  it('spends the vault’s SOL for its position', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('10'));
    const before = core.sol(ann);
    const trade = core.vaultTrade(vault1, buyFor(one, '4'));
    const { address, sol: idle, positions } = theVault(core);
    expect(trade.trader).toBe(address);
    expect(idle).toBe(sol('10') - trade.sol - trade.protocolFee - trade.creatorFee);
    expect(positions).toEqual(new Map([[one, trade.tokens]]));
    expect(core.sol(ann)).toBe(before);
  });

  it('sells its position, which is gone when nothing is left', () => {
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('10'));
    const { tokens: bought } = core.vaultTrade(vault1, buyFor(one, '4'));
    const idle = theVault(core).sol;
    const sold = core.vaultTrade(vault1, sale(one, bought));
    expect(theVault(core).sol).toBe(idle + sold.sol - sold.protocolFee - sold.creatorFee);
    expect(theVault(core).positions.size).toBe(0);
  });

  it('is the manager’s alone', () => {
    const core = vaultMarket();
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
    const core = vaultMarket();
    core.deposit(bob, vault1, sol('1'));
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: vault1 };
    expect(core.refuse({ ...trade, terms: buyFor(one, '2') })).toMatchObject({
      reason: 'insufficient_sol',
      available: sol('1'),
    });
  });

  it('cannot sell what only the manager has', () => {
    const core = vaultMarket();
    const { tokens: bought } = core.buy(ann, one, '1');
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: vault1 };
    expect(core.refuse({ ...trade, terms: sale(one, bought) })).toMatchObject({
      reason: 'insufficient_tokens',
      available: 0n,
    });
  });

  it('does not buy what the manager has created', () => {
    const core = vaultMarket();
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
    const core = vaultMarket();
    const theirs = core.createAgent(bob);
    core.deposit(bob, vault1, sol('10'));
    expect(core.vaultTrade(vault1, buyFor(theirs, '1')).agentId).toBe(theirs);
  });

  it('in a vault that does not exist is refused', () => {
    const core = vaultMarket();
    const nine = vaultId('9');
    const trade = { ...core.order(ann), kind: 'vault_trade' as const, vaultId: nine };
    expect(core.refuse({ ...trade, terms: buyFor(one, '1') })).toEqual({
      reason: 'vault_not_found',
      vaultId: nine,
    });
  });

  it('in a graduated agent is refused', () => {
    const core = vaultMarket();
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
    const core = vaultMarket();
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
    expect(theVault(core).positions.size).toBe(20);
  });

  it('takes another when one is sold', () => {
    const { core, next } = full();
    core.vaultTrade(vault1, sale(one, theVault(core).positions.get(one) ?? 0n));
    core.accept(buying(core, next));
    expect(theVault(core).positions.size).toBe(20);
  });
});
