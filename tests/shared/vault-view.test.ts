import { describe, expect, it } from 'vitest';
import type { MessageOf } from '../../shared/channels.ts';
import { walletSol } from '../../shared/curve.ts';
import { type VaultDetail, vaultDetailSchema } from '../../shared/platform-schemas.ts';
import { sol, tokens } from '../../shared/units.ts';
import { reduceVault, VAULT_HISTORY_LENGTH, type VaultView } from '../../shared/views/vault.ts';
import { vaultCreated, vaultDeposited, vaultWithdrawn, walletCredited } from '../support/entries.ts';
import { AgentStory, alice, bob, frozen } from './fixtures.ts';

type Message = MessageOf<'vault'>;

const { vaultId, address, name, performanceFeeBps } = vaultCreated(1);
const vault: VaultDetail = vaultDetailSchema.parse({
  vaultId,
  address,
  manager: bob,
  name,
  performanceFeeBps,
  createdAt: 0,
  sol: sol('5'),
  shares: 1_000n,
  highWaterMark: 1n,
  positions: [],
});
const start: Message = { type: 'snapshot', reason: 'start', vault, history: [] };

const fold = (messages: readonly Message[]): VaultView | null =>
  messages.reduce<VaultView | null>((view, message) => reduceVault(frozen(view), frozen(message)), null);

describe('the view of a vault', () => {
  const story = new AgentStory();
  const bought = story.buy(address, tokens('400'));
  const deposit = vaultDeposited(5, {
    wallet: alice,
    manager: bob,
    sol: sol('2'),
    totalShares: 1_700n,
    highWaterMark: 9n,
  });

  it('is nothing before the first snapshot, and then what that says', () => {
    expect(reduceVault(null, deposit)).toBeNull();
    expect(fold([start])).toEqual({ vault, history: [] });
    expect(fold([start, deposit, start])).toEqual({ vault, history: [] });
  });

  it('takes a deposit: SOL, shares, the new mark, and its place in the history', () => {
    expect(fold([start, deposit])).toEqual({
      vault: { ...vault, sol: sol('7'), shares: 1_700n, highWaterMark: 9n },
      history: [deposit],
    });
  });

  it('trades: SOL and position move, shares and mark do not', () => {
    const view = fold([start, bought]);
    expect(view?.vault).toEqual({
      ...vault,
      sol: vault.sol - walletSol(bought),
      positions: [
        { agentId: story.id, tokens: tokens('400'), staked: 0n, cost: walletSol(bought), realised: 0n },
      ],
    });
    expect(view?.history).toEqual([bought]);
  });

  it('pays out in kind', () => {
    const out = vaultWithdrawn(6, {
      wallet: alice,
      sol: sol('1'),
      totalShares: 500n,
      highWaterMark: 11n,
      tokens: [{ agentId: story.id, tokens: tokens('400'), value: sol('0.1') }],
    });
    const before = fold([start, bought]);
    const view = reduceVault(frozen(before), out);
    expect(view?.vault).toMatchObject({
      sol: (before?.vault.sol ?? 0n) - sol('1'),
      shares: 500n,
      highWaterMark: 11n,
      positions: [{ tokens: 0n, cost: 0n, realised: sol('0.1') - walletSol(bought) }],
    });
    expect(view?.history).toEqual([out, bought]);
  });

  it('is given SOL', () => {
    const gift = walletCredited(7, { wallet: address, sol: sol('3') });
    expect(fold([start, gift])).toEqual({ vault: { ...vault, sol: sol('8') }, history: [gift] });
  });

  it('keeps the newest of its history', () => {
    const gifts = Array.from({ length: VAULT_HISTORY_LENGTH + 2 }, (_, index) =>
      walletCredited(index + 1, { wallet: address, sol: 1n }),
    );
    const view = fold([start, ...gifts]);
    expect(view?.history).toEqual(gifts.toReversed().slice(0, VAULT_HISTORY_LENGTH));
  });
});
