import type { SuperJSONResult } from 'superjson';
import { agentId, clientOrderId, vaultId, walletAddress } from '../../shared/ids.ts';
import type { Rejection, RejectionReason } from '../../shared/rejections.ts';
import { shares, sol, tokens } from '../../shared/units.ts';
import { rejectionError } from '../api/errors.ts';
import { transformer } from '../api/transformer.ts';
import { httpStatusOf } from './error-codes.ts';
import { EXAMPLE_WALLET } from './examples.ts';

/** One refusal of every reason: one that is missing does not compile. */
const SAMPLES: { readonly [R in RejectionReason]: Extract<Rejection, { reason: R }> } = {
  agent_not_found: { reason: 'agent_not_found', agentId: agentId('12') },
  agent_graduated: { reason: 'agent_graduated', agentId: agentId('12') },
  insufficient_sol: { reason: 'insufficient_sol', needed: sol('2'), available: sol('0.5') },
  insufficient_tokens: { reason: 'insufficient_tokens', needed: tokens('900'), available: tokens('250') },
  too_few_tokens: { reason: 'too_few_tokens', minimum: tokens('1000'), actual: tokens('982.5') },
  too_much_sol: { reason: 'too_much_sol', maximum: sol('1'), actual: sol('1.018') },
  too_little_sol: { reason: 'too_little_sol', minimum: sol('1'), actual: sol('0.982') },
  amount_too_small: { reason: 'amount_too_small' },
  symbol_taken: { reason: 'symbol_taken', symbol: 'ADA', agentId: agentId('12') },
  order_conflict: { reason: 'order_conflict', clientOrderId: clientOrderId('buy-1') },
  supply_limit: { reason: 'supply_limit', available: sol('100') },
  tokens_locked: {
    reason: 'tokens_locked',
    needed: tokens('900'),
    available: tokens('250'),
    staked: tokens('700'),
  },
  insufficient_stake: { reason: 'insufficient_stake', needed: tokens('900'), available: tokens('700') },
  nothing_to_claim: { reason: 'nothing_to_claim', agentId: agentId('12') },
  vault_not_found: { reason: 'vault_not_found', vaultId: vaultId('3') },
  not_the_manager: {
    reason: 'not_the_manager',
    vaultId: vaultId('3'),
    manager: walletAddress(EXAMPLE_WALLET),
  },
  own_token: { reason: 'own_token', vaultId: vaultId('3'), agentId: agentId('12') },
  too_many_positions: { reason: 'too_many_positions', vaultId: vaultId('3'), limit: 20 },
  insufficient_shares: { reason: 'insufficient_shares', needed: shares(900n), available: shares(250n) },
  too_few_shares: { reason: 'too_few_shares', minimum: shares(1_000n), actual: shares(982n) },
  shares_limit: { reason: 'shares_limit', vaultId: vaultId('3'), available: shares(1_000n) },
  season_running: { reason: 'season_running', season: 4, endsAt: Date.UTC(2026, 0, 2) },
  season_over: { reason: 'season_over', season: 4 },
  faucet_empty: { reason: 'faucet_empty', nextAt: Date.UTC(2026, 0, 2) },
};

/** Why the market refuses, as a client sees it. */
export interface Refusal {
  readonly reason: string;
  /** tRPC's. */
  readonly code: string;
  readonly httpStatus: number;
  /** An example of what is in `error.data.rejection`, as it goes over the wire. */
  readonly rejection: SuperJSONResult;
  /** What it says beside its reason. */
  readonly fields: readonly string[];
  /** Made from it. */
  readonly message: string;
}

/** Every reason, as `server/api/errors.ts` answers it. */
export const refusals = (): readonly Refusal[] =>
  Object.values(SAMPLES).map((rejection) => {
    const { reason } = rejection;
    const { code, message } = rejectionError(rejection);
    return {
      reason,
      code,
      httpStatus: httpStatusOf(code),
      rejection: transformer.output.serialize(rejection),
      fields: Object.keys(rejection).filter((field) => field !== 'reason'),
      message,
    };
  });
