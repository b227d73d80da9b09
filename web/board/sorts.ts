import type { AgentSort } from '../../shared/inputs.ts';

export type BoardSort = AgentSort;

export const SORT_TITLES: Readonly<Record<BoardSort, string>> = {
  new: 'New',
  trending: 'Trending',
  final_stretch: 'Final stretch',
  graduated: 'Graduated',
};

/** In the order of the tabs. */
export const BOARD_SORTS: readonly BoardSort[] = ['new', 'trending', 'final_stretch', 'graduated'];
