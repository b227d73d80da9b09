import type { AgentOrder, AgentSort } from '../../shared/inputs.ts';

/** The lists that the board shows beside each other, in their order. */
export const BOARD_SORTS = ['new', 'final_stretch', 'graduated'] as const satisfies readonly AgentSort[];
export type BoardSort = (typeof BOARD_SORTS)[number];

export const SORT_TITLES: Readonly<Record<BoardSort, string>> = {
  new: 'New',
  final_stretch: 'Final stretch',
  graduated: 'Graduated',
};

/** All of them, the usual first; the schemas that know them too are not for browsers. */
export const BOARD_ORDERS = [
  'usual',
  'market_cap',
  'volume',
  'last_trade',
] as const satisfies readonly AgentOrder[];

export const ORDER_TITLES: Readonly<Record<AgentOrder, string>> = {
  usual: 'Usual order',
  market_cap: 'By market cap',
  volume: 'By volume',
  last_trade: 'By last trade',
};
