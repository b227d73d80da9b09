import type { AgentPhase } from '../../shared/view-schemas.ts';
import { percent } from './percent.ts';

interface ProgressProps {
  readonly bps: number;
  readonly phase: AgentPhase;
}

/** How much of the curve is sold; at 100 % the agent graduates. */
export function Progress({ bps, phase }: ProgressProps) {
  if (phase.kind === 'graduated') return <span className="tag">Graduated</span>;
  return (
    <span className="progress">
      <svg className="progress-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className="progress-track" width="100" height="4" />
        <rect className="progress-done" width={bps / 100} height="4" />
      </svg>
      <span className="figure">{percent(bps, 1)}</span>
    </span>
  );
}
