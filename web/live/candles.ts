import type { Item, MessageOf } from '../../shared/channels.ts';
import { consumeEvery } from '../../shared/consume.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import type { Candle, CandleSeries } from '../../shared/view-schemas.ts';
import { allCandles, applyToCandles } from '../../shared/views/candles.ts';
import { TAPE_LENGTH } from '../../shared/views/newest.ts';
import type { Frames, Publisher } from './frames.ts';
import { Listeners } from './listeners.ts';

/** What the `candles` query gives. */
interface Answer {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  /** The entry up to which they go. */
  readonly seq: number;
}

/** More trades than can come while an answer is on its way. */
const RECENT_LENGTH = 1_000;

/**
 * An agent's candles: an answer of the `candles` query, carried forward by every trade since.
 *
 * The answer says up to which entry it goes; of the trades that came meanwhile, those after it are folded in.
 */
export class LiveCandles implements Publisher {
  readonly #listeners = new Listeners();
  /** Oldest first. */
  #recent: TradeExecuted[] = [];
  #answer: Answer | null = null;
  /** Nobody else has it: it is folded in place. */
  #series: CandleSeries | null = null;
  #published: readonly Candle[] | null = null;

  constructor(
    private readonly interval: CandleSeries['interval'],
    private readonly frames: Frames,
    /** Trades were missed: the candles have to be asked for anew. */
    private readonly onGap: () => void,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);
  /** `null` until there is an answer. A candle that no later trade can change is the same object each time. */
  readonly get = (): readonly Candle[] | null => this.#published;

  readonly onItem: (item: Item<MessageOf<'agent'>>) => void = consumeEvery<'agent'>({
    snapshot: ({ reason, trades }) => {
      this.#recent = trades.toReversed();
      this.#refold();
      if (reason === 'gap' || !this.#reachesBack(trades)) this.onGap();
    },
    event: (event) => {
      if (event.type === 'trade_executed') this.#trade(event);
    },
  });

  /** Starts over from an answer. */
  answer(answer: Answer): void {
    this.#answer = answer;
    this.#refold();
  }

  publish(): void {
    if (this.#series === null) return;
    this.#published = allCandles(this.#series);
    this.#listeners.notify();
  }

  #refold(): void {
    if (this.#answer === null) return;
    const { candles, seq } = this.#answer;
    const current = candles.at(-1) ?? null;
    const series: CandleSeries = {
      interval: this.interval,
      closed: candles.slice(0, -1),
      current: current === null ? null : { ...current },
    };
    for (const trade of this.#recent) if (trade.seq > seq) applyToCandles(series, trade);
    this.#series = series;
    this.frames.mark(this);
  }

  /** Whether the tape holds every trade since the answer. */
  #reachesBack(tape: readonly TradeExecuted[]): boolean {
    const oldest = tape.at(-1);
    if (this.#answer === null || oldest === undefined || tape.length < TAPE_LENGTH) return true;
    return oldest.seq <= this.#answer.seq;
  }

  #trade(trade: TradeExecuted): void {
    this.#recent.push(trade);
    if (this.#recent.length > RECENT_LENGTH) this.#recent.shift();
    // What the answer holds already may still be on its way here.
    if (this.#series === null || this.#answer === null || trade.seq <= this.#answer.seq) return;
    applyToCandles(this.#series, trade);
    this.frames.mark(this);
  }
}
