import type { TradeExecuted } from '../../shared/events.ts';
import { type Lamports, sol } from '../../shared/units.ts';
import type { TapeRow } from '../orders/tape-rows.ts';

export const TAPE_SIDES = ['all', 'buy', 'sell', 'own'] as const;
/** Sizes that trades can be asked to have at least, in SOL. */
export const TAPE_SIZES = ['0', '0.1', '1', '5', '20'] as const;

/** Which trades a tape shows. */
export interface TapeFilter {
  readonly side: (typeof TAPE_SIDES)[number];
  readonly atLeast: (typeof TAPE_SIZES)[number];
}

export const ALL_TRADES: TapeFilter = { side: 'all', atLeast: '0' };
export const showsAll = ({ side, atLeast }: TapeFilter): boolean => side === 'all' && atLeast === '0';

/** On the curve, before fees. */
export const leastSol = ({ atLeast }: TapeFilter): Lamports => sol(atLeast);

/** Whether a tape of that filter shows it. @param you `null` while nobody is signed in */
export function isShown(
  { side, trader, sol: size }: Pick<TradeExecuted & TapeRow, 'side' | 'trader' | 'sol'>,
  filter: TapeFilter,
  you: string | null,
): boolean {
  if (size < leastSol(filter)) return false;
  switch (filter.side) {
    case 'all':
      return true;
    case 'own':
      return trader === you;
    case 'buy':
    case 'sell':
      return side === filter.side;
    default:
      return filter.side satisfies never;
  }
}
