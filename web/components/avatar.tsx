import type { AgentId } from '../../shared/ids.ts';

declare module 'react' {
  interface CSSProperties {
    '--hue'?: number;
  }
}

interface AvatarProps {
  readonly agentId: AgentId;
  readonly symbol: string;
  readonly large?: boolean;
}

/** Degrees between the hues of neighbours in order of creation: the golden angle, so that they are far apart. */
const HUE_STEP = 137.5;

/** A sign of its own for every agent, made from what it is called: nothing is loaded from elsewhere. */
export function Avatar({ agentId, symbol, large = false }: AvatarProps) {
  const hue = (Number(agentId) * HUE_STEP) % 360;
  return (
    <span className={large ? 'avatar avatar-large' : 'avatar'} style={{ '--hue': hue }} aria-hidden="true">
      {symbol.slice(0, 2)}
    </span>
  );
}
