import { expect, it } from 'vitest';
import { fuzz } from './run.ts';

const ATTACKS = 200_000;
/** The same attacks each time; `npm run fuzz` makes others. */
const SEED = 20_260;

it(`holds under ${ATTACKS} hostile handshakes and frames (seed ${SEED})`, { timeout: 400_000 }, async () => {
  const report = await fuzz({ attacks: ATTACKS, seed: SEED });
  // What went wrong comes first, and says more than the numbers behind it.
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe('held');
  expect(report.attacks).toBeGreaterThanOrEqual(ATTACKS);
  expect(Math.min(...Object.values(report.byKind))).toBeGreaterThanOrEqual(200);
});
