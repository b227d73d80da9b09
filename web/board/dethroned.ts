import { useEffect, useState } from 'react';
import type { KingChanged } from '../../shared/events.ts';
import { useServices } from '../services.ts';

/** What comes so soon after a reconnect was missed, not watched. */
const CATCHING_UP_MS = 2_000;

export interface Dethroned {
  /** The change of king that is happening before one's eyes; `null` when there is none. */
  readonly change: KingChanged | null;
  readonly end: () => void;
}

/**
 * Tells of a change of king that happens while one watches: not of those of before the page was opened, of those that
 * were missed while the connection was lost, nor of those in a tab that nobody looks at.
 */
export function useDethroned(): Dethroned {
  const { live, connection } = useServices();
  const [change, setChange] = useState<KingChanged | null>(null);
  useEffect(() => {
    let state = connection.get().state;
    let reconnectedAt = -Infinity;
    const stop = connection.subscribe(() => {
      const before = state;
      state = connection.get().state;
      if (before === 'reconnecting' && state === 'live') reconnectedAt = performance.now();
    });
    const isWatched = (): boolean =>
      // Published a frame later than the items that come with it: what was missed still finds the old state.
      connection.get().state === 'live' &&
      performance.now() - reconnectedAt >= CATCHING_UP_MS &&
      document.visibilityState === 'visible';
    const unlisten = live.kings.handle({}).listen(({ data }) => {
      if (data.type !== 'king_changed') return;
      const isCrowned = data.agentId !== null;
      setChange(isCrowned && isWatched() ? data : null);
    });
    return () => {
      stop();
      unlisten();
    };
  }, [live, connection]);
  return { change, end: () => setChange(null) };
}
