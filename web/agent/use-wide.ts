import { useSyncExternalStore } from 'react';

/** From here on there is room for the trade panel beside the rest. As in agent.css. */
const WIDE = '(min-width: 1024px)';

/** Whether the page is wide; the one of two parts that does not fit is not only hidden but not there. */
export const useWide = (): boolean => useSyncExternalStore(subscribe, isWide);

const isWide = (): boolean => matchMedia(WIDE).matches;

function subscribe(listener: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
