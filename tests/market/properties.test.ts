import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldViews } from '../../server/feeds/views.ts';
import type { Recorded } from '../../server/market/carry-out.ts';
import { stateDigest } from '../../server/market/digest.ts';
import { evolve } from '../../server/market/evolve.ts';
import { creatorFeeAccount, ledgerSums, solOf, stakersAccount } from '../../server/market/ledger.ts';
import { initialState, type MarketState } from '../../server/market/state.ts';
import { decodeWorld, emptyWorld, encodeWorld, foldWorld } from '../../server/world.ts';
import { product } from '../../shared/curve.ts';
import { type AgentId, walletAddress } from '../../shared/ids.ts';
import type { RejectionReason } from '../../shared/rejections.ts';
import { EPOCH } from './core.ts';
import { genesOf, runCommands, runNumbers, SEED } from './runs.ts';

const RUNS = 200;
const COMMANDS_PER_RUN = 5_000;

/** What random commands cannot meet; there are tests of their own for these. */
const NEVER_MET: readonly RejectionReason[] = ['supply_limit', 'shares_limit'];

const ANSWERS: Readonly<Record<RejectionReason | 'accepted' | 'repeated', true>> = {
  accepted: true,
  repeated: true,
  agent_not_found: true,
  agent_graduated: true,
  insufficient_sol: true,
  insufficient_tokens: true,
  too_few_tokens: true,
  too_much_sol: true,
  too_little_sol: true,
  amount_too_small: true,
  symbol_taken: true,
  order_conflict: true,
  supply_limit: true,
  tokens_locked: true,
  insufficient_stake: true,
  nothing_to_claim: true,
  vault_not_found: true,
  not_the_manager: true,
  own_token: true,
  too_many_positions: true,
  insufficient_shares: true,
  too_few_shares: true,
  shares_limit: true,
  season_running: true,
  season_over: true,
  faucet_empty: true,
};

/** Sees to it that the product of no curve ever falls. */
class Products {
  readonly #last = new Map<AgentId, bigint>();

  follow(state: MarketState, records: readonly Recorded[]): void {
    for (const { entry } of records) {
      if (entry.type !== 'trade_executed') continue;
      const { agentId } = entry;
      const now = product(entry);
      if (now < (this.#last.get(agentId) ?? 0n)) throw new Error(`product of ${agentId} fell`);
      this.#last.set(agentId, now);
      const phase = state.agents.get(agentId)?.phase;
      if (phase?.kind === 'bonding' && product(phase.curve) !== now) throw new Error(`curve of ${agentId}`);
    }
  }
}

function expectSound(state: MarketState): void {
  for (const [asset, sum] of ledgerSums(state.ledger)) expect(sum, `sum of ${asset}`).toBe(0n);
  for (const balances of [state.ledger.sol, ...state.ledger.tokens.values()]) {
    for (const [account, balance] of balances) {
      if (account !== 'mint' && balance <= 0n) throw new Error(`${account} has ${balance}`);
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
      fc.property(runNumbers(), (run) => {
        const state = initialState(EPOCH);
        const products = new Products();
        const outcomes = runCommands(state, genesOf(run, COMMANDS_PER_RUN), {
          after: (records, { index }) => {
            commands += 1;
            products.follow(state, records);
            if (index % 250 === 0) expectSound(state);
          },
        });
        expectSound(state);
        for (const [outcome, count] of outcomes) seen.set(outcome, (seen.get(outcome) ?? 0) + count);
      }),
      // A run is too long to be made smaller; the seed and the path say which one it was.
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    expect(commands).toBe(RUNS * COMMANDS_PER_RUN);
    // The commands must have met every answer there is, or the property says little.
    const missing = Object.keys(ANSWERS).filter((answer) => !seen.has(answer));
    expect(missing.sort()).toEqual([...NEVER_MET].sort());
  });
});

describe('the log gives the state back', () => {
  it('replay, and snapshot plus tail, have the digest of the original', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(runNumbers(), fc.double({ min: 0, max: 1, noNaN: true }), (run, where) => {
        const original = initialState(EPOCH);
        const log: Recorded[] = [];
        runCommands(original, genesOf(run, 1_500), { after: (records) => log.push(...records) });

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
      fc.property(runNumbers(), (run) => {
        const world = emptyWorld(EPOCH);
        let protocolFees = 0n;
        const creatorFees = new Map<string, bigint>();
        const after = (records: readonly Recorded[]): void => {
          for (const { entry } of records) {
            foldViews(world.views, entry);
            if (entry.type === 'season_ended') {
              for (const { prize } of entry.medals) protocolFees -= prize;
            }
            if (entry.type !== 'trade_executed') continue;
            protocolFees += entry.protocolFee;
            const creator = world.views.agents.get(entry.agentId)?.creator ?? '';
            creatorFees.set(creator, (creatorFees.get(creator) ?? 0n) + entry.creatorFee);
          }
        };
        runCommands(world.market, genesOf(run, 1_500), { after });
        const { ledger, pools } = world.market;
        for (const [address, { sol, holdings }] of world.views.wallets) {
          expect(sol).toBe(ledger.sol.get(address) ?? 0n);
          for (const [id, { tokens, staked }] of holdings) {
            expect(staked).toBe(pools.get(id)?.stakes.get(address)?.staked ?? 0n);
            expect(tokens - staked).toBe(ledger.tokens.get(id)?.get(address) ?? 0n);
            expect(world.views.holders.get(id)?.get(address) ?? 0n).toBe(tokens);
          }
        }
        for (const [id, { rewards, claimed }] of world.views.pools) {
          protocolFees -= rewards;
          expect(solOf(ledger, stakersAccount(id))).toBe(rewards - claimed);
        }
        expect(ledger.sol.get('fees:protocol') ?? 0n).toBe(protocolFees);
        for (const [creator, fees] of creatorFees) {
          expect(ledger.sol.get(creatorFeeAccount(walletAddress(creator))) ?? 0n).toBe(fees);
        }
      }),
      { numRuns: 20, seed: SEED },
    );
  });

  it('readers see the core itself: season, stakes and vaults are folded alike', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(runNumbers(), (run) => {
        const world = emptyWorld(EPOCH);
        const after = (records: readonly Recorded[]): void => {
          for (const { entry } of records) foldViews(world.views, entry);
        };
        runCommands(world.market, genesOf(run, 1_500), { after });
        const { market, views } = world;
        expect(views.season).toEqual(market.season);
        expect(views.pools).toEqual(market.pools);
        expect(views.vaults).toEqual(market.vaults);
        expect(views.kings[0]?.agentId ?? null).toBe(market.hill.king?.agentId ?? null);
      }),
      { numRuns: 10, seed: SEED },
    );
  });
});
