import { percent } from '../ui/percent.ts';

/** Smaller changes read as none. */
const SHOWN_BPS = 10;

/** How much a price has moved in the last hour, by sign and hue. */
export function Change({ bps }: { readonly bps: number }) {
  const size = Math.abs(bps);
  const moved = size >= SHOWN_BPS;
  const tone = !moved ? 'muted' : bps > 0 ? 'up' : 'down';
  const sign = !moved ? '' : bps > 0 ? '+' : '−';
  return (
    <span className={`figure change ${tone}`} title="In the last hour">
      {sign}
      {percent(moved ? size : 0, 1)}
    </span>
  );
}
