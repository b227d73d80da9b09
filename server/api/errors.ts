import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import type { SessionProblem } from '../../shared/auth.ts';
import type { Rejection, RejectionReason } from '../../shared/rejections.ts';
import { formatDecimal, SOL_DECIMALS, TOKEN_DECIMALS } from '../../shared/units.ts';
import { SessionError } from '../identity/session.ts';
import { UnavailableError } from '../journal/executor.ts';
import { LimitedError } from '../realtime/ws/limited.ts';
import { requestIdOf } from './calls.ts';

/**
 * The one place where refusals become tRPC errors. The rejection itself travels in the error's `data.rejection`, a
 * schema violation in `data.issues`, and `data.retry` says whether the same call may be sent again.
 */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';
  constructor(readonly rejection: Rejection) {
    super(sentence(rejection));
  }
}

const CODES = {
  agent_not_found: 'NOT_FOUND',
  agent_graduated: 'PRECONDITION_FAILED',
  insufficient_sol: 'PRECONDITION_FAILED',
  insufficient_tokens: 'PRECONDITION_FAILED',
  too_few_tokens: 'PRECONDITION_FAILED',
  too_much_sol: 'PRECONDITION_FAILED',
  too_little_sol: 'PRECONDITION_FAILED',
  amount_too_small: 'UNPROCESSABLE_CONTENT',
  symbol_taken: 'CONFLICT',
  order_conflict: 'CONFLICT',
  supply_limit: 'PRECONDITION_FAILED',
  tokens_locked: 'PRECONDITION_FAILED',
  insufficient_stake: 'PRECONDITION_FAILED',
  nothing_to_claim: 'PRECONDITION_FAILED',
  vault_not_found: 'NOT_FOUND',
  not_the_manager: 'FORBIDDEN',
  own_token: 'FORBIDDEN',
  too_many_positions: 'PRECONDITION_FAILED',
  insufficient_shares: 'PRECONDITION_FAILED',
  too_few_shares: 'PRECONDITION_FAILED',
  shares_limit: 'PRECONDITION_FAILED',
  season_running: 'PRECONDITION_FAILED',
  season_over: 'PRECONDITION_FAILED',
  faucet_empty: 'TOO_MANY_REQUESTS',
} as const satisfies Record<RejectionReason, TRPCError['code']>;

export function rejectionError(rejection: Rejection): TRPCError {
  const cause = new RejectedError(rejection);
  return new TRPCError({ code: CODES[rejection.reason], message: cause.message, cause });
}

const sol = (amount: bigint): string => `${formatDecimal(amount, SOL_DECIMALS)} SOL`;
const tokens = (amount: bigint): string => `${formatDecimal(amount, TOKEN_DECIMALS)} tokens`;

