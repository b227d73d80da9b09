import { formatPrice } from '../../shared/format.ts';
import type { Price } from '../../shared/units.ts';

/** A price as text, its count of zeros large enough to be read: it is worth a factor of ten. */
export function PriceText({ value }: { readonly value: Price }) {
  const [before, zeros, after] = formatPrice(value).split(/([₀-₉]+)/);
  if (zeros === undefined) return <>{before}</>;
  return (
    <>
      {before}
      <span className="zeros">{zeros}</span>
      {after}
    </>
  );
}
