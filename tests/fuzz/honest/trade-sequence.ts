import { parsePosition } from '../../../server/realtime/position.ts';
import { within } from '../within.ts';

const PATIENCE_MS = 30_000;
const MOST_PROBLEMS = 5;

/** The trades that one subscriber has been given, as they came. */
export class TradeSequence {
  readonly problems: string[] = [];
  readonly #seqs: number[] = [];
  /** The log's position of the snapshot with which it began. */
  #began: number | undefined;
  #waiting: { readonly seq: number; readonly resolve: () => void }[] = [];

  constructor(readonly name: string) {}

  get began(): number | undefined {
    return this.#began;
  }

  get seqs(): readonly number[] {
    return this.#seqs;
  }

  /** Everything up to the position is in the snapshot; a second one would mean that trades were left out. */
  snapshot(position: string): void {
    const seq = this.#seqOf(position);
    if (this.#began !== undefined) this.problem(`a snapshot at ${seq} in place of trades`);
    else this.#began = seq;
    this.#check();
  }

  trade(position: string): void {
    const seq = this.#seqOf(position);
    const last = this.#seqs.at(-1) ?? this.#began;
    if (last === undefined) this.problem(`trade ${seq} before a snapshot`);
    else if (seq <= last) this.problem(`trade ${seq} after ${last}: doubled, or out of order`);
    this.#seqs.push(seq);
    this.#check();
  }

  problem(text: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(`${this.name}: ${text}`);
  }

  /** Waits until it has been given as far as that. @returns whether it was in time */
  async reached(seq: number): Promise<boolean> {
    const reached = new Promise<void>((resolve) => {
      this.#waiting.push({ seq, resolve });
      this.#check();
    });
    return (await within(PATIENCE_MS, reached)) !== 'late';
  }

  /** Compares with the log. @param logged all trades in it behind where this one began */
  compare(logged: readonly number[]): void {
    const given = new Set(this.#seqs);
    const due = new Set(logged);
    const lost = logged.filter((seq) => !given.has(seq));
    const invented = this.#seqs.filter((seq) => !due.has(seq));
    if (lost.length > 0) this.problem(`${lost.length} trades lost, the first one ${lost[0]}`);
    if (invented.length > 0)
      this.problem(`${invented.length} trades that are not in the log: ${invented[0]}`);
    if (given.size < this.#seqs.length) this.problem(`${this.#seqs.length - given.size} trades doubled`);
  }

  #seqOf(position: string): number {
    const parsed = parsePosition(position);
    if (parsed === undefined) this.problem(`no position: ${position.slice(0, 80)}`);
    return parsed?.seq ?? 0;
  }

  #check(): void {
    const last = this.#seqs.at(-1) ?? this.#began;
    if (last === undefined) return;
    const met = this.#waiting.filter(({ seq }) => seq <= last);
    this.#waiting = this.#waiting.filter(({ seq }) => seq > last);
    for (const { resolve } of met) resolve();
  }
}
