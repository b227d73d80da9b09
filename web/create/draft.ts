import { IMAGE_URL, NAME, PURPOSE, SYMBOL, tidied } from '../../shared/agent-rules.ts';
import { type Fill, fillBuyTokens, INITIAL_CURVE, tokensForSpend, walletSol } from '../../shared/curve.ts';
import { formatSol } from '../../shared/format.ts';
import { type Lamports, lamports, SOL_DECIMALS } from '../../shared/units.ts';
import { problemWords } from '../trade/trade-words.ts';
import { readAmount } from '../ui/amount-text.ts';

/** An agent as it is being written. */
export interface Draft {
  readonly name: string;
  readonly symbol: string;
  readonly purpose: string;
  readonly imageUrl: string;
  /** SOL, as it was typed. */
  readonly firstBuy: string;
}

export const EMPTY_DRAFT: Draft = { name: '', symbol: '', purpose: '', imageUrl: '', firstBuy: '' };

/** What is wrong with a field, in the words in which the server would refuse it; `true` when nothing is. */
export const checks = {
  name: (text: string) => NAME.accepts(tidied(text)) || `The name ${NAME.words}.`,
  symbol: (text: string) => SYMBOL.accepts(text) || `The symbol ${SYMBOL.words}.`,
  purpose: (text: string) => PURPOSE.accepts(tidied(text)) || `The purpose ${PURPOSE.words}.`,
  imageUrl: (text: string) =>
    text.trim() === '' || IMAGE_URL.accepts(text.trim()) || `The image ${IMAGE_URL.words}.`,
} as const;

/** What the creator buys in the same step. */
export type FirstBuy =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'bought'; readonly spend: Lamports; readonly fill: Fill };

/** @param balance what the creator has; `null` while it is not known, or nobody is signed in */
export function firstBuyOf(text: string, balance: Lamports | null): FirstBuy {
  const read = readAmount(text, SOL_DECIMALS);
  if (read.kind === 'blank') return { kind: 'none' };
  if (read.kind === 'invalid') {
    return { kind: 'refused', why: problemWords({ reason: read.why, decimals: SOL_DECIMALS }, 'SOL') };
  }
  const spend = lamports(read.value);
  const tokens = tokensForSpend(INITIAL_CURVE, spend);
  if (tokens === 0n) return { kind: 'refused', why: 'Too small to trade. Leave it empty to buy nothing.' };
  const fill = fillBuyTokens(INITIAL_CURVE, tokens);
  const cost = walletSol(fill);
  if (balance !== null && cost > balance)
    return { kind: 'refused', why: `You have ${formatSol(balance)} SOL.` };
  return { kind: 'bought', spend, fill };
}

/** What is sent to create the agent. Nobody can trade before its creator, so the first buy gives exactly what was shown. */
export function inputOf({ name, symbol, purpose, imageUrl }: Draft, firstBuy: FirstBuy) {
  return {
    name: tidied(name),
    symbol,
    purpose: tidied(purpose),
    ...(imageUrl.trim() === '' ? {} : { imageUrl: imageUrl.trim() }),
    ...(firstBuy.kind === 'bought'
      ? { firstBuy: { sol: firstBuy.spend, minTokens: firstBuy.fill.tokens } }
      : {}),
  };
}
