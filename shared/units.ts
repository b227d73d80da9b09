/**
 * Amounts. Every amount is a bigint in the smallest unit of its asset and is branded, so that lamports and
 * token units cannot be mixed up; no floating point ever touches one.
 */
declare const unit: unique symbol;
type Unit<Name extends string> = bigint & { readonly [unit]: Name };

/** SOL in lamports; 1 SOL = 10^9 lamports. */
export type Lamports = Unit<'lamports'>;
/** Agent tokens in base units; 1 token = 10^6 base units. */
export type TokenUnits = Unit<'token-units'>;
/** Shares of a vault. */
export type Shares = Unit<'shares'>;
/** Lamports per token base unit, or per share, in units of 10^-18: a rate, not an amount, so it has no upper bound. */
export type Rate = Unit<'rate'>;
/** Price of one whole token in units of 10^-18 SOL (10^-9 lamports). */
export type Price = Unit<'price'>;

export const SOL_DECIMALS = 9;
export const TOKEN_DECIMALS = 6;
export const PRICE_DECIMALS = 18;
/** A {@link Rate} of one lamport per unit. */
export const RATE_SCALE = 10n ** 18n;
export const LAMPORTS_PER_SOL = 10n ** 9n;
export const UNITS_PER_TOKEN = 10n ** 6n;
/** Amounts stay below 2^63: the range of a signed 64-bit integer, which databases and chains share. */
export const AMOUNT_LIMIT = 2n ** 63n;

function checked(value: bigint, name: string): bigint {
  if (value < 0n || value >= AMOUNT_LIMIT) throw new RangeError(`${name} out of range: ${value}`);
  return value;
}

/** Brands an amount of SOL. @throws RangeError outside 0 ≤ n < 2^63. */
export const lamports = (value: bigint): Lamports => checked(value, 'lamports') as Lamports;
/** Brands an amount of tokens. @throws RangeError outside 0 ≤ n < 2^63. */
export const tokenUnits = (value: bigint): TokenUnits => checked(value, 'token units') as TokenUnits;
/** Brands a price. @throws RangeError outside 0 ≤ n < 2^63. */
export const price = (value: bigint): Price => checked(value, 'price') as Price;

/** Brands a number of shares. @throws RangeError outside 0 ≤ n < 2^63. */
export const shares = (value: bigint): Shares => checked(value, 'shares') as Shares;
/** Brands a rate. @throws RangeError below 0. */
export function rate(value: bigint): Rate {
  if (value < 0n) throw new RangeError(`rate out of range: ${value}`);
  return value as Rate;
}

/** a / b rounded up, for a ≥ 0 and b > 0. */
export const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** SOL given as a decimal text ("0.5"), exactly. @throws RangeError when it is not a decimal of at most 9 places. */
export function sol(text: string): Lamports {
  return lamports(parseDecimal(text, SOL_DECIMALS));
}

/** Whole tokens given as a decimal text ("1.5"), exactly. @throws RangeError as {@link sol}, with 6 places. */
export function tokens(text: string): TokenUnits {
  return tokenUnits(parseDecimal(text, TOKEN_DECIMALS));
}

/** Parses a non-negative decimal text into units of 10^-decimals. @throws RangeError when it does not fit exactly. */
export function parseDecimal(text: string, decimals: number): bigint {
  const match = /^(\d{1,19})(?:\.(\d*))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  if (match?.[1] === undefined || fraction.length > decimals) {
    throw new RangeError(`not a decimal with at most ${decimals} places: ${text}`);
  }
  return BigInt(match[1] + fraction.padEnd(decimals, '0'));
}

/** The exact decimal text of an amount, without trailing zeros: `formatDecimal(1500000n, 6)` is "1.5". */
export function formatDecimal(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
