import {
  type CandlestickData,
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  type HistogramData,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type MouseEventParams,
  type SeriesMarker,
  TickMarkType,
  type Time,
} from 'lightweight-charts';
import { formatPrice } from '../../../shared/format.ts';
import { price } from '../../../shared/units.ts';
import type { Candle } from '../../../shared/view-schemas.ts';
import { carriedBy } from './carry.ts';
import { type ChartColours, onThemeChange, readColours } from './colours.ts';
import { type Mark, markText } from './marks.ts';
import { type LocalTimes, localOffset, localTimes } from './times.ts';

interface PriceChartOptions {
  /** Whether candles are shorter than a minute. */
  readonly seconds: boolean;
  /** Told of the candle under the pointer, and of `null` when there is none. */
  readonly onPoint: (candle: Candle | null) => void;
}

/** Past so many candles the older ones are let go. */
const DRAWN_MOST = 2_000;

/**
 * Candles with their volume below, on a canvas. The library is given whole numbers, prices in 10^-18 SOL and volumes in
 * lamports, which are exact below 2^53: a market cap of 9 million SOL.
 */
export class PriceChart {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #markers: ISeriesMarkersPluginApi<Time>;
  readonly #times: LocalTimes = localTimes(localOffset());
  readonly #stopFollowing: () => void;
  #colours: ChartColours;
  /** As they were given last. */
  #given: readonly Candle[] = [];
  /** All that are on the canvas, oldest first. */
  #drawn: Candle[] = [];
  #marks: readonly Mark[] = [];

