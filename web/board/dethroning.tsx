import { Crown } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Avatar } from '../ui/avatar.tsx';

/** As long as its animations in dethroning.css. */
const SHOWN_MS = 1_800;

interface DethroningProps {
  readonly king: AgentView;
  /** `undefined` when nobody was king, or while it is not known who. */
  readonly previous: AgentView | undefined;
  readonly onEnd: () => void;
}

/** The crown goes over to the new king. A press anywhere on it or Escape ends it at once. */
export function Dethroning({ king, previous, onEnd }: DethroningProps) {
  const end = useEffectEvent(onEnd);
  useEffect(() => {
    const timer = setTimeout(() => end(), SHOWN_MS);
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') end();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <button type="button" className="dethroning" aria-label="Skip" onClick={onEnd}>
      <span className="dethroning-sweep" />
      <span className="dethroning-scene">
        {previous !== undefined && (
          <span className="dethroning-old">
            <Avatar seed={previous.mint} imageUrl={previous.imageUrl} />
          </span>
        )}
        <span className="dethroning-new">
          <Crown className="dethroning-crown" size={24} aria-hidden="true" />
          <Avatar seed={king.mint} imageUrl={king.imageUrl} size="large" />
        </span>
        <span className="dethroning-words">
          <strong>{king.symbol}</strong>{' '}
          {previous === undefined ? 'takes the hill' : `dethrones ${previous.symbol}`}
        </span>
      </span>
    </button>
  );
}
