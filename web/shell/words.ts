import { formatAge } from '../../shared/format.ts';
import type { ClockOffset } from '../live/clock-offset.ts';

/** An age in a sentence: "just now", "12s ago", and from a day on its date, "2025-09-13". */
export function ageWords(now: number, at: number): string {
  const age = formatAge(now, at);
  const isDate = age.includes('-');
  if (age === 'now') return 'just now';
  return isDate ? age : `${age} ago`;
}

/** A delay: tenths of a millisecond where they tell anything, "0.4 ms", "12 ms", "1.2 s". */
export function formatDelay(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** "+12 ± 3 ms", with a true minus. */
export function formatOffset({ ms, uncertaintyMs }: ClockOffset): string {
  const sign = ms < 0 ? '−' : '+';
  return `${ms === 0 ? '' : sign}${Math.abs(ms)} ± ${uncertaintyMs} ms`;
}
