import type { Item, MessageOf } from '../../shared/channels.ts';
import { consumeEvery } from '../../shared/consume.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import type { Candle, CandleSeries } from '../../shared/view-schemas.ts';
import { allCandles, reduceCandles } from '../../shared/views/candles.ts';
import type { Frames, Publisher } from './frames.ts';
import { Listeners } from './listeners.ts';

/** More trades than can come while an answer is on its way. */
const RECENT_LENGTH = 1_000;

/**
 * An agent's candles: an answer of the `candles` query, carried forward by every trade since.
 *
 * The answer does not say which trade it ends with, so recent trades are folded in again where they fall into its
 * newest candle or after. Open, high, low and close do not mind that, once the newest trade is in; volume and count of
 * that one candle would, and are not shown.
 */
export class LiveCandles implements Publisher {
  readonly #listeners = new Listeners();
  /** Oldest first. */
  #recent: TradeExecuted[] = [];
  #answer: readonly Candle[] | null = null;
  #series: CandleSeries | null = null;
  #published: readonly Candle[] | null = null;

  constructor(
    private readonly interval: CandleSeries['interval'],
    private readonly frames: Frames,
    /** Trades were missed: the candles have to be asked for anew. */
    private readonly onGap: () => void,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);
  /** `null` until there is an answer. */
  readonly get = (): readonly Candle[] | null => this.#published;

  readonly onItem: (item: Item<MessageOf<'agent'>>) => void = consumeEvery<'agent'>({
    snapshot: ({ reason, trades }) => {
      this.#recent = trades.toReversed();
      this.#refold();
      if (reason === 'gap') this.onGap();
    },
    event: (event) => {
      if (event.type === 'trade_executed') this.#trade(event);
    },
  });

  /** Starts over from an answer. */
  answer(candles: readonly Candle[]): void {
    this.#answer = candles;
    this.#refold();
  }

  publish(): void {
    if (this.#series === null) return;
    this.#published = allCandles(this.#series);
    this.#listeners.notify();
  }

  #refold(): void {
    if (this.#answer === null) return;
    const current = this.#answer.at(-1) ?? null;
    const base: CandleSeries = { interval: this.interval, closed: this.#answer.slice(0, -1), current };
    this.#series = this.#recent
      .filter((trade) => current === null || trade.at >= current.start)
      .reduce(reduceCandles, base);
    this.frames.mark(this);
  }

  #trade(trade: TradeExecuted): void {
    this.#recent.push(trade);
    if (this.#recent.length > RECENT_LENGTH) this.#recent.shift();
    if (this.#series === null) return;
    this.#series = reduceCandles(this.#series, trade);
    this.frames.mark(this);
  }
}
