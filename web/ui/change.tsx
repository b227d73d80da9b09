import './change.css';
import { ArrowDown, ArrowUp } from './icons.tsx';
import { readsAsZero, signedPercent } from './percent.ts';

interface ChangeProps {
  /** In basis points; `null` while it is not known. */
  readonly bps: number | null;
  /** With one decimal and without the arrow, where there is little room. */
  readonly isShort?: boolean;
  /** Since when, as a tooltip. */
  readonly title?: string;
}

/** How much a value has moved: by sign, hue and arrow. What reads as zero has none of them. */
export function Change({ bps, isShort = false, title }: ChangeProps) {
  if (bps === null) return <span className="figure muted">–</span>;
  const places = isShort ? 1 : 2;
  const rose = bps > 0;
  const tone = readsAsZero(bps, places) ? 'muted' : rose ? 'up' : 'down';
  return (
    <span className={`figure change ${tone}`} title={title}>
      {tone !== 'muted' && !isShort && (rose ? <ArrowUp /> : <ArrowDown />)}
      {signedPercent(bps, places)}
    </span>
  );
}
