import fc from 'fast-check';
import { carryOut, type Recorded, recordsOf } from '../../server/market/carry-out.ts';
import type { Command } from '../../server/market/command.ts';
import { initialState, type MarketState } from '../../server/market/state.ts';
import type { Entry } from '../../shared/events.ts';
import { commandFrom, GENES_PER_COMMAND } from '../support/random-commands.ts';
import { EPOCH } from './core.ts';

export const SEED = 20_260_101;

/**
 * What makes the commands of a run: numbers out of one, by splitmix32. A million commands would take too long to build
 * out of arbitraries of their own, and one that fails is told by that number.
 */
export function genesOf(run: number, commands: number): Uint32Array {
  let state = run;
  return Uint32Array.from({ length: commands * GENES_PER_COMMAND }, () => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return mixed ^ (mixed >>> 15);
  });
}

/** Numbers that runs are made from. */
export const runNumbers = () => fc.integer({ min: 0, max: 0xffff_ffff });

/** Twenty minutes before a UTC day ends, so that a run meets the next one. */
const START = Date.UTC(1970, 0, 1, 23, 40);

/** Three at a time, three seconds apart, so that a minute is met exactly. */
export const timeOf = (index: number): number => START + 1_000 * (index - (index % 3));

export interface Step {
  readonly index: number;
  readonly command: Command;
  readonly now: number;
}

export interface Observer {
  /** Sees the state that a command meets. */
  readonly before?: (step: Step) => void;
  /** Sees what it came to; nothing when it was refused. */
  readonly after: (records: readonly Recorded[], step: Step) => void;
}

/** Carries out a run of random commands; tells how often each answer was met. */
export function runCommands(
  state: MarketState,
  numbers: Uint32Array,
  observer: Observer,
): Map<string, number> {
  const outcomes = new Map<string, number>();
  for (let index = 0; index < numbers.length / GENES_PER_COMMAND; index += 1) {
    const now = timeOf(index);
    const command = commandFrom(numbers, index, state);
    const step = { index, command, now };
    observer.before?.(step);
    const result = carryOut(state, command, now);
    const outcome = result.kind === 'rejected' ? result.rejection.reason : result.kind;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    observer.after(result.kind === 'accepted' ? recordsOf(result.entries, result.order) : [], step);
  }
  return outcomes;
}

/** Follows one run on its market. */
export interface Follower {
  before?(step: Step): void;
  /** Sees the entries of a command, none when it was refused. */
  after(entries: readonly Entry[], step: Step): void;
  end?(): void;
}

export interface Runs {
  readonly runs: number;
  readonly commands: number;
}

/** Runs of random commands, each on a market of its own. */
export function checkRuns({ runs, commands }: Runs, follow: (state: MarketState) => Follower): void {
  fc.assert(
    fc.property(runNumbers(), (run) => {
      const state = initialState(EPOCH);
      const follower = follow(state);
      runCommands(state, genesOf(run, commands), {
        before: (step) => follower.before?.(step),
        after: (records, step) => {
          const entries = records.map(({ entry }) => entry);
          follower.after(entries, step);
        },
      });
      follower.end?.();
    }),
    // A run is too long to be made smaller; the seed and the path say which one it was.
    { numRuns: runs, seed: SEED, endOnFailure: true },
  );
}
