import type { Rejection } from '../../shared/rejections.ts';
import { exactSol, exactTokens } from '../ui/exact.ts';

/** To the minute, in UTC: "2026-01-31 17:00 UTC". */
const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Why the market has refused an order, with exact figures, and that nothing has changed. */
export function rejectionWords(rejection: Rejection): string {
  switch (rejection.reason) {
    case 'agent_not_found':
      return 'This agent does not exist. Nothing was done.';
    case 'agent_graduated':
      return 'It has graduated and trades in its pool now. Nothing was done.';
    case 'insufficient_sol':
      return `It takes ${exactSol(rejection.needed)}, and there is ${exactSol(rejection.available)}. Nothing was done.`;
    case 'insufficient_tokens':
      return `It takes ${exactTokens(rejection.needed)}, and there are ${exactTokens(rejection.available)}. Nothing was done.`;
    case 'too_few_tokens':
      return `Price moved: ${exactTokens(rejection.actual)} for it now, your limit was ${exactTokens(rejection.minimum)}. Nothing was bought.`;
    case 'too_much_sol':
      return `Price moved: it costs ${exactSol(rejection.actual)} now, your limit was ${exactSol(rejection.maximum)}. Nothing was bought.`;
    case 'too_little_sol':
      return `Price moved: it brings ${exactSol(rejection.actual)} now, your limit was ${exactSol(rejection.minimum)}. Nothing was sold.`;
    case 'amount_too_small':
      return 'The amount is too small. Nothing was done.';
    case 'symbol_taken':
      return `${rejection.symbol} is the symbol of another agent. Choose a different one.`;
    case 'order_conflict':
      return 'Another order has the same number. Try again.';
    case 'supply_limit':
      return `At most ${exactSol(rejection.available)} more can be given out.`;
    case 'tokens_locked':
      return `It takes ${exactTokens(rejection.needed)}: ${exactTokens(rejection.available)} are free, ${exactTokens(rejection.staked)} are staked. Unstake first; nothing was sold.`;
    case 'insufficient_stake':
      return `It takes ${exactTokens(rejection.needed)} at stake, and there are ${exactTokens(rejection.available)}. Nothing was done.`;
    case 'nothing_to_claim':
      return 'There are no rewards to claim yet.';
    case 'vault_not_found':
      return 'This vault does not exist. Nothing was done.';
    case 'not_the_manager':
      return 'Only its manager trades for a vault. Nothing was done.';
    case 'own_token':
      return 'A vault cannot buy an agent that its own manager created. Nothing was bought.';
    case 'too_many_positions':
      return `The vault holds ${rejection.limit} agents, the most it can. Sell one first; nothing was bought.`;
    case 'insufficient_shares':
      return `It takes ${rejection.needed} shares, and there are ${rejection.available}. Nothing was done.`;
    case 'too_few_shares':
      return `Share value moved: ${rejection.actual} shares for it now, your limit was ${rejection.minimum}. Nothing was deposited.`;
    case 'shares_limit':
      return `The vault can make ${rejection.available} more shares at most. Nothing was deposited.`;
    case 'season_running':
      return `Season ${rejection.season} runs until ${time(rejection.endsAt)}.`;
    case 'season_over':
      return `Season ${rejection.season} is not running.`;
    case 'faucet_empty':
      return `You have had today’s SOL. There is more at ${time(rejection.nextAt)}.`;
    default:
      return rejection satisfies never;
  }
}
