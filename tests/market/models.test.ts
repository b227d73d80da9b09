import { describe, expect, it } from 'vitest';
import { carryOut } from '../../server/market/carry-out.ts';
import type { VaultDeposit } from '../../server/market/command.ts';
import { decide } from '../../server/market/decide.ts';
import { solOf, stakersAccount } from '../../server/market/ledger.ts';
import { findOrder } from '../../server/market/orders.ts';
import type { MarketState } from '../../server/market/state.ts';
import type { Vault } from '../../server/market/vaults.ts';
import type { Entry, SeasonEnded, TradeExecuted, VaultDeposited } from '../../shared/events.ts';
import { type AgentId, clientOrderId } from '../../shared/ids.ts';
import {
  agentIds,
  checkHeld,
  checkPool,
  checkVault,
  type Fraction,
  NaiveFaucet,
  NaiveHill,
  naiveScores,
  naiveShareValue,
  naiveValue,
  naiveWorth,
  roundingOf,
  same,
  scoresOf,
} from './models.ts';
import { checkRuns, type Step } from './runs.ts';

describe('random commands and models that compute everything from scratch', () => {
  it('agree on who is king after every command, and on the hill below', { timeout: 120_000 }, () => {
    let changes = 0;
    checkRuns({ runs: 25, commands: 5_000 }, (state) => {
      const hill = new NaiveHill();
      return {
        after: (entries) => {
          if (entries.length > 0) hill.follow(state, entries);
          if (entries.some(({ type }) => type === 'king_changed')) changes += 1;
        },
      };
    });
    expect(changes).toBeGreaterThan(300);
  });

  it('agree on the standings at any time, and on the medals and prizes', { timeout: 120_000 }, () => {
    let prizes = 0n;
    checkRuns({ runs: 25, commands: 5_000 }, (state) => {
      let trades: TradeExecuted[] = [];
      return {
        after: (entries, { index }) => {
          for (const entry of entries) {
            if (entry.type === 'season_ended') prizes += checkMedals(state, trades, entry);
            if (entry.type === 'season_started') trades = [];
            if (entry.type === 'trade_executed') trades.push(entry);
          }
          if (index % 200 === 0 && state.season !== null)
            expect(scoresOf(state)).toEqual(naiveScores(trades));
        },
      };
    });
    expect(prizes).toBeGreaterThan(0n);
  });

  it('agree that what stakers earn is neither lost nor made', { timeout: 120_000 }, () => {
    let paid = 0n;
    checkRuns({ runs: 25, commands: 5_000 }, (state) => {
      const accrued = new Map<AgentId, bigint>();
      return {
        after: (entries) => {
          for (const entry of entries) accrue(accrued, state, entry);
        },
        end: () => {
          for (const id of agentIds(state)) checkPool(state, id);
          paid += claimAll(state, accrued);
        },
      };
    });
    expect(paid).toBeGreaterThan(0n);
  });

  it('agree on who may take from the faucet', { timeout: 120_000 }, () => {
    let taken = 0;
    let refused = 0;
    const days = new Set<number>();
    checkRuns({ runs: 25, commands: 5_000 }, (state) => {
      const faucet = new NaiveFaucet();
      let answer: 'empty' | 'full' | 'another' = 'another';
      return {
        before: ({ command, now }) => {
          const fresh = command.kind === 'take_faucet' && findOrder(state.orders, command) === undefined;
          answer = !fresh ? 'another' : faucet.isEmpty(command.wallet, now) ? 'empty' : 'full';
        },
        after: (entries) => {
          faucet.follow(state, entries);
          if (answer !== 'another') same(entries.length, answer === 'full' ? 1 : 0, 'entries of a take');
          if (answer === 'full') taken += 1;
          if (answer === 'empty') refused += 1;
        },
        end: () => days.add(state.faucet.day),
      };
    });
    expect(taken).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
    // Every run has begun on day 0.
    expect([...days]).toEqual([1]);
  });

  it('agree on what vaults have, and that others take nothing from a share', { timeout: 120_000 }, () => {
    let moves = 0;
    checkRuns({ runs: 25, commands: 5_000 }, (state) => {
      let met: Met | undefined;
      return {
        before: ({ command }) => {
          met = 'vaultId' in command ? meet(state, state.vaults.byId.get(command.vaultId)) : undefined;
        },
        after: (entries, step) => {
          for (const entry of entries) {
            if (entry.type !== 'vault_deposited' && entry.type !== 'vault_withdrawn') continue;
            moves += 1;
            checkShareValue(state, met, entry.netAssetValue);
            if (entry.type === 'vault_deposited') checkWayBack(state, entry, step);
          }
          if (entries.length === 0) return;
          for (const vault of vaultsOf(state)) checkVault(state, vault);
          checkHeld(state);
        },
      };
    });
    expect(moves).toBeGreaterThan(1_000);
  });
});

