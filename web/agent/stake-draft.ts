import { formatDecimal, TOKEN_DECIMALS, type TokenUnits, tokenUnits } from '../../shared/units.ts';
import { amountProblemText, readAmount } from '../ui/amount-text.ts';

/** What somebody has filled in to stake or take back. */
export type StakeDraft =
  | { readonly kind: 'blank' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'ready'; readonly tokens: TokenUnits };

/** Reads an amount of tokens of which so many are there. */
export function stakeDraft(text: string, available: TokenUnits): StakeDraft {
  const read = readAmount(text, TOKEN_DECIMALS);
  if (read.kind === 'blank') return read;
  if (read.kind === 'invalid') return { kind: 'refused', why: amountProblemText(read.why, TOKEN_DECIMALS) };
  if (read.value === 0n) return { kind: 'blank' };
  if (read.value > available) {
    return { kind: 'refused', why: `There are ${formatDecimal(available, TOKEN_DECIMALS)} at most.` };
  }
  return { kind: 'ready', tokens: tokenUnits(read.value) };
}
