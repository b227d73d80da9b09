import { formatPrice, formatSol } from '../../../shared/format.ts';
import type { Candle } from '../../../shared/view-schemas.ts';
import { Change } from '../../ui/change.tsx';
import { changeBps } from '../../ui/percent.ts';
import { PriceText } from '../../ui/price-text.tsx';

/** What a candle says, in numbers. */
export function Legend({ candle }: { readonly candle: Candle }) {
  const { open, high, low, close, volume } = candle;
  const prices = [
    { name: 'Open', value: open },
    { name: 'High', value: high },
    { name: 'Low', value: low },
    { name: 'Close', value: close },
  ];
  return (
    <dl className="chart-legend">
      {prices.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figure">
            <PriceText value={value} />
          </dd>
        </div>
      ))}
      <div>
        <dt className="visually-hidden">Change</dt>
        <dd>
          <Change bps={changeBps(open, close)} />
        </dd>
      </div>
      <div>
        <dt>Volume</dt>
        <dd className="figure">{formatSol(volume)} SOL</dd>
      </div>
    </dl>
  );
}

/** The chart in a sentence, for who cannot see it. */
export function chartSummary(symbol: string, candles: readonly Candle[], length: string): string {
  const [first] = candles;
  const last = candles.at(-1);
  if (first === undefined || last === undefined) return `Price of ${symbol}: no trades yet.`;
  let { high, low } = first;
  for (const candle of candles) {
    if (candle.high > high) high = candle.high;
    if (candle.low < low) low = candle.low;
  }
  return [
    `Price of ${symbol} in candles of ${length}: ${formatPrice(last.close)} SOL now,`,
    `between ${formatPrice(low)} and ${formatPrice(high)} SOL over the last ${candles.length}.`,
  ].join(' ');
}
