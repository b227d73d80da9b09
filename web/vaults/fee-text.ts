import { PERFORMANCE_FEE_MAX_BPS } from '../../shared/agent-rules.ts';
import { readAmount } from '../ui/amount-text.ts';

/** A fee in percent as basis points; `null` when it is none that a vault may have. */
export function feeBpsOf(text: string): number | null {
  const read = readAmount(text, 2);
  return read.kind === 'amount' && read.value <= BigInt(PERFORMANCE_FEE_MAX_BPS) ? Number(read.value) : null;
}
