/**
 * Basis points as percent with one decimal or two, always, so that a column lines up and a figure that changes keeps its
 * width. Rounded down: 100.0 % is reached, not nearly so.
 */
export function percent(bps: number, places: 1 | 2): string {
  const hundredths = `${bps % 100}`.padStart(2, '0');
  return `${Math.floor(bps / 100)}.${hundredths.slice(0, places)} %`;
}
