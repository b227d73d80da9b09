import { useCallback, useSyncExternalStore } from 'react';

/** How much fits beside each other: one list, all three, or all three and the rail. The widths are those of board.css. */
type BoardLayout = 'one' | 'columns' | 'rail';

/** What the window has room for now. */
export function useLayout(): BoardLayout {
  const columns = useMedia('(min-width: 1024px)');
  const rail = useMedia('(min-width: 1440px)');
  return rail ? 'rail' : columns ? 'columns' : 'one';
}

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
