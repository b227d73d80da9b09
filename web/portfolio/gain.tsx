import { formatSignedSol } from '../../shared/format.ts';
import { exactSol } from '../ui/exact.ts';
import { signedPercent } from '../ui/percent.ts';

interface GainProps {
  /** Lamports; negative for a loss. */
  readonly value: bigint;
  /** Of what was paid; without it there is no percentage. */
  readonly bps?: number | null;
  readonly className?: string;
}

/** A gain or a loss in SOL: told apart by its sign and by its colour. */
export function Gain({ value, bps = null, className = '' }: GainProps) {
  return (
    <span className={`figure ${toneOf(value)} ${className}`} title={exactSol(value)}>
      {formatSignedSol(value)}
      {bps !== null && <span className="gain-percent">{signedPercent(bps, 1)}</span>}
    </span>
  );
}

const toneOf = (value: bigint): string => (value === 0n ? 'muted' : value > 0n ? 'up' : 'down');