  constructor(
    private readonly host: HTMLElement,
    { seconds, onPoint }: PriceChartOptions,
  ) {
    this.#colours = readColours(host);
    this.#chart = createChart(host, {
      autoSize: true,
      // It would bring a style sheet of its own, which the page's policy forbids; the link is below the chart.
      layout: { attributionLogo: false },
      // A finger that goes up or down scrolls the page.
      handleScroll: { vertTouchDrag: false },
      rightPriceScale: {
        borderVisible: false,
        scaleMargins: { top: 0.1, bottom: 0.26 },
        tickMarkDensity: 4,
        entireTextOnly: true,
      },
      timeScale: {
        rightOffset: 4,
        barSpacing: 9,
        minBarSpacing: 2,
        timeVisible: true,
        secondsVisible: seconds,
        tickMarkFormatter: this.#tick,
      },
      localization: {
        timeFormatter: (time: Time) => (seconds ? SECOND : MINUTE).format(this.#instant(time)),
      },
    });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceLineVisible: false,
      lastValueVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {
      priceFormat: { type: 'custom', minMove: 1, formatter: priceLabel },
    });
    this.#markers = createSeriesMarkers(this.#candles, []);
    this.#chart.subscribeCrosshairMove(({ logical }: MouseEventParams) =>
      onPoint(logical === undefined ? null : (this.#drawn[logical] ?? null)),
    );
    this.#colour();
    this.#stopFollowing = onThemeChange(() => {
      this.#colours = readColours(this.host);
      this.#colour();
      this.#drawAll(this.#drawn);
    });
  }

  /** Shows these, oldest first; what is drawn already is only carried forward where that gives the same. */
  draw(candles: readonly Candle[]): void {
    const more = this.#drawn.length < DRAWN_MOST ? carriedBy(this.#given, candles) : null;
    this.#given = candles;
    if (more === null) this.#drawAll(candles);
    else for (const candle of more) this.#carry(candle);
  }

  /** Shows these, oldest first. */
  mark(marks: readonly Mark[]): void {
    this.#marks = marks;
    const first = this.#drawn[0]?.start ?? Infinity;
    this.#markers.setMarkers(marks.filter(({ start }) => start >= first).map((mark) => this.#markerOf(mark)));
  }

  close(): void {
    this.#stopFollowing();
    this.#chart.remove();
  }

  #drawAll(candles: readonly Candle[]): void {
    this.#drawn = [...candles];
    this.#candles.setData(candles.map((candle) => this.#barOf(candle)));
    this.#volume.setData(candles.map((candle) => this.#volumeOf(candle)));
    this.mark(this.#marks);
  }

  #carry(candle: Candle): void {
    if (this.#drawn.at(-1)?.start === candle.start) this.#drawn.pop();
    this.#drawn.push(candle);
    this.#candles.update(this.#barOf(candle));
    this.#volume.update(this.#volumeOf(candle));
  }

  #barOf({ start, open, high, low, close }: Candle): CandlestickData<Time> {
    const time = this.#times.toChart(start);
    return { time, open: Number(open), high: Number(high), low: Number(low), close: Number(close) };
  }

  #volumeOf({ start, volume, open, close }: Candle): HistogramData<Time> {
    const color = close >= open ? this.#colours.buySoft : this.#colours.sellSoft;
    return { time: this.#times.toChart(start), value: Number(volume), color };
  }

  /** Told apart by shape, letter and place: one's own by arrows, the creator's by circles; buys below, sells above. */
  #markerOf(mark: Mark): SeriesMarker<Time> {
    const { start, who, side } = mark;
    const { accent, buy, sell } = this.#colours;
    return {
      time: this.#times.toChart(start),
      position: side === 'buy' ? 'belowBar' : 'aboveBar',
      shape: who === 'creator' ? 'circle' : side === 'buy' ? 'arrowUp' : 'arrowDown',
      color: who === 'you' ? accent : side === 'buy' ? buy : sell,
      text: markText(mark),
    };
  }

  /** Hollow where the price rose, filled where it fell. */
  #colour(): void {
    const { surface, raised, hairline, muted, text, buy, sell } = this.#colours;
    const line = { color: muted, labelBackgroundColor: raised };
    this.#chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: surface },
        textColor: muted,
        fontFamily: getComputedStyle(this.host).fontFamily,
        fontSize: 12,
      },
      grid: { vertLines: { visible: false }, horzLines: { color: hairline } },
      crosshair: { vertLine: line, horzLine: line },
      timeScale: { borderColor: hairline },
    });
    this.#candles.applyOptions({
      upColor: surface,
      borderUpColor: buy,
      wickUpColor: buy,
      downColor: sell,
      borderDownColor: sell,
      wickDownColor: sell,
      priceLineColor: text,
    });
  }

  readonly #tick = (time: Time, type: TickMarkType): string => {
    switch (type) {
      case TickMarkType.Year:
        return YEAR.format(shifted(time));
      case TickMarkType.Month:
        return MONTH.format(shifted(time));
      case TickMarkType.DayOfMonth:
        return DAY.format(shifted(time));
      case TickMarkType.Time:
        return CLOCK.format(this.#instant(time));
      case TickMarkType.TimeWithSeconds:
        return CLOCK_SECONDS.format(this.#instant(time));
      default:
        return type satisfies never;
    }
  };

  #instant(time: Time): number {
    return this.#times.fromChart(Number(time));
  }
}

/** A local time as the library has it: its day is the viewer's when it is read as UTC. */
const shifted = (time: Time): number => Number(time) * 1_000;

/** The scale may reach below zero, where there are no prices. */
const priceLabel = (value: number): string =>
  value < 0 ? '' : formatPrice(price(BigInt(Math.round(value))));

const HOURS = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DATE = { month: 'short', day: 'numeric' } as const;
const YEAR = new Intl.DateTimeFormat(undefined, { year: 'numeric', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' });
const DAY = new Intl.DateTimeFormat(undefined, { ...DATE, timeZone: 'UTC' });
const CLOCK = new Intl.DateTimeFormat(undefined, HOURS);
const CLOCK_SECONDS = new Intl.DateTimeFormat(undefined, { ...HOURS, second: '2-digit' });
const MINUTE = new Intl.DateTimeFormat(undefined, { ...DATE, ...HOURS });
const SECOND = new Intl.DateTimeFormat(undefined, { ...DATE, ...HOURS, second: '2-digit' });
