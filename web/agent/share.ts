import { percent } from '../ui/percent.ts';

const BPS = 10_000n;

/** A part of a whole in percent; one too small to write is not nothing: "12.34 %", "<0.01 %", "0.00 %". */
export function shareText(part: bigint, whole: bigint): string {
  const bps = whole === 0n ? 0 : Number((part * BPS) / whole);
  return bps === 0 && part > 0n ? '<0.01 %' : percent(bps, 2);
}
