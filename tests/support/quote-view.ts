import type { QuoteLog } from './quote-log.ts';
import type { Answer } from './wire-answers.ts';

export type QuoteItem = Extract<Answer, { kind: 'item' }>;

export interface QuoteViewOptions {
  readonly channel: 'every' | 'latest';
  /** The only key that the subscription is for. */
  readonly key?: string | undefined;
  /** What the client knows before; `undefined`: nothing, so a snapshot has to come first. */
  readonly after?: number | undefined;
}

/** Folds the items of one subscription as a client does, and suffers none that may not come. */
export class QuoteView {
  readonly newest = new Map<string, number>();
  /** The last one that has come. */
  through: number | undefined;
  readonly snapshots: ('start' | 'gap')[] = [];
  quotes = 0;
  readonly #channel: 'every' | 'latest';
  readonly #key: string | undefined;

  constructor(
    readonly log: QuoteLog,
    { channel, key, after }: QuoteViewOptions,
  ) {
    this.#channel = channel;
    this.#key = key;
    this.through = after;
    if (after !== undefined) for (const [each, n] of this.expected(after)) this.newest.set(each, n);
  }

  /** The view of the channel's messages up to `through`, or of the part that the subscription is for. */
  expected(through: number): ReadonlyMap<string, number> {
    const newest = this.log.newest(through);
    return this.#key === undefined ? newest : new Map([...newest].filter(([key]) => key === this.#key));
  }

  /** @throws when the item is out of order, doubled, or comes after one that is missing */
  take({ seq, message }: QuoteItem): void {
    if (message.type === 'snapshot') {
      if (this.through !== undefined && seq < this.through) throw this.#wrong('a snapshot of the past', seq);
      this.newest.clear();
      for (const [key, n] of Object.entries(message.newest)) this.newest.set(key, n);
      this.snapshots.push(message.reason);
    } else {
      if (this.through === undefined) throw this.#wrong('no snapshot before', seq);
      if (message.n !== seq) throw this.#wrong(`a quote of ${message.n}`, seq);
      if (seq <= this.through) throw this.#wrong('doubled or out of order', seq);
      const [next] = this.#numbers(this.through, seq);
      if (this.#channel === 'every' && next !== seq) throw this.#wrong(`${next} is missing`, seq);
      this.newest.set(message.key, seq);
      this.quotes += 1;
    }
    this.through = seq;
  }

  /** Whether everything that had been published up to `head` has come, or something newer in its place. */
  covers(head: number): boolean {
    if (this.through === undefined) return false;
    if (this.#channel === 'every') return this.#numbers(this.through, head).length === 0;
    return [...this.expected(head)].every(([key, n]) => (this.newest.get(key) ?? 0) >= n);
  }

  #numbers(after: number, through: number): number[] {
    const numbers = this.log.numbers(after, through);
    return this.#key === undefined ? numbers : numbers.filter((seq) => this.log.keyOf(seq) === this.#key);
  }

  #wrong(what: string, seq: number): Error {
    return new Error(`item ${seq} after ${this.through}: ${what}`);
  }
}

/** @returns what subscription `id` has come to know by these answers */
export function viewOf(
  answers: readonly Answer[],
  id: number,
  log: QuoteLog,
  options: QuoteViewOptions,
): QuoteView {
  const view = new QuoteView(log, options);
  for (const answer of answers) if (answer.kind === 'item' && answer.id === id) view.take(answer);
  return view;
}
