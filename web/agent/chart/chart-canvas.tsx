import { useEffect, useRef } from 'react';
import type { Candle } from '../../../shared/view-schemas.ts';
import type { Mark } from './marks.ts';
import { PriceChart } from './price-chart.ts';

interface ChartCanvasProps {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  readonly marks: readonly Mark[];
  /** Whether candles are shorter than a minute. */
  readonly seconds: boolean;
  readonly onPoint: (candle: Candle | null) => void;
}

/** Fills the element around it with a chart. */
export default function ChartCanvas({ candles, marks, seconds, onPoint }: ChartCanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<PriceChart>(null);
  useEffect(() => {
    if (host.current === null) return;
    const made = new PriceChart(host.current, { seconds, onPoint });
    chart.current = made;
    return () => {
      chart.current = null;
      made.close();
    };
  }, [seconds, onPoint]);
  useEffect(() => chart.current?.draw(candles), [candles]);
  useEffect(() => chart.current?.mark(marks), [marks]);
  return <div className="chart-canvas" ref={host} />;
}
