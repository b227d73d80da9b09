import { sol } from './units.ts';

/** What the faucet gives a wallet, once in a UTC day: paper SOL. */
export const FAUCET_SOL = sol('10');

const DAY_MS = 86_400_000;

/** The UTC day of a time in ms, as the number of days since 1970-01-01. */
export const utcDay = (at: number): number => Math.floor(at / DAY_MS);

/** When a UTC day begins, ms. It is part of the day; the ms before is the last of the day before. */
export const utcDayStart = (day: number): number => day * DAY_MS;
