import { formatSol } from '../../shared/format.ts';
import { type Lamports, lamports, type Shares, SOL_DECIMALS } from '../../shared/units.ts';
import { problemWords } from '../trade/trade-words.ts';
import { readAmount } from '../ui/amount-text.ts';
import { leastShares, type Stock, sharesOf } from './worth.ts';

/** A deposit that has been filled in, and what it would give now. */
export type DepositDraft =
  | { readonly kind: 'blank' }
  | { readonly kind: 'refused'; readonly why: string; readonly gives: Shares | null }
  | { readonly kind: 'ready'; readonly sol: Lamports; readonly gives: Shares; readonly least: Shares };

interface Standing {
  readonly stock: Stock;
  /** What the depositor has; `null` while it is not known, or nobody is signed in. */
  readonly balance: Lamports | null;
  readonly slippageBps: number;
}

export function draftedDeposit(text: string, { stock, balance, slippageBps }: Standing): DepositDraft {
  const read = readAmount(text, SOL_DECIMALS);
  if (read.kind === 'blank') return read;
  if (read.kind === 'invalid') {
    const why = problemWords({ reason: read.why, decimals: SOL_DECIMALS }, 'SOL');
    return { kind: 'refused', why, gives: null };
  }
  if (read.value === 0n) return { kind: 'blank' };
  const sol = lamports(read.value);
  const gives = sharesOf(sol, stock);
  if (gives === null) return { kind: 'refused', why: 'More than the vault can give shares for.', gives };
  if (gives === 0n) return { kind: 'refused', why: 'Too small for a share.', gives: null };
  if (balance !== null && sol > balance) {
    return { kind: 'refused', why: `You have ${formatSol(balance)} SOL.`, gives };
  }
  return { kind: 'ready', sol, gives, least: leastShares(gives, slippageBps) };
}
