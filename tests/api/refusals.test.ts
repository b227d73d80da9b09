import { type TRPCClient, TRPCClientError } from '@trpc/client';
import type { TRPCError } from '@trpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorDetails, rejectionError } from '../../server/api/errors.ts';
import type { AppRouter } from '../../server/api/router.ts';
import { type AgentId, agentId, clientOrderId, type VaultId, vaultId } from '../../shared/ids.ts';
import type { Rejection, RejectionReason } from '../../shared/rejections.ts';
import { lamports, shares, sol, tokens } from '../../shared/units.ts';
import { MAX_POSITIONS } from '../../shared/vaults.ts';
import { SessionServer } from '../support/session-server.ts';
import type { TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

type Sample<R extends RejectionReason> = readonly [
  code: TRPCError['code'],
  rejection: Extract<Rejection, { reason: R }>,
  says: RegExp,
];

const one = agentId('1');
const first = vaultId('1');

/** One refusal of each reason, with its code and what its sentence must say. */
const samples: { readonly [R in RejectionReason]: Sample<R> } = {
  agent_not_found: ['NOT_FOUND', { reason: 'agent_not_found', agentId: one }, /agent 1/],
  agent_graduated: ['PRECONDITION_FAILED', { reason: 'agent_graduated', agentId: one }, /graduated/],
  insufficient_sol: [
    'PRECONDITION_FAILED',
    { reason: 'insufficient_sol', needed: sol('1.5'), available: sol('1') },
    /1\.5 SOL.* 1 SOL/,
  ],
  insufficient_tokens: [
    'PRECONDITION_FAILED',
    { reason: 'insufficient_tokens', needed: tokens('2'), available: tokens('0.5') },
    /2 tokens.* 0\.5 tokens/,
  ],
  too_few_tokens: [
    'PRECONDITION_FAILED',
    { reason: 'too_few_tokens', minimum: tokens('2'), actual: tokens('1') },
    /1 tokens.* 2 tokens/,
  ],
  too_much_sol: [
    'PRECONDITION_FAILED',
    { reason: 'too_much_sol', maximum: sol('1'), actual: sol('2') },
    /2 SOL.* 1 SOL/,
  ],
  too_little_sol: [
    'PRECONDITION_FAILED',
    { reason: 'too_little_sol', minimum: sol('2'), actual: sol('1') },
    /1 SOL.* 2 SOL/,
  ],
  amount_too_small: ['UNPROCESSABLE_CONTENT', { reason: 'amount_too_small' }, /too small/],
  symbol_taken: ['CONFLICT', { reason: 'symbol_taken', symbol: 'ADA', agentId: one }, /ADA.* agent 1/],
  order_conflict: ['CONFLICT', { reason: 'order_conflict', clientOrderId: clientOrderId('twice') }, /twice/],
  supply_limit: [
    'PRECONDITION_FAILED',
    { reason: 'supply_limit', available: lamports(7n) },
    /0\.000000007 SOL/,
  ],
  tokens_locked: [
    'PRECONDITION_FAILED',
    { reason: 'tokens_locked', needed: tokens('3'), available: tokens('1'), staked: tokens('4') },
    /3 tokens.* 1 tokens.* 4 tokens.*[Uu]nstake/,
  ],
  insufficient_stake: [
    'PRECONDITION_FAILED',
    { reason: 'insufficient_stake', needed: tokens('3'), available: tokens('1') },
    /3 tokens.* 1 tokens/,
  ],
  nothing_to_claim: ['PRECONDITION_FAILED', { reason: 'nothing_to_claim', agentId: one }, /agent 1/],
  vault_not_found: ['NOT_FOUND', { reason: 'vault_not_found', vaultId: first }, /vault 1/],
  not_the_manager: [
    'FORBIDDEN',
    { reason: 'not_the_manager', vaultId: first, manager: wallet('mia') },
    new RegExp(wallet('mia')),
  ],
  own_token: ['FORBIDDEN', { reason: 'own_token', vaultId: first, agentId: one }, /[Vv]ault 1.* agent 1/],
  too_many_positions: [
    'PRECONDITION_FAILED',
    { reason: 'too_many_positions', vaultId: first, limit: 20 },
    /20/,
  ],
  insufficient_shares: [
    'PRECONDITION_FAILED',
    { reason: 'insufficient_shares', needed: shares(3n), available: shares(1n) },
    /3 shares.* 1/,
  ],
  too_few_shares: [
    'PRECONDITION_FAILED',
    { reason: 'too_few_shares', minimum: shares(3n), actual: shares(1n) },
    /1 shares.* 3/,
  ],
  shares_limit: [
    'PRECONDITION_FAILED',
    { reason: 'shares_limit', vaultId: first, available: shares(9n) },
    /9 more shares/,
  ],
  season_running: [
    'PRECONDITION_FAILED',
    { reason: 'season_running', season: 3, endsAt: Date.UTC(2026, 0, 1) },
    /[Ss]eason 3.*2026-01-01T00:00:00/,
  ],
  season_over: ['PRECONDITION_FAILED', { reason: 'season_over', season: 3 }, /[Ss]eason 3/],
  faucet_empty: [
    'TOO_MANY_REQUESTS',
    { reason: 'faucet_empty', nextAt: Date.UTC(2026, 0, 2) },
    /faucet.*2026-01-02T00:00:00/,
  ],
};

describe('a refusal', () => {
  it.each(Object.values(samples))(
    '%s: %o says so in a sentence, and carries all of it',
    (code, rejection, says) => {
      const error = rejectionError(rejection);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(says);
      expect(error.message).toMatch(/\.$/);
      expect(errorDetails(error)).toEqual({ rejection });
    },
  );
});

describe('over a connection', () => {
  let server: SessionServer;
  let market: TestMarket;
  let client: TRPCClient<AppRouter>;
  let manager: TRPCClient<AppRouter>;
  let agent: AgentId;
  let vault: VaultId;

  beforeEach(async () => {
    server = await SessionServer.open();
    market = server.market;
    const [ann, mia] = [await market.fund('ann', '20000000'), await market.fund('mia')];
    [client, manager] = [server.connect({ wallet: ann }), server.connect({ wallet: mia })];
    agent = await market.createAgent('ONE');
    await market.buy(ann, agent, '1');
    vault = (await manager.createVault.mutate({ ...order(), name: 'Slow' })).vault.vaultId;
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const order = () => ({ clientOrderId: market.orderId() });
  const deposit = (amount: string) =>
    client.vaultDeposit.mutate({ ...order(), vaultId: vault, sol: sol(amount) });
  const vaultBuys = (by: TRPCClient<AppRouter>, bought: AgentId) =>
    by.vaultBuy.mutate({ ...order(), vaultId: vault, agentId: bought, exact: 'sol', sol: sol('0.01') });

  const attempts = {
    tokens_locked: async () => {
      await client.stake.mutate({ ...order(), agentId: agent, tokens: tokens('30000000') });
      return client.sell.mutate({ ...order(), agentId: agent, tokens: tokens('20000000') });
    },
    insufficient_stake: () => client.unstake.mutate({ ...order(), agentId: agent, tokens: tokens('1') }),
    nothing_to_claim: () => client.claimRewards.mutate({ ...order(), agentId: agent }),
    vault_not_found: () => client.vault.query({ vaultId: '99' }),
    not_the_manager: () => vaultBuys(client, agent),
    own_token: async () => vaultBuys(manager, await market.createAgent('OWN', wallet('mia'))),
    too_many_positions: async () => {
      await deposit('10');
      for (let number = 0; number < MAX_POSITIONS; number += 1) {
        await vaultBuys(manager, await market.createAgent(`P${number}`));
      }
      return vaultBuys(manager, agent);
    },
    insufficient_shares: () => client.vaultWithdraw.mutate({ ...order(), vaultId: vault, shares: 1n }),
    too_few_shares: () =>
      client.vaultDeposit.mutate({ ...order(), vaultId: vault, sol: 1n, minShares: 10n ** 9n }),
    shares_limit: () => deposit('10000000'),
    faucet_empty: async () => {
      await client.faucet.mutate(order());
      return client.faucet.mutate(order());
    },
  } satisfies Partial<Record<RejectionReason, () => Promise<unknown>>>;

  it.each(Object.entries(attempts))(
    '%s has its code and its details, amounts as bigints',
    async (reason, attempt) => {
      const error: unknown = await attempt().then(
        () => new Error('it was accepted'),
        (cause: unknown) => cause,
      );
      if (!(error instanceof TRPCClientError)) throw error;
      const { data, message }: TRPCClientError<AppRouter> = error;
      const sample = Object.values(samples).find(([, rejection]) => rejection.reason === reason);
      expect(data?.code).toBe(sample?.[0]);
      expect(data?.rejection?.reason).toBe(reason);
      const expected = Object.entries(sample?.[1] ?? {}).map(([name, value]) => [name, typeof value]);
      const actual = Object.entries(data?.rejection ?? {}).map(([name, value]) => [name, typeof value]);
      expect(actual.toSorted()).toEqual(expected.toSorted());
      expect(message).toMatch(/\.$/);
      expect(data?.stack).toBeUndefined();
    },
  );
});