/** Compares how a season ended; tells what it paid. */
function checkMedals(state: MarketState, trades: readonly TradeExecuted[], ended: SeasonEnded): bigint {
  const fees = trades.reduce((sum, { protocolFee }) => sum + protocolFee, 0n);
  const winners = naiveScores(trades)
    .filter(({ score }) => score > 0n)
    .slice(0, 3);
  expect(ended.protocolFees).toBe(fees);
  expect(ended.medals).toEqual(
    winners.map((winner, place) => ({
      ...winner,
      medal: ['gold', 'silver', 'bronze'][place],
      creator: state.agents.get(winner.agentId)?.creator,
      prize: (fees * ([50n, 30n, 20n][place] ?? 0n)) / 1_000n,
    })),
  );
  const paid = ended.medals.reduce((sum, { prize }) => sum + prize, 0n);
  if (10n * paid > fees) throw new Error(`season ${ended.season} has paid ${paid} of ${fees}`);
  return paid;
}

/** Counts what stakers get, by the words of the rule, and compares the pool that an entry has changed. */
function accrue(accrued: Map<AgentId, bigint>, state: MarketState, entry: Entry): void {
  switch (entry.type) {
    case 'trade_executed':
      if ((state.pools.get(entry.agentId)?.pool.staked ?? 0n) > 0n) {
        accrued.set(entry.agentId, (accrued.get(entry.agentId) ?? 0n) + entry.protocolFee / 5n);
      }
      checkPool(state, entry.agentId);
      break;
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
      checkPool(state, entry.agentId);
      break;
    default:
  }
}

/** Everybody claims everything. What was paid and what is left is what came in, and nobody is owed a lamport of it. */
function claimAll(state: MarketState, accrued: ReadonlyMap<AgentId, bigint>): bigint {
  let paid = 0n;
  for (const id of agentIds(state)) {
    const found = state.pools.get(id);
    if (found === undefined) continue;
    for (const wallet of [...found.stakes.keys()]) {
      const order = { wallet, clientOrderId: clientOrderId(`all-${id}`) };
      const result = carryOut(state, { ...order, kind: 'claim_rewards', agentId: id }, state.at);
      if (result.kind === 'rejected') same(result.rejection.reason, 'nothing_to_claim', 'claim');
    }
    const left = solOf(state.ledger, stakersAccount(id));
    same(found.claimed + left, accrued.get(id) ?? 0n, `rewards of ${id}`);
    for (const { owed } of found.stakes.values()) {
      if (owed >= 10n ** 18n) throw new Error(`${owed} is still owed in ${id}`);
    }
    checkPool(state, id);
    paid += found.claimed;
  }
  return paid;
}

/** What a command met. */
interface Met {
  readonly vault: Vault;
  readonly totalShares: bigint;
  readonly value: bigint;
  readonly share: Fraction;
  readonly rounding: bigint;
}

function meet(state: MarketState, vault: Vault | undefined): Met | undefined {
  if (vault === undefined) return undefined;
  return {
    vault,
    totalShares: vault.totalShares,
    value: naiveValue(state, vault),
    share: naiveShareValue(state, vault),
    rounding: roundingOf(state, vault),
  };
}

/**
 * What a share is worth after its fee does not fall when somebody deposits; when somebody withdraws, no more than
 * what selling fewer tokens rounds off, which all shares that stay bear together.
 */
function checkShareValue(state: MarketState, met: Met | undefined, value: bigint): void {
  if (met === undefined) throw new Error('no vault was met');
  const { vault, totalShares, share: before, rounding } = met;
  same(value, met.value, 'net asset value');
  if (totalShares === 0n || vault.totalShares === 0n) return;
  const after = naiveShareValue(state, vault);
  const shares = vault.totalShares + 1_000n;
  const fell = before.over * after.under - after.over * before.under;
  if (fell * shares > rounding * before.under * after.under) {
    throw new Error(`a share of vault ${vault.vaultId} has lost ${fell}`);
  }
}

/** Whoever would withdraw at once would get no more than was paid in, at the prices that the vault goes by. */
function checkWayBack(state: MarketState, deposited: VaultDeposited, { command, now }: Step): void {
  const { vaultId, wallet, shares, sol } = deposited;
  if (command.kind !== 'vault_deposit') throw new Error(`a ${command.kind} has deposited`);
  const order: Pick<VaultDeposit, 'wallet' | 'clientOrderId'> = {
    wallet,
    clientOrderId: clientOrderId('back'),
  };
  const decision = decide(state, { ...order, kind: 'vault_withdraw', vaultId, shares }, now);
  if (decision.kind === 'rejected') {
    same(decision.rejection.reason, 'amount_too_small', 'way back');
    return;
  }
  const [withdrawn] = decision.kind === 'accepted' ? decision.entries : [];
  if (withdrawn?.type !== 'vault_withdrawn') throw new Error('no way back');
  const positions = state.vaults.byId.get(vaultId)?.positions;
  let worth = withdrawn.sol * 10n ** 18n;
  for (const { agentId, tokens } of withdrawn.tokens) {
    const all = positions?.get(agentId) ?? 0n;
    worth += (naiveWorth(state, agentId, all) * tokens * 10n ** 18n) / all;
  }
  if (worth > sol * 10n ** 18n) throw new Error(`${sol} lamports have come back as ${worth} / 10^18`);
}

const vaultsOf = ({ vaults }: MarketState): Iterable<Vault> => vaults.byId.values();
