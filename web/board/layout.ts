import { useMedia } from '../ui/use-media.ts';

/** How much fits beside each other: one list, all three, or all three and the rail. The widths are those of board.css. */
type BoardLayout = 'one' | 'columns' | 'rail';

/** What the window has room for now. */
export function useLayout(): BoardLayout {
  const columns = useMedia('(min-width: 1024px)');
  const rail = useMedia('(min-width: 1440px)');
  return rail ? 'rail' : columns ? 'columns' : 'one';
}
