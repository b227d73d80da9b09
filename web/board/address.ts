import type { AgentOrder } from '../../shared/inputs.ts';
import { BOARD_ORDERS, BOARD_SORTS, type BoardSort } from './sorts.ts';

/** What can be chosen, as the address says it; each list begins with what leaves nobody out. SOL, as decimal texts. */
export const MARKET_CAPS = ['0', '30', '50', '100', '200', '300'] as const;
export const VOLUMES = ['0', '1', '10', '50', '100', '500'] as const;
export const AGES = ['any', '10m', '1h', '6h', '1d'] as const;
type MarketCapFloor = (typeof MARKET_CAPS)[number];
type VolumeFloor = (typeof VOLUMES)[number];
export type MaxAge = (typeof AGES)[number];

/** What comes first in the lists, and who is left out of them. */
export interface BoardFilter {
  readonly order: AgentOrder;
  readonly minMarketCap: MarketCapFloor;
  readonly minVolume: VolumeFloor;
  /** How long ago an agent was created at most. */
  readonly within: MaxAge;
  /** Leaves out who has not traded for an hour. */
  readonly hideQuiet: boolean;
}

/** All of the board that is kept in its address. */
export interface BoardAddress {
  /** The list that is shown where there is room for one. */
  readonly sort: BoardSort;
  /** Whether the rail is shown instead of the agents, where there is no room for both. */
  readonly rail: boolean;
  readonly filter: BoardFilter;
}

export const NO_FILTER: BoardFilter = {
  order: 'usual',
  minMarketCap: '0',
  minVolume: '0',
  within: 'any',
  hideQuiet: false,
};
export const PLAIN_BOARD: BoardAddress = { sort: 'new', rail: false, filter: NO_FILTER };

/** Reads the query of the board's address; what makes no sense is as if it were not there. */
export function parseBoard(search: string): BoardAddress {
  const given = new URLSearchParams(search);
  const among = <T extends string>(name: string, options: readonly T[], usual: T): T =>
    options.find((option) => option === given.get(name)) ?? usual;
  return {
    sort: among('sort', BOARD_SORTS, PLAIN_BOARD.sort),
    rail: given.get('show') === 'live',
    filter: {
      order: among('order', BOARD_ORDERS, NO_FILTER.order),
      minMarketCap: among('cap', MARKET_CAPS, NO_FILTER.minMarketCap),
      minVolume: among('volume', VOLUMES, NO_FILTER.minVolume),
      within: among('within', AGES, NO_FILTER.within),
      hideQuiet: given.get('quiet') === 'hide',
    },
  };
}

/** The query that {@link parseBoard} reads as this; what is as usual is left out of it. */
export function boardSearch({ sort, rail, filter }: BoardAddress): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string, usual: string): void => {
    if (value !== usual) query.set(name, value);
  };
  put('sort', sort, PLAIN_BOARD.sort);
  put('show', rail ? 'live' : '', '');
  put('order', filter.order, NO_FILTER.order);
  put('cap', filter.minMarketCap, NO_FILTER.minMarketCap);
  put('volume', filter.minVolume, NO_FILTER.minVolume);
  put('within', filter.within, NO_FILTER.within);
  put('quiet', filter.hideQuiet ? 'hide' : '', '');
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** How many of the choices of a filter are not as usual. */
export function choicesMade(filter: BoardFilter): number {
  return [
    filter.order !== NO_FILTER.order,
    filter.minMarketCap !== NO_FILTER.minMarketCap,
    filter.minVolume !== NO_FILTER.minVolume,
    filter.within !== NO_FILTER.within,
    filter.hideQuiet,
  ].filter(Boolean).length;
}
