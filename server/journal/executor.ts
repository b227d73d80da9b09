import { createHistogram } from 'node:perf_hooks';
import type { Entry } from '../../shared/events.ts';
import type { Rejection } from '../../shared/rejections.ts';
import { carryOut, recordsOf } from '../market/carry-out.ts';
import type { Command } from '../market/command.ts';
import type { Entries } from '../market/decision.ts';
import type { PlacedOrder } from '../market/orders.ts';
import type { MarketState } from '../market/state.ts';
import { type EventLog, JournalError, type LogRecord } from './log.ts';

/** What became of a command. It is told only when what it rests on is durable. */
export type Outcome =
  | {
      readonly kind: 'accepted';
      /** The entries the command made, in order. */
      readonly entries: Entries;
      /** The order had been accepted before; these are its entries of then. */
      readonly repeated: boolean;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** The executor cannot take or finish the command now. The same clientOrderId may be sent again later. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  constructor(
    message: string,
    /** `unknown`: the command may have been carried out; sending it again with its id tells. */
    readonly outcome: 'not_done' | 'unknown',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface ExecutorOptions {
  readonly log: EventLog;
  /** The fold of the log up to its head. The executor owns it from here on. */
  readonly state: MarketState;
  /** Milliseconds since the epoch; a clock that goes back is held. */
  readonly clock: () => number;
  /** Takes every committed group, in order, before its commands are answered. Must not throw. */
  readonly publish: (entries: readonly Entry[]) => void;
  /** Folds the log anew, for when the state in memory can no longer be trusted. */
  readonly rebuild: () => Promise<MarketState>;
  /** Told of every fault; `fatal` when the executor has given up for good. */
  readonly onFault: (error: unknown, fatal: boolean) => void;
}

/** Commands decided and written together at most. */
export const MAX_GROUP = 256;
/** Groups that are written while the next one is decided. */
const MAX_IN_FLIGHT = 4;
/** Commands that may wait; more are refused at once. */
export const MAX_QUEUE = 65_536;

interface Pending {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Decided {
  readonly pending: Pending;
  readonly result: Outcome | { readonly kind: 'repeated'; readonly order: PlacedOrder };
}

type Phase =
  | { readonly kind: 'running' }
  | { readonly kind: 'recovering' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'closed' };

/**
 * The single writer. It decides commands in groups against the state in memory, appends each group's events to the log
 * as one transaction, and answers and publishes only when that is durable. The next group is decided while the one
 * before is being written. When an append fails nothing of it is answered as done or published: work is refused until
 * the state has been folded anew from the log.
 */
export class Executor {
  /** From a group's decision until it is durable and published, in microseconds; whoever reads it may reset it. */
  readonly commitMicros = createHistogram();
  readonly #options: ExecutorOptions;
  #state: MarketState;
  #phase: Phase = { kind: 'running' };
  #queue: Pending[] = [];
  #scheduled = false;
  /** The append that every earlier group is behind; settles when all of them have. */
  #written: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #published: number;

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#published = options.state.seq;
  }

  get phase(): Phase['kind'] {
    return this.#phase.kind;
  }

  /** What the next decision rests on. */
  get state(): Readonly<MarketState> {
    return this.#state;
  }

  /**
   * Carries out a command.
   * @throws UnavailableError when the executor is recovering, overloaded or closed, or the append failed.
   */
  submit(command: Command): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal();
      if (refusal !== undefined) {
        reject(refusal);
        return;
      }
      this.#queue.push({ command, resolve, reject });
      this.#schedule();
    });
  }

  /** Finishes what was accepted and takes no more. */
  async close(): Promise<void> {
    while (this.#phase.kind === 'running' && (this.#queue.length > 0 || this.#inFlight > 0)) {
      this.#drain();
      await this.#written;
    }
    if (this.#phase.kind !== 'failed') this.#phase = { kind: 'closed' };
    this.#refuseAll(this.#queue.splice(0), new UnavailableError('the market is closed', 'not_done'));
  }

  #refusal(): UnavailableError | undefined {
    switch (this.#phase.kind) {
      case 'running':
        return this.#queue.length < MAX_QUEUE
          ? undefined
          : new UnavailableError('too many commands are waiting', 'not_done');
      case 'recovering':
        return new UnavailableError('the market is recovering', 'not_done');
      case 'failed':
        return new UnavailableError('the market has stopped', 'not_done', { cause: this.#phase.error });
      case 'closed':
        return new UnavailableError('the market is closed', 'not_done');
      default:
        return this.#phase satisfies never;
    }
  }

  /** Waits for the end of this round of I/O, so that commands that arrived together are written together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  #drain(): void {
    while (this.#phase.kind === 'running' && this.#queue.length > 0 && this.#inFlight < MAX_IN_FLIGHT) {
      const group = this.#queue.splice(0, MAX_GROUP);
      const records: LogRecord[] = [];
      const decided: Decided[] = [];
      try {
        for (const pending of group) decided.push(this.#carryOut(pending, records));
      } catch (error) {
        // An invariant broke: the state holds half a group that will never be written.
        this.#refuseAll(
          group,
          new UnavailableError('the command broke an invariant', 'not_done', { cause: error }),
        );
        this.#recover(error);
        return;
      }
      this.#write(decided, records);
    }
  }

  #carryOut(pending: Pending, records: LogRecord[]): Decided {
    const result = carryOut(this.#state, pending.command, this.#options.clock());
    if (result.kind !== 'accepted') return { pending, result };
    const { entries, order } = result;
    records.push(...recordsOf(entries, order));
    return { pending, result: { kind: 'accepted', entries, repeated: false } };
  }

  #write(decided: readonly Decided[], records: readonly LogRecord[]): void {
    this.#inFlight += 1;
    const began = performance.now();
    const before = this.#written;
    // A group without events still answers after the groups before it: a refusal rests on what they wrote.
    const appended =
      records.length === 0 ? before.then(() => this.#mustStand()) : this.#options.log.append(records);
    const settle = async (finish: () => void): Promise<void> => {
      await before;
      this.#inFlight -= 1;
      try {
        finish();
      } catch (error) {
        this.#fail(error);
      }
    };
    this.#written = appended.then(
      () =>
        settle(() => {
          this.#commit(decided, records);
          this.commitMicros.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
        }),
      (error: unknown) =>
        settle(() => {
          const nothingDone =
            records.length === 0 || (error instanceof JournalError && error.outcome === 'not_written');
          const outcome = nothingDone ? 'not_done' : 'unknown';
          const refusal = new UnavailableError('the log could not be written', outcome, { cause: error });
          this.#refuseAll(
            decided.map(({ pending }) => pending),
            refusal,
          );
          this.#recover(error);
        }),
    );
  }

  /** @throws UnavailableError when a group before the one that is being answered was not written. */
  #mustStand(): void {
    if (this.#phase.kind !== 'running') throw new UnavailableError('the market is recovering', 'not_done');
  }

  #commit(decided: readonly Decided[], records: readonly LogRecord[]): void {
    const last = records.at(-1);
    if (last !== undefined) {
      this.#published = last.entry.seq;
      this.#options.publish(records.map(({ entry }) => entry));
    }
    for (const { pending, result } of decided) {
      if (result.kind === 'repeated') this.#answerAgain(pending, result.order);
      else pending.resolve(result);
    }
    this.#drain();
  }

  #answerAgain({ resolve, reject }: Pending, { firstSeq, entries: count }: PlacedOrder): void {
    this.#options.log
      .read({ after: firstSeq - 1, limit: count })
      .then(({ records }) => {
        const [first, ...rest] = records.map(({ entry }) => entry);
        if (first === undefined) throw new Error(`entry ${firstSeq} cannot be read back`);
        resolve({ kind: 'accepted', entries: [first, ...rest], repeated: true });
      })
      .catch((cause: unknown) =>
        reject(new UnavailableError('the answer cannot be read back now', 'unknown', { cause })),
      );
  }

  #refuseAll(pending: readonly Pending[], error: UnavailableError): void {
    for (const { reject } of pending) reject(error);
  }

  #recover(cause: unknown): void {
    if (this.#phase.kind !== 'running') return;
    this.#phase = { kind: 'recovering' };
    this.#options.onFault(cause, false);
    this.#refuseAll(
      this.#queue.splice(0),
      new UnavailableError('the market is recovering', 'not_done', { cause }),
    );
    this.#restore().catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#phase = { kind: 'failed', error };
    this.#refuseAll(
      this.#queue.splice(0),
      new UnavailableError('the market has stopped', 'not_done', { cause: error }),
    );
    this.#options.onFault(error, true);
  }

  async #restore(): Promise<void> {
    // Later groups rest on the one that failed; they must have failed too before the log is read.
    while (this.#inFlight > 0) await this.#written;
    const { log, rebuild, publish } = this.#options;
    const state = await rebuild();
    // An append whose outcome was unknown may have reached the disk after all: then it is a fact like any other.
    while (this.#published < state.seq) {
      const { records } = await log.read({ after: this.#published, through: state.seq, limit: MAX_GROUP });
      const last = records.at(-1);
      if (last === undefined) throw new Error(`entries after ${this.#published} cannot be read back`);
      this.#published = last.entry.seq;
      publish(records.map(({ entry }) => entry));
    }
    this.#state = state;
    if (this.#phase.kind === 'recovering') this.#phase = { kind: 'running' };
  }
}
