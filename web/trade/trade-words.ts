import { walletSol } from '../../shared/curve.ts';
import { formatBps, formatSol, formatTokens } from '../../shared/format.ts';
import { ceilDiv } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { Failure } from '../orders/words.ts';
import { agentPath } from '../router.ts';
import { amountProblemText } from '../ui/amount-text.ts';
import { exactSol, exactTokens } from '../ui/exact.ts';
import type { ToastText } from '../ui/toasts.ts';
import type { Problem, Quote } from './quote.ts';
import type { TradeAnswer } from './send-trade.ts';

/** How trades are spoken of. Amounts are as on the rest of the page; where a few units decide, they are exact. */
type Named = Pick<AgentView, 'agentId' | 'symbol'>;

/** While there is no answer. */
export function pendingWords({ symbol }: Named, { wanted, fill }: Quote): string {
  switch (wanted.kind) {
    case 'buy_sol':
      return `Buying ${symbol} for ${formatSol(wanted.sol)} SOL`;
    case 'buy_tokens':
      return `Buying ${formatTokens(fill.tokens)} ${symbol}`;
    case 'sell':
      return `Selling ${formatTokens(fill.tokens)} ${symbol}`;
    default:
      return wanted satisfies never;
  }
}

/** What was done exactly, and where in the log it is. */
export function doneWords({ agentId, symbol }: Named, { trade, graduation }: TradeAnswer): ToastText {
  const { side, tokens, seq, protocolFee, creatorFee } = trade;
  const fee = exactSol(protocolFee + creatorFee);
  const position = `Entry ${seq.toLocaleString('en-US')}, fee ${fee}.`;
  return {
    title: `${side === 'buy' ? 'Bought' : 'Sold'} ${formatTokens(tokens)} ${symbol} for ${formatSol(walletSol(trade))} SOL`,
    detail: graduation === null ? position : `${position} ${symbol} has graduated with it.`,
    link: { href: agentPath(agentId), label: `See ${symbol}` },
  };
}

export const notPlaced = ({ symbol }: Named, side: 'buy' | 'sell'): string =>
  `${symbol} not ${side === 'buy' ? 'bought' : 'sold'}`;

interface RefusedTrade {
  readonly quote: Quote;
  readonly failure: Failure;
}

/** Why a trade was not carried out. Against its quote it is known by how much the price has moved. */
export function refusedWords(agent: Named, { quote, failure }: RefusedTrade): ToastText {
  const { side } = quote.fill;
  const title = failure.kind === 'unknown' ? failure.words.title : notPlaced(agent, side);
  const moved = movedBps(quote, failure);
  if (moved === null) return { title, detail: failure.words.detail };
  const limit = formatBps(quote.slippageBps);
  const nothing = side === 'buy' ? 'Nothing was bought.' : 'Nothing was sold.';
  return { title, detail: `Price moved ${formatBps(moved)}, your limit was ${limit}. ${nothing}` };
}

/** How much worse than quoted it would have come out, rounded up: never shown as within the limit that it broke. */
function movedBps({ fill, walletSol: quoted }: Quote, { rejection }: Failure): number | null {
  const worse = (by: bigint, of: bigint): number => Number(ceilDiv(by * 10_000n, of));
  switch (rejection?.reason) {
    case 'too_few_tokens':
      return worse(fill.tokens - rejection.actual, fill.tokens);
    case 'too_much_sol':
      return worse(rejection.actual - quoted, quoted);
    case 'too_little_sol':
      return worse(quoted - rejection.actual, quoted);
    default:
      return null;
  }
}

/** What keeps a draft from being placed. */
export function problemWords(problem: Problem, symbol: string): string {
  switch (problem.reason) {
    case 'not_a_number':
    case 'ambiguous':
    case 'too_many_decimals':
    case 'too_large':
      return amountProblemText(problem.reason, problem.decimals);
    case 'too_small':
      return 'Too small to trade.';
    case 'sold_out':
      return `No ${symbol} is left on the curve.`;
    case 'more_than_sold':
      return `Only ${exactTokens(problem.available, symbol)} are in circulation.`;
    case 'insufficient_sol':
      return lackWords(problem);
    case 'insufficient_tokens':
      return problem.available === 0n
        ? `There is no ${symbol} to sell.`
        : `Only ${exactTokens(problem.available, symbol)} can be sold.`;
    case 'tokens_locked':
      return `${formatTokens(problem.available)} free, ${formatTokens(problem.staked)} staked. Unstake first.`;
    default:
      return problem satisfies never;
  }
}

/** Exact where as it is shown elsewhere it would seem to be enough. */
function lackWords({ needed, available }: Extract<Problem, { reason: 'insufficient_sol' }>): string {
  const [cost, there] = [formatSol(needed), formatSol(available)];
  if (cost === there) return `Costs ${exactSol(needed)}, ${exactSol(available)} available.`;
  return `Costs ${cost} SOL, ${there} SOL available.`;
}
