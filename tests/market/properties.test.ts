import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldViews } from '../../server/feeds/views.ts';
import { carryOut, type Recorded, recordsOf } from '../../server/market/carry-out.ts';
import { stateDigest } from '../../server/market/digest.ts';
import { evolve } from '../../server/market/evolve.ts';
import { creatorFeeAccount, ledgerSums } from '../../server/market/ledger.ts';
import { initialState, type MarketState } from '../../server/market/state.ts';
import { decodeWorld, emptyWorld, encodeWorld, foldWorld } from '../../server/world.ts';
import { product } from '../../shared/curve.ts';
import { walletAddress } from '../../shared/ids.ts';
import { commandFrom, GENES_PER_COMMAND } from '../support/random-commands.ts';

const EPOCH = '0123456789abcdef';
const RUNS = 200;
const COMMANDS_PER_RUN = 5_000;
const SEED = 20_260_101;

/** Raw numbers: a million commands would take too long to build out of arbitraries of their own. */
const genes = (commands: number) =>
  fc.uint32Array({ minLength: commands * GENES_PER_COMMAND, maxLength: commands * GENES_PER_COMMAND });

function runCommands(
  state: MarketState,
  numbers: Uint32Array,
  each: (records: readonly Recorded[], index: number) => void,
): Map<string, number> {
  const outcomes = new Map<string, number>();
  for (let index = 0; index < numbers.length / GENES_PER_COMMAND; index += 1) {
    const result = carryOut(state, commandFrom(numbers, index, state), 1_000 * index);
    const outcome = result.kind === 'rejected' ? result.rejection.reason : result.kind;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    each(result.kind === 'accepted' ? recordsOf(result.entries, result.order) : [], index);
  }
  return outcomes;
}

function products(state: MarketState): Map<string, bigint> {
  const all = new Map<string, bigint>();
  for (const [id, { phase }] of state.agents) if (phase.kind === 'bonding') all.set(id, product(phase.curve));
  return all;
}

function expectSound(state: MarketState): void {
  for (const [asset, sum] of ledgerSums(state.ledger)) expect(sum, `sum of ${asset}`).toBe(0n);
  for (const balances of [state.ledger.sol, ...state.ledger.tokens.values()]) {
    for (const [account, balance] of balances) {
      if (account !== 'mint') expect(balance, account).toBeGreaterThan(0n);
    }
  }
}

describe('a million random commands', () => {
  it(`keep the ledger's sums, the product and every balance (${RUNS} × ${COMMANDS_PER_RUN})`, {
    timeout: 300_000,
  }, () => {
    const seen = new Map<string, number>();
    let commands = 0;
    fc.assert(
      fc.property(genes(COMMANDS_PER_RUN), (numbers) => {
        const state = initialState(EPOCH);
        let before = products(state);
        const outcomes = runCommands(state, numbers, (records, index) => {
          commands += 1;
          if (records.length > 0) {
            const after = products(state);
            for (const [id, was] of before) {
              const now = after.get(id);
              if (now !== undefined && now < was) throw new Error(`product of ${id} fell`);
            }
            before = after;
          }
          if (index % 250 === 0) expectSound(state);
        });
        expectSound(state);
        for (const [outcome, count] of outcomes) seen.set(outcome, (seen.get(outcome) ?? 0) + count);
      }),
      // A run is too long to be made smaller; the seed and the path say which one it was.
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    expect(commands).toBe(RUNS * COMMANDS_PER_RUN);
    // The commands must have met every answer there is, or the property says little.
    const met = [...seen.keys()].sort();
    expect(met).toEqual([
      'accepted',
      'agent_graduated',
      'agent_not_found',
      'amount_too_small',
      'insufficient_sol',
      'insufficient_tokens',
      'order_conflict',
      'repeated',
      'symbol_taken',
      'too_few_tokens',
      'too_little_sol',
      'too_much_sol',
    ]);
  });
});

describe('the log gives the state back', () => {
  it('replay, and snapshot plus tail, have the digest of the original', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(genes(1_500), fc.double({ min: 0, max: 1, noNaN: true }), (numbers, where) => {
        const original = initialState(EPOCH);
        const log: Recorded[] = [];
        runCommands(original, numbers, (records) => log.push(...records));

        const replayed = initialState(EPOCH);
        for (const { entry, order } of log) evolve(replayed, entry, order);
        expect(stateDigest(replayed)).toBe(stateDigest(original));

        const cut = Math.floor(log.length * where);
        const world = emptyWorld(EPOCH);
        for (const record of log.slice(0, cut)) foldWorld(world, record);
        const restored = decodeWorld(encodeWorld(world), EPOCH);
        for (const record of log.slice(cut)) foldWorld(restored, record);
        expect(stateDigest(restored.market)).toBe(stateDigest(original));
        for (const record of log.slice(cut)) foldWorld(world, record);
        expect(restored.views).toEqual(world.views);
      }),
      { numRuns: 20, seed: SEED },
    );
  });

  it('readers are shown what the ledger holds', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(genes(1_500), (numbers) => {
        const world = emptyWorld(EPOCH);
        let protocolFees = 0n;
        const creatorFees = new Map<string, bigint>();
        runCommands(world.market, numbers, (records) => {
          for (const { entry } of records) {
            foldViews(world.views, entry);
            if (entry.type !== 'trade_executed') continue;
            protocolFees += entry.protocolFee;
            const creator = world.views.agents.get(entry.agentId)?.creator ?? '';
            creatorFees.set(creator, (creatorFees.get(creator) ?? 0n) + entry.creatorFee);
          }
        });
        const { ledger } = world.market;
        for (const [address, { sol, holdings }] of world.views.wallets) {
          expect(sol).toBe(ledger.sol.get(address) ?? 0n);
          for (const [id, { tokens }] of holdings) {
            expect(tokens).toBe(ledger.tokens.get(id)?.get(address) ?? 0n);
            expect(world.views.holders.get(id)?.get(address) ?? 0n).toBe(tokens);
          }
        }
        expect(ledger.sol.get('fees:protocol') ?? 0n).toBe(protocolFees);
        for (const [creator, fees] of creatorFees) {
          expect(ledger.sol.get(creatorFeeAccount(walletAddress(creator))) ?? 0n).toBe(fees);
        }
      }),
      { numRuns: 20, seed: SEED },
    );
  });

  it('a different state has a different digest', () => {
    const state = initialState(EPOCH);
    const before = stateDigest(state);
    state.ledger.sol.set('mint', -1n);
    expect(stateDigest(state)).not.toBe(before);
  });
});
