import { ArrowDown, ArrowUp } from '../ui/icons.tsx';
import { percent } from '../ui/percent.ts';

const BPS = 10_000n;

/** From one value to a later one in basis points, rounded towards zero; 0 where there was nothing to grow from. */
export const changeBps = (from: bigint, to: bigint): number =>
  from === 0n ? 0 : Number(((to - from) * BPS) / from);

/** A change in percent: by sign, arrow and hue. */
export function Change({ bps }: { readonly bps: number }) {
  if (bps === 0) return <span className="figure change">{percent(0, 2)}</span>;
  const rose = bps > 0;
  return (
    <span className={`figure change ${rose ? 'up' : 'down'}`}>
      {rose ? <ArrowUp /> : <ArrowDown />}
      {rose ? '+' : '−'}
      {percent(Math.abs(bps), 2)}
    </span>
  );
}
