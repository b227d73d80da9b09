import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateDigest } from '../../server/market/digest.ts';
import { foldTake, refilledAt } from '../../server/market/faucet.ts';
import { solMinted } from '../../server/market/ledger.ts';
import type { Rejection } from '../../shared/rejections.ts';
import { AMOUNT_LIMIT, lamports, sol } from '../../shared/units.ts';
import { wallet } from '../support/wallets.ts';
import { ann, bob, Core, cyd } from './core.ts';
import { NaiveFaucet } from './models.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Where the core's clock starts. */
const FIRST = Date.UTC(2026, 0, 1);
const SECOND = Date.UTC(2026, 0, 2);
const THIRD = Date.UTC(2026, 0, 3);

const emptyUntil = (nextAt: number): Rejection => ({ reason: 'faucet_empty', nextAt });

describe('the faucet', () => {
  it('gives ten SOL out of nothing, and says that it was the faucet', () => {
    const core = new Core();
    expect(core.accept(core.taking(ann))).toStrictEqual([
      { type: 'wallet_credited', seq: 1, at: FIRST, wallet: ann, sol: sol('10'), source: 'faucet' },
    ]);
    expect(core.sol(ann)).toBe(sol('10'));
    expect(solMinted(core.state.ledger)).toBe(sol('10'));
  });

  it('gives to a wallet once on a day, and to every wallet', () => {
    const core = new Core();
    core.now += 5 * HOUR;
    core.accept(core.taking(ann));
    const digest = stateDigest(core.state);
    core.now += HOUR;
    expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(SECOND));
    expect(stateDigest(core.state)).toBe(digest);
    core.accept(core.taking(bob));
    for (const who of [ann, bob]) expect(core.refuse(core.taking(who))).toStrictEqual(emptyUntil(SECOND));
    expect([core.sol(ann), core.sol(bob)]).toEqual([sol('10'), sol('10')]);
  });

  it('gives again when the next day begins in UTC, not a millisecond before', () => {
    const core = new Core();
    core.now = SECOND - 1;
    core.accept(core.taking(ann));
    expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(SECOND));
    core.now = SECOND;
    core.accept(core.taking(ann));
    core.now = THIRD - 1;
    expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(THIRD));
    expect(core.sol(ann)).toBe(sol('20'));
  });

  it('remembers nobody of an earlier day, once somebody has taken on a later one', () => {
    const core = new Core();
    for (const who of [ann, bob]) core.accept(core.taking(who));
    core.now = THIRD;
    core.accept(core.taking(cyd));
    expect([...core.state.faucet.taken]).toEqual([cyd]);
    core.accept(core.taking(ann));
  });

  it('has nothing to do with what operators credit', () => {
    const core = new Core();
    core.fund(ann, '10');
    expect(core.last('wallet_credited').source).toBe('operator');
    core.accept(core.taking(ann));
    core.fund(ann, '10');
    expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(SECOND));
    // An operator who has credited others has not taken either.
    core.accept(core.taking(wallet('operator')));
    expect(core.sol(ann)).toBe(sol('30'));
  });

  it('does not repeat an order of the day before, nor give for it again', () => {
    const core = new Core();
    const command = core.taking(ann);
    core.accept(command);
    core.now = SECOND;
    expect(core.carryOut(command)).toMatchObject({ kind: 'repeated', order: { firstSeq: 1, entries: 1 } });
    expect(core.sol(ann)).toBe(sol('10'));
    core.accept(core.taking(ann));
  });

  it('stops where the SOL of the market would not be an amount any more', () => {
    const core = new Core();
    const most = AMOUNT_LIMIT - 1n - sol('10');
    const order = core.order(wallet('operator'));
    core.accept({ ...order, kind: 'credit_wallet', to: bob, sol: lamports(most) });
    core.accept(core.taking(ann));
    const available = lamports(0n);
    expect(core.refuse(core.taking(cyd))).toStrictEqual({ reason: 'supply_limit', available });
    // Who has taken is told when to come again all the same, and who was refused has not taken.
    expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(SECOND));
    expect([...core.state.faucet.taken]).toEqual([ann]);
  });
});

describe('a clock that goes back', () => {
  it('gives nobody more on the day that the log has come to', () => {
    const core = new Core();
    core.now = SECOND;
    core.accept(core.taking(ann));
    core.now = FIRST;
    expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(THIRD));
    core.now = SECOND - 1;
    expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(THIRD));
  });

  it('counts as the time of the newest entry, whatever that is about', () => {
    const core = new Core();
    core.accept(core.taking(ann));
    core.now = SECOND;
    core.fund(bob);
    core.now = FIRST;
    // It is the second day by the log, on which Ann has not taken yet.
    expect(core.accept(core.taking(ann))).toMatchObject([{ at: SECOND }]);
    for (const now of [FIRST, SECOND, THIRD - 1]) {
      core.now = now;
      expect(core.refuse(core.taking(ann))).toStrictEqual(emptyUntil(THIRD));
    }
  });

  it('opens nothing even where the log itself would go back', () => {
    const faucet = { day: SECOND / DAY, taken: new Set([ann]) };
    expect(refilledAt(faucet, ann, FIRST)).toBe(THIRD);
    expect(refilledAt(faucet, bob, FIRST)).toBeNull();
    expect(refilledAt(faucet, ann, THIRD)).toBeNull();
    foldTake(faucet, { wallet: bob, at: FIRST });
    for (const who of [ann, bob]) expect(refilledAt(faucet, who, SECOND)).toBe(THIRD);
  });
});

it('gives what a calendar with every take in it would give, however the clock jumps', () => {
  const steps = fc.array(
    fc.record({
      who: fc.constantFrom(ann, bob, cyd),
      /** Mostly forward, to midnight exactly now and then. */
      jump: fc.oneof(
        fc.integer({ min: 0, max: 8 * HOUR }),
        fc.constant('midnight' as const),
        fc.integer({ min: -3 * DAY, max: 0 }),
      ),
      take: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const met = new Set<string>();
  fc.assert(
    fc.property(steps, (commands) => {
      const core = new Core();
      const calendar = new NaiveFaucet();
      for (const { who, jump, take } of commands) {
        core.now = jump === 'midnight' ? (Math.floor(core.now / DAY) + 1) * DAY : core.now + jump;
        const at = Math.max(core.now, core.state.at);
        if (!take) {
          core.fund(who, '1');
          continue;
        }
        const result = core.carryOut(core.taking(who));
        met.add(result.kind);
        const tomorrow = new Date(at).setUTCHours(24, 0, 0, 0);
        if (calendar.isEmpty(who, at)) {
          expect(result).toEqual({ kind: 'rejected', rejection: emptyUntil(tomorrow) });
        } else {
          expect(result).toMatchObject({ kind: 'accepted', entries: [{ at, wallet: who }] });
        }
        calendar.follow(core.state, result.kind === 'accepted' ? result.entries : []);
      }
    }),
    { numRuns: 500, seed: 20_260_102 },
  );
  expect([...met].sort()).toEqual(['accepted', 'rejected']);
});
