import { AMOUNT_LIMIT } from '../../shared/units.ts';

/** What somebody has typed as an amount. */
export type AmountText =
  | { readonly kind: 'blank' }
  | { readonly kind: 'amount'; readonly value: bigint }
  | { readonly kind: 'invalid'; readonly why: AmountProblem };

/** `ambiguous`: its comma may be a decimal one or set thousands apart. `too_large`: more than any amount can be. */
export type AmountProblem = 'not_a_number' | 'ambiguous' | 'too_many_decimals' | 'too_large';

/** More digits than this in front of the point are no amount; it keeps what is pasted from becoming a huge number. */
const MOST_DIGITS = 19;
const GROUPED = /^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;
const ONE_GROUP = /^[1-9]\d{0,2},\d{3}$/;

/**
 * Reads an amount as people write it, exactly, in units of 10^-decimals: "0,5" and ".5" are a half, "1,204.50" is as this
 * page shows it. "1,204" could be either; a wrong guess would be a thousand times too much, so it is not read.
 */
export function readAmount(text: string, decimals: number): AmountText {
  const bare = text.replace(/\s/g, '');
  if (bare === '') return { kind: 'blank' };
  if (ONE_GROUP.test(bare)) return { kind: 'invalid', why: 'ambiguous' };
  const plain = GROUPED.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.');
  const [, whole = '', fraction = ''] = /^(\d*)(?:\.(\d*))?$/.exec(plain) ?? [];
  if (whole === '' && fraction === '') return { kind: 'invalid', why: 'not_a_number' };
  if (fraction.length > decimals) return { kind: 'invalid', why: 'too_many_decimals' };
  if (whole.replace(/^0+/, '').length > MOST_DIGITS) return { kind: 'invalid', why: 'too_large' };
  const value = BigInt(whole + fraction.padEnd(decimals, '0'));
  return value < AMOUNT_LIMIT ? { kind: 'amount', value } : { kind: 'invalid', why: 'too_large' };
}

/** What is wrong with it, for whoever has typed it. */
export function amountProblemText(problem: AmountProblem, decimals: number): string {
  switch (problem) {
    case 'not_a_number':
      return 'Not a number.';
    case 'ambiguous':
      return 'Unclear comma: use a point, or leave it out.';
    case 'too_many_decimals':
      return `At most ${decimals} decimals.`;
    case 'too_large':
      return 'More than there can be.';
    default:
      return problem satisfies never;
  }
}
