import { describe, expect, it } from 'vitest';
import { type OrderedCommand, requestOf } from '../../server/market/command.ts';
import { stateDigest } from '../../server/market/digest.ts';
import { agentId, clientOrderId, vaultId } from '../../shared/ids.ts';
import { lamports, shares, sol, tokens, tokenUnits } from '../../shared/units.ts';
import { ann, bob, buyExactly, buyFor, Core, sale } from './core.ts';

const one = agentId('1');
const two = agentId('2');
const vault1 = vaultId('1');
const vault2 = vaultId('2');
const base = { wallet: ann, clientOrderId: clientOrderId('mine') };

/** Ann has tokens of two agents, some of them staked, rewards to claim, and two vaults with SOL and a position. */
function market(): Core {
  const core = new Core();
  for (const who of [ann, bob]) core.fund(who);
  for (const id of [one, two]) {
    core.createAgent();
    core.buy(ann, id, '2');
    core.stake(ann, id, tokens('1000'));
    core.buy(bob, id, '1');
    const vault = core.createVault(ann);
    core.deposit(ann, vault, sol('5'));
    core.vaultTrade(vault, buyFor(one, '1'));
  }
  return core;
}

interface Case {
  readonly title: string;
  readonly command: OrderedCommand;
  /** The same with one parameter changed, each in turn. */
  readonly others: readonly OrderedCommand[];
}

const creation = {
  ...base,
  kind: 'create_agent' as const,
  name: 'Ada',
  symbol: 'ADA',
  purpose: 'Thinks.',
  imageUrl: null,
  firstBuy: { sol: sol('1'), minTokens: tokenUnits(0n) },
};
const buyOne = { ...base, ...buyFor(one, '1') };
const credit = { ...base, kind: 'credit_wallet' as const, to: bob, sol: sol('1') };
const take = { ...base, kind: 'take_faucet' as const };
const stake = { ...base, kind: 'stake' as const, agentId: one, tokens: tokens('1') };
const unstake = { ...stake, kind: 'unstake' as const };
const claim = { ...base, kind: 'claim_rewards' as const, agentId: one };
const creatingVault = { ...base, kind: 'create_vault' as const, name: 'Mine', performanceFeeBps: 100 };
const deposit = {
  ...base,
  kind: 'vault_deposit' as const,
  vaultId: vault1,
  sol: sol('1'),
  minShares: shares(1n),
};
const withdrawal = { ...base, kind: 'vault_withdraw' as const, vaultId: vault1, shares: shares(10n ** 9n) };
const vaultTrade = { ...base, kind: 'vault_trade' as const, vaultId: vault1, terms: buyFor(one, '1') };

const CASES: readonly Case[] = [
  {
    title: 'create_agent',
    command: creation,
    others: [
      { ...creation, name: 'Eve' },
      { ...creation, symbol: 'EVE' },
      { ...creation, purpose: 'Sleeps.' },
      { ...creation, imageUrl: 'https://example.com/a.png' },
      { ...creation, firstBuy: null },
      { ...creation, firstBuy: { sol: sol('2'), minTokens: tokenUnits(0n) } },
      { ...creation, firstBuy: { sol: sol('1'), minTokens: tokenUnits(1n) } },
    ],
  },
  {
    title: 'buy_for_sol',
    command: buyOne,
    others: [
      { ...base, ...buyFor(two, '1') },
      { ...base, ...buyFor(one, '2') },
      { ...base, ...buyExactly(one, 10n ** 9n) },
    ],
  },
  {
    title: 'sell_tokens',
    command: { ...base, ...sale(one, 10n ** 9n) },
    others: [
      { ...base, ...sale(two, 10n ** 9n) },
      { ...base, ...sale(one, 10n ** 8n) },
      { ...base, kind: 'sell_tokens', agentId: one, tokens: tokenUnits(10n ** 9n), minSol: lamports(1n) },
    ],
  },
  {
    title: 'credit_wallet',
    command: credit,
    others: [
      { ...credit, to: ann },
      { ...credit, sol: sol('2') },
    ],
  },
  {
    title: 'take_faucet',
    command: take,
    // It has no parameters: another order with its id is of another kind.
    others: [{ ...credit, to: ann, sol: sol('10') }],
  },
  {
    title: 'stake',
    command: stake,
    others: [{ ...stake, agentId: two }, { ...stake, tokens: tokens('2') }, unstake],
  },
  {
    title: 'unstake',
    command: unstake,
    others: [{ ...unstake, agentId: two }, { ...unstake, tokens: tokens('2') }, stake],
  },
  { title: 'claim_rewards', command: claim, others: [{ ...claim, agentId: two }] },
  {
    title: 'create_vault',
    command: creatingVault,
    others: [
      { ...creatingVault, name: 'Yours' },
      { ...creatingVault, performanceFeeBps: 101 },
    ],
  },
  {
    title: 'vault_deposit',
    command: deposit,
    others: [
      { ...deposit, vaultId: vault2 },
      { ...deposit, sol: sol('2') },
      { ...deposit, minShares: shares(2n) },
    ],
  },
  {
    title: 'vault_withdraw',
    command: withdrawal,
    others: [
      { ...withdrawal, vaultId: vault2 },
      { ...withdrawal, shares: shares(2n * 10n ** 9n) },
    ],
  },
  {
    title: 'vault_trade',
    command: vaultTrade,
    others: [
      { ...vaultTrade, vaultId: vault2 },
      { ...vaultTrade, terms: buyFor(one, '2') },
      { ...vaultTrade, terms: buyExactly(one, 10n ** 9n) },
      { ...vaultTrade, terms: sale(one, 10n ** 9n) },
      buyOne,
    ],
  },
];

describe.each(CASES)('an order id of $title', ({ command, others }) => {
  it('with the same parameters is answered as before, and changes nothing', () => {
    const core = market();
    const entries = core.accept(command);
    const digest = stateDigest(core.state);
    expect(core.carryOut(command)).toEqual({
      kind: 'repeated',
      order: { request: requestOf(command), firstSeq: entries[0]?.seq, entries: entries.length },
    });
    expect(stateDigest(core.state)).toBe(digest);
  });

  it('with other parameters is a conflict, whichever differs', () => {
    for (const other of others) {
      const core = market();
      core.accept(command);
      const digest = stateDigest(core.state);
      expect(core.refuse(other)).toEqual({ reason: 'order_conflict', clientOrderId: base.clientOrderId });
      expect(stateDigest(core.state)).toBe(digest);
    }
  });

  it('is another order for another wallet', () => {
    const core = market();
    core.accept(command);
    expect(core.carryOut({ ...command, wallet: bob, clientOrderId: base.clientOrderId })).not.toMatchObject({
      kind: 'repeated',
    });
  });
});

describe('an order that was refused', () => {
  it('may come again under its id, with other parameters too', () => {
    const core = market();
    expect(core.refuse({ ...stake, tokens: tokens('1000000000') })).toMatchObject({
      reason: 'insufficient_tokens',
    });
    core.accept(stake);
  });
});
