import type { Allowance } from '../realtime/ws/token-bucket.ts';

/** So many in so many seconds, which begin with the first. */
export interface Rate {
  readonly count: number;
  readonly seconds: number;
}

/** Base units are text, like every bigint. */
type Amount =
  | { readonly unit: 'bytes' | 'ms' | 'count'; readonly value: number }
  | { readonly unit: 'base units'; readonly value: string }
  | { readonly unit: 'rate'; readonly value: Rate }
  | { readonly unit: 'allowance'; readonly value: Allowance };

export type Limit = Amount & {
  readonly name: string;
  /** What happens at the limit, and to whom. */
  readonly note: string;
  /** With which it is set when the server is started, or turned off. */
  readonly variable?: string;
};

export const bytes = (name: string, value: number, note: string): Limit => ({
  name,
  value,
  unit: 'bytes',
  note,
});
export const ms = (name: string, value: number, note: string): Limit => ({ name, value, unit: 'ms', note });
export const count = (name: string, value: number, note: string): Limit => ({
  name,
  value,
  unit: 'count',
  note,
});

/** One that is set with a variable. */
export const set = (variable: string, limit: Limit): Limit => ({ ...limit, variable: `LIMIT_${variable}` });
export const rate = (name: string, value: Rate, note: string): Limit => ({ name, value, unit: 'rate', note });
export const allowance = (name: string, value: Allowance, note: string): Limit => ({
  name,
  value,
  unit: 'allowance',
  note,
});

/** `16 KiB`, `30 s`, `131,072`, `5 in 1 s`, `20 a second, burst 60`. */
export function formatLimit({ value, unit }: Amount): string {
  switch (unit) {
    case 'bytes':
      return value % 1024 === 0 ? `${value / 1024} KiB` : `${grouped(value)} bytes`;
    case 'ms':
      return duration(value);
    case 'count':
      return grouped(value);
    case 'base units':
      return BigInt(value).toLocaleString('en-US');
    case 'rate':
      return `${grouped(value.count)} in ${duration(value.seconds * 1000)}`;
    case 'allowance':
      return `${grouped(value.perSecond)} a second, burst ${grouped(value.burst)}`;
    default:
      return unit satisfies never;
  }
}

const grouped = (value: number): string => value.toLocaleString('en-US');

/** The largest first; each from where people count in it. */
const DURATIONS = [
  { name: 'days', length: 86_400_000, least: 2 * 86_400_000 },
  { name: 'h', length: 3_600_000, least: 3_600_000 },
  { name: 'min', length: 60_000, least: 2 * 60_000 },
  { name: 's', length: 1_000, least: 1_000 },
] as const;

/** `500 ms`, `60 s`, `15 min`, `24 h`, `30 days`. */
export function duration(milliseconds: number): string {
  const unit = DURATIONS.find(({ length, least }) => milliseconds % length === 0 && milliseconds >= least);
  return unit === undefined
    ? `${grouped(milliseconds)} ms`
    : `${grouped(milliseconds / unit.length)} ${unit.name}`;
}