/** What happened, in words a trader uses. */
function sentence(rejection: Rejection): string {
  switch (rejection.reason) {
    case 'agent_not_found':
      return `There is no agent ${rejection.agentId}.`;
    case 'agent_graduated':
      return `Agent ${rejection.agentId} has graduated; it no longer trades on the curve.`;
    case 'insufficient_sol':
      return `This needs ${sol(rejection.needed)}, there are ${sol(rejection.available)}. Nothing was done.`;
    case 'insufficient_tokens':
      return `This needs ${tokens(rejection.needed)}, there are ${tokens(rejection.available)}. Nothing was done.`;
    case 'too_few_tokens':
      return `The price moved: you would get ${tokens(rejection.actual)}, your minimum was ${tokens(rejection.minimum)}. Nothing was bought.`;
    case 'too_much_sol':
      return `The price moved: this would cost ${sol(rejection.actual)}, your maximum was ${sol(rejection.maximum)}. Nothing was bought.`;
    case 'too_little_sol':
      return `The price moved: you would get ${sol(rejection.actual)}, your minimum was ${sol(rejection.minimum)}. Nothing was sold.`;
    case 'amount_too_small':
      return 'The amount is too small.';
    case 'symbol_taken':
      return `The symbol ${rejection.symbol} is taken by agent ${rejection.agentId}.`;
    case 'order_conflict':
      return `The order id ${rejection.clientOrderId} was used for another order.`;
    case 'supply_limit':
      return `At most ${sol(rejection.available)} can still be credited.`;
    case 'tokens_locked':
      return `This needs ${tokens(rejection.needed)}: ${tokens(rejection.available)} are free, ${tokens(rejection.staked)} are staked. Unstake first; nothing was sold.`;
    case 'insufficient_stake':
      return `This needs ${tokens(rejection.needed)} at stake, there are ${tokens(rejection.available)}.`;
    case 'nothing_to_claim':
      return `There are no rewards to claim from agent ${rejection.agentId}.`;
    case 'vault_not_found':
      return `There is no vault ${rejection.vaultId}.`;
    case 'not_the_manager':
      return `Only its manager, ${rejection.manager}, trades for vault ${rejection.vaultId}.`;
    case 'own_token':
      return `Vault ${rejection.vaultId} cannot buy agent ${rejection.agentId}, which its own manager created.`;
    case 'too_many_positions':
      return `Vault ${rejection.vaultId} has ${rejection.limit} positions, the most there can be. Sell one first.`;
    case 'insufficient_shares':
      return `This needs ${rejection.needed} shares, there are ${rejection.available}.`;
    case 'too_few_shares':
      return `The value moved: you would get ${rejection.actual} shares, your minimum was ${rejection.minimum}. Nothing was deposited.`;
    case 'shares_limit':
      return `Vault ${rejection.vaultId} can make ${rejection.available} more shares at most.`;
    case 'season_running':
      return `Season ${rejection.season} runs until ${new Date(rejection.endsAt).toISOString()}.`;
    case 'season_over':
      return `Season ${rejection.season} is not running.`;
    case 'faucet_empty':
      return `This wallet has had its SOL of the day; the faucet gives again at ${new Date(rejection.nextAt).toISOString()}.`;
    default:
      return rejection satisfies never;
  }
}

/** Faults of the write path as the client may see them; anything else stays an internal error. */
export function unavailable(error: unknown): TRPCError | undefined {
  if (!(error instanceof UnavailableError)) return undefined;
  return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: error.message, cause: error });
}

/** Nobody is signed in where somebody must be, or no longer. */
export function unauthorized(problem: SessionProblem): TRPCError {
  const cause = new SessionError(problem);
  return new TRPCError({ code: 'UNAUTHORIZED', message: cause.message, cause });
}

export const forbidden = (message: string): TRPCError => new TRPCError({ code: 'FORBIDDEN', message });

/** One violation of an input's schema. */
export interface InputIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What an error's `data` carries beyond tRPC's own fields. */
export interface ErrorDetails {
  readonly rejection?: Rejection;
  readonly issues?: readonly InputIssue[];
  /** `same_order`: send the same clientOrderId again; it cannot be carried out twice. */
  readonly retry?: 'same_order';
  /** Why there is no session where one is needed. */
  readonly session?: SessionProblem;
  /** Seconds, with a fraction, after which the limit lets the same call through. */
  readonly retryAfter?: number;
  /** Under which the server has logged the call. */
  readonly requestId?: string;
}

export function errorDetails(error: TRPCError): ErrorDetails {
  const requestId = requestIdOf(error);
  return requestId === undefined ? causeDetails(error) : { ...causeDetails(error), requestId };
}

function causeDetails({ cause }: TRPCError): ErrorDetails {
  if (cause instanceof RejectedError) return { rejection: cause.rejection };
  if (cause instanceof UnavailableError) return { retry: 'same_order' };
  if (cause instanceof SessionError) return { session: cause.problem };
  if (cause instanceof LimitedError) return { retryAfter: Math.ceil(cause.waitMs) / 1000 };
  if (cause instanceof ZodError) {
    return {
      issues: cause.issues.map(({ path, message }) => ({
        path: path.map((part) => (typeof part === 'symbol' ? part.toString() : part)),
        message,
      })),
    };
  }
  return {};
}
