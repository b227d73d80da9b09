import {
  formatDecimal,
  type Lamports,
  PRICE_DECIMALS,
  type Price,
  SOL_DECIMALS,
  TOKEN_DECIMALS,
  type TokenUnits,
} from './units.ts';

/**
 * Amounts as people read them, from bigint to text with no float in between. Display rounds half up; a positive
 * amount never shows as zero. Trailing zeros stay, so that a number that changes keeps its width. The exact value
 * for a title or the clipboard is `formatDecimal(value, DECIMALS)` of `units.ts`.
 */

/**
 * SOL without its unit: 2 decimals from 10 on, below that 4, where zeros right after the point do not count:
 * "1,204.50", "84.99", "1.2500", "0.5312", "0.0009400".
 */
export const formatSol = (amount: Lamports): string => significant(amount, SOL_DECIMALS);

/** A gain or a loss in SOL with its sign (a true minus): "+0.5312", "−1.2500", "0". */
export function formatSignedSol(amount: bigint): string {
  if (amount === 0n) return '0';
  return amount > 0n ? `+${significant(amount, SOL_DECIMALS)}` : `−${significant(-amount, SOL_DECIMALS)}`;
}

/**
 * A price in SOL: as {@link formatSol}, and below 0.0001 with the zeros after the point counted in a subscript:
 * "0.0₇2831" stands for 0.00000002831.
 */
export function formatPrice(value: Price): string {
  const text = significant(value, PRICE_DECIMALS);
  const [, zeros, digits] = /^0\.(0{4,})(\d+)$/.exec(text) ?? [];
  if (zeros === undefined || digits === undefined) return text;
  return `0.0${subscript(zeros.length)}${digits}`;
}

/** A market cap: "31.2 SOL", "1.24K SOL". */
export const formatMarketCap = (amount: Lamports): string => `${compact(amount, SOL_DECIMALS)} SOL`;

/** Whole tokens, compact: "793M", "1.24K", "0.53", "<0.01". */
export const formatTokens = (amount: TokenUnits): string => compact(amount, TOKEN_DECIMALS);

/** Basis points as percent, exactly: 180 is "1.8 %". @throws RangeError when it is not an integer. */
export const formatBps = (bps: number): string => `${formatDecimal(BigInt(bps), 2)} %`;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long ago `at` was, both in ms since the epoch: "now" under a second (or when clocks disagree), "12s", "3m",
 * "5h", rounded down so that nothing looks older than it is; from a day on its date in UTC, "2025-09-13".
 */
export function formatAge(now: number, at: number): string {
  const age = now - at;
  if (age < SECOND) return 'now';
  if (age < MINUTE) return `${Math.floor(age / SECOND)}s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < DAY) return `${Math.floor(age / HOUR)}h`;
  return new Date(at).toISOString().slice(0, 10);
}

/** `value` in units of 10^-decimals, rounded half up to units of 10^-places. */
function rounded(value: bigint, decimals: number, places: number): bigint {
  const step = 10n ** BigInt(decimals - places);
  return (value + step / 2n) / step;
}

/** Decimal text with exactly `places` decimals and the thousands set apart. */
function fixed(value: bigint, decimals: number, places: number): string {
  const digits = rounded(value, decimals, places)
    .toString()
    .padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
}

function significant(value: bigint, decimals: number): string {
  if (value === 0n) return '0';
  const one = 10n ** BigInt(decimals);
  const placesFor = (amount: bigint): number => {
    if (amount >= 10n * one) return 2;
    const zeros = amount >= one ? 0 : decimals - amount.toString().length;
    return Math.min(zeros + 4, decimals);
  };
  const places = placesFor(value);
  // 9.99996 rounds up into the range with fewer decimals.
  const shown = rounded(value, decimals, places) * 10n ** BigInt(decimals - places);
  return fixed(shown, decimals, placesFor(shown));
}

const SCALES = [
  { suffix: '', exponent: 0 },
  { suffix: 'K', exponent: 3 },
  { suffix: 'M', exponent: 6 },
  { suffix: 'B', exponent: 9 },
  { suffix: 'T', exponent: 12 },
];

/** Three significant digits with at most two decimals, in the largest unit of a thousand that leaves at least 1. */
function compact(value: bigint, decimals: number): string {
  if (value === 0n) return '0';
  if (rounded(value, decimals, 2) === 0n) return '<0.01';
  for (const { suffix, exponent } of SCALES) {
    const scale = decimals + exponent;
    for (const places of [2, 1, 0]) {
      // A number that rounds to four digits goes on to the next form: 9.996 to "10.0", 999.6 to "1.00K".
      if (rounded(value, scale, places) < 1_000n) return fixed(value, scale, places) + suffix;
    }
  }
  return `${fixed(value, decimals + 12, 0)}T`;
}

const subscript = (count: number): string =>
  [...count.toString()].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join('');
