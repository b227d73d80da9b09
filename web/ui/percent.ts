const BPS = 10_000n;

/** A part of a whole in basis points, rounded towards zero; 0 of nothing. */
export const bpsOf = (part: bigint, whole: bigint): number =>
  whole === 0n ? 0 : Number((part * BPS) / whole);

/** From one value to a later one in basis points, as {@link bpsOf}. */
export const changeBps = (from: bigint, to: bigint): number => bpsOf(to - from, from);

/**
 * Basis points as percent with one decimal or two, always, so that a column lines up and a figure that changes keeps its
 * width. Rounded down: 100.0 % is reached, not nearly so.
 */
export function percent(bps: number, places: 1 | 2): string {
  const hundredths = `${bps % 100}`.padStart(2, '0');
  return `${Math.floor(bps / 100)}.${hundredths.slice(0, places)} %`;
}

/** With its sign, a true minus, and rounded towards zero, which has none: "+12.3 %", "−4.0 %", "0.0 %". */
export function signedPercent(bps: number, places: 1 | 2): string {
  const size = percent(Math.abs(bps), places);
  return readsAsZero(bps, places) ? size : `${bps > 0 ? '+' : '−'}${size}`;
}

/** Whether so little is written as 0 %. */
export const readsAsZero = (bps: number, places: 1 | 2): boolean => Math.abs(bps) < (places === 1 ? 10 : 1);

/** A part of a whole in percent; one too small to write is not nothing: "12.34 %", "<0.01 %", "0.00 %". */
export function shareText(part: bigint, whole: bigint): string {
  const bps = bpsOf(part, whole);
  return bps === 0 && part > 0n ? '<0.01 %' : percent(bps, 2);
}
