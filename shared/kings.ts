import type { Lamports } from './units.ts';

/** A challenger takes the hill only with a market cap at least this much above the king's. */
export const CHALLENGE_BPS = 100n;
const BPS = 10_000n;

/** Whether a market cap of `challenger` dethrones a king of `king`. */
export const dethrones = (challenger: Lamports, king: Lamports): boolean =>
  challenger * BPS >= king * (BPS + CHALLENGE_BPS);
