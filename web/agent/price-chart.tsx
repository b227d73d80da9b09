import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { formatPrice } from '../../shared/format.ts';
import { price as toPrice } from '../../shared/units.ts';
import type { Candle } from '../../shared/view-schemas.ts';
import { type ChartSize, candlesThatFit, rose, scaleOf, slotOf } from './chart-scale.ts';

/** The right edge, where the prices are written. */
const AXIS = 88;
const LABEL = 20;
/** Below this the first time would touch the last. */
const ROOM_FOR_TIMES = 200;
const EMPTY: ChartSize = { width: 0, height: 0 };

interface PriceChartProps {
  readonly candles: readonly Candle[];
  /** Whether candles are shorter than a minute. */
  readonly seconds: boolean;
}

/** Candles, the newest at the right: hollow where the price rose, filled where it fell. */
export function PriceChart({ candles, seconds }: PriceChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const [pointed, setPointed] = useState<number | null>(null);
  const plot = Math.max(0, width - AXIS);
  const shown = candles.slice(-candlesThatFit(plot));
  const { high, low, y } = scaleOf(shown, height);
  const slot = slotOf(shown.length, plot);
  const start = plot - slot * shown.length;
  const [first] = shown;
  const last = shown.at(-1);
  /** The price of now is written over what would be under it. */
  const isFree = (at: number): boolean => last === undefined || Math.abs(at - y(last.close)) >= LABEL;
  const legend = pointed === null ? last : (shown[pointed] ?? last);

  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = Math.floor((x - start) / slot);
    setPointed(index >= 0 && index < shown.length ? index : null);
  };
  return (
    <div className="chart">
      <div className="chart-legend figure">{legend !== undefined && <Legend candle={legend} />}</div>
      <div className="chart-frame" ref={frame}>
        <svg
          className="chart-plot"
          width={width}
          height={height}
          role="img"
          aria-label={`Price of the last ${shown.length} candles`}
          onPointerMove={point}
          onPointerLeave={() => setPointed(null)}
        >
          {[high, ...(high === low ? [] : [low])].map((price) => (
            <Gridline
              key={price.toString()}
              y={y(price)}
              width={plot}
              label={isFree(y(price)) ? formatPrice(toPrice(price)) : ''}
            />
          ))}
          {shown.map((candle, index) => (
            <CandleMark
              key={candle.start}
              candle={candle}
              x={start + index * slot}
              slot={slot}
              y={y}
              pointed={index === pointed}
            />
          ))}
          {last !== undefined && (
            <g className="chart-last" data-rose={rose(last)}>
              <line x1={0} x2={plot} y1={y(last.close)} y2={y(last.close)} />
              <rect x={plot + 4} y={y(last.close) - 10} width={AXIS - 4} height={LABEL} rx={4} />
              <text x={plot + 12} y={y(last.close) + 4}>
                {formatPrice(last.close)}
              </text>
            </g>
          )}
        </svg>
      </div>
      <div className="chart-times figure muted" style={{ paddingLeft: start, paddingRight: AXIS }}>
        {first !== undefined && first !== last && slot * shown.length >= ROOM_FOR_TIMES && (
          <span>{timeOf(first, seconds)}</span>
        )}
        {last !== undefined && <span className="chart-now">{timeOf(last, seconds)}</span>}
      </div>
    </div>
  );
}

interface CandleMarkProps {
  readonly candle: Candle;
  readonly x: number;
  readonly slot: number;
  readonly y: (price: bigint) => number;
  readonly pointed: boolean;
}

function CandleMark({ candle, x, slot, y, pointed }: CandleMarkProps) {
  const { open, high, low, close } = candle;
  const width = Math.max(1, slot * 0.64);
  const middle = x + slot / 2;
  const top = Math.min(y(open), y(close));
  const bottom = Math.max(y(open), y(close), top + 1);
  return (
    <g className="candle" data-rose={rose(candle)} data-pointed={pointed}>
      <rect className="candle-slot" x={x} y={0} width={slot} height="100%" />
      <line x1={middle} x2={middle} y1={y(high)} y2={top} />
      <line x1={middle} x2={middle} y1={bottom} y2={y(low)} />
      <rect className="candle-body" x={middle - width / 2} y={top} width={width} height={bottom - top} />
    </g>
  );
}

function Gridline({
  y,
  width,
  label,
}: {
  readonly y: number;
  readonly width: number;
  readonly label: string;
}) {
  return (
    <g className="chart-grid">
      <line x1={0} x2={width} y1={y} y2={y} />
      <text x={width + 12} y={y + 4}>
        {label}
      </text>
    </g>
  );
}

function Legend({ candle }: { readonly candle: Candle }) {
  const parts = [
    ['O', candle.open],
    ['H', candle.high],
    ['L', candle.low],
    ['C', candle.close],
  ] as const;
  return parts.map(([name, value]) => (
    <span key={name}>
      <span className="muted">{name}</span> {formatPrice(value)}
    </span>
  ));
}

const MINUTES = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const SECONDS = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const timeOf = ({ start }: Candle, seconds: boolean): string => (seconds ? SECONDS : MINUTES).format(start);

/** The size of an element, as it changes. */
function useSize(element: RefObject<HTMLElement | null>): ChartSize {
  const [size, setSize] = useState(EMPTY);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver((entries) => {
      const box = entries.at(-1)?.contentRect;
      if (box !== undefined) setSize({ width: box.width, height: box.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
