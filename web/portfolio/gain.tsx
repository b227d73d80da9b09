import { formatSignedSol } from '../../shared/format.ts';
import { formatDecimal, SOL_DECIMALS } from '../../shared/units.ts';
import { percent } from '../ui/percent.ts';

interface GainProps {
  /** Lamports; negative for a loss. */
  readonly value: bigint;
  /** Of what was paid; without it there is no percentage. */
  readonly bps?: bigint | null;
  readonly className?: string;
}

/** A gain or a loss in SOL: told apart by its sign and by its colour. */
export function Gain({ value, bps = null, className = '' }: GainProps) {
  return (
    <span
      className={`figure ${toneOf(value)} ${className}`}
      title={`${formatDecimal(value, SOL_DECIMALS)} SOL`}
    >
      {formatSignedSol(value)}
      {bps !== null && <span className="gain-percent">{signedPercent(bps)}</span>}
    </span>
  );
}

const toneOf = (value: bigint): string => (value === 0n ? 'muted' : value > 0n ? 'up' : 'down');

/** With one decimal, rounded towards zero, and a true minus: "+12.3 %", "−4.0 %", "0.0 %". */
export function signedPercent(bps: bigint): string {
  const size = percent(Number(bps < 0n ? -bps : bps), 1);
  return bps === 0n ? size : `${bps > 0n ? '+' : '−'}${size}`;
}
