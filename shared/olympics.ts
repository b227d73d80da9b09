import { type Lamports, lamports } from './units.ts';

export const MEDALS = ['gold', 'silver', 'bronze'] as const;
export type MedalKind = (typeof MEDALS)[number];

/** A wallet's own buys and sales within this time are a round trip and count once. */
export const ROUND_TRIP_MS = 60_000;
/** How many agents the live standings show. */
export const STANDINGS_LENGTH = 20;

/** A tenth of the season's protocol fees is paid to the creators of the medal agents, so many hundredths each. */
const PRIZE_DIVISOR = 10n;
const PERCENT: Readonly<Record<MedalKind, bigint>> = { gold: 50n, silver: 30n, bronze: 20n };

/** What a medal pays, rounded down. A medal that nobody won is not paid. */
export const prizeOf = (medal: MedalKind, protocolFees: Lamports): Lamports =>
  lamports((protocolFees * PERCENT[medal]) / (PRIZE_DIVISOR * 100n));
