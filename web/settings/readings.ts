import { formatDecimal, SOL_DECIMALS } from '../../shared/units.ts';
import { amountProblemText, readAmount } from '../ui/amount-text.ts';
import { isSolText, SLIPPAGE_MAX_BPS } from './settings.ts';

/** What somebody has typed for a setting: its value, or what is wrong with it. */
export type Reading<T> =
  | { readonly kind: 'fine'; readonly value: T }
  | { readonly kind: 'wrong'; readonly why: string };

const PERCENT_DECIMALS = 2;

/** Basis points as they are typed: "1.5" for 150. */
export const bpsText = (bps: number): string => formatDecimal(BigInt(bps), PERCENT_DECIMALS);

/** Reads a percentage as basis points, 0.01 % to the most that can be set. */
export function readPercent(text: string): Reading<number> {
  const amount = readAmount(text, PERCENT_DECIMALS);
  if (amount.kind === 'invalid') return wrong(amountProblemText(amount.why, PERCENT_DECIMALS));
  if (amount.kind === 'blank') return wrong('Enter a percentage.');
  if (amount.value === 0n) return wrong('It must be more than 0.');
  if (amount.value > SLIPPAGE_MAX_BPS) return wrong(`At most ${bpsText(SLIPPAGE_MAX_BPS)} %.`);
  return { kind: 'fine', value: Number(amount.value) };
}

/** Reads an amount of SOL, as the decimal text that is stored: "0,50" is "0.5". */
export function readSol(text: string): Reading<string> {
  const amount = readAmount(text, SOL_DECIMALS);
  if (amount.kind === 'invalid') return wrong(amountProblemText(amount.why, SOL_DECIMALS));
  if (amount.kind === 'blank') return wrong('Enter an amount of SOL.');
  if (amount.value === 0n) return wrong('It must be more than 0.');
  const value = formatDecimal(amount.value, SOL_DECIMALS);
  return isSolText(value) ? { kind: 'fine', value } : wrong('That is more SOL than there is.');
}

const wrong = (why: string): Reading<never> => ({ kind: 'wrong', why });
