import {
  type BuyInput,
  buyInput,
  claimRewardsInput,
  createAgentInput,
  createVaultInput,
  creditInput,
  faucetInput,
  type SellInput,
  sellInput,
  stakeInput,
  unstakeInput,
  vaultBuyInput,
  vaultDepositInput,
  vaultSellInput,
  vaultWithdrawInput,
} from '../../shared/inputs.ts';
import type { TradeTerms } from '../market/command.ts';
import { forbidden } from './errors.ts';
import { withinLimit } from './limits.ts';
import { type Accepted, entryOf, execute, requiredEntryOf } from './orders.ts';
import { creationProcedure, operatorProcedure, orderProcedure, router, walletProcedure } from './trpc.ts';

/**
 * Every mutation carries a clientOrderId: the same one again gives the same result, with other parameters it is a
 * CONFLICT. The receipt says where in the log the result is; by then subscriptions deliver it and queries show it.
 */
export const mutations = router({
  createAgent: creationProcedure
    .meta({
      description: "Creates an agent, with the creator's first buy in the same step when one is asked for.",
    })
    .input(createAgentInput)
    .mutation(async ({ ctx, input }) => {
      const { entries, receipt, repeated } = await execute(ctx.services, {
        ...input,
        kind: 'create_agent',
        wallet: ctx.session.wallet,
        firstBuy: input.firstBuy ?? null,
      });
      return {
        receipt,
        repeated,
        agent: requiredEntryOf(entries, 'agent_created'),
        firstBuy: entryOf(entries, 'trade_executed') ?? null,
        graduation: entryOf(entries, 'agent_graduated') ?? null,
      };
    }),

  buy: orderProcedure
    .meta({ description: "Buys from an agent's curve, for an exact amount of SOL or of tokens." })
    .input(buyInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { clientOrderId } = input;
      return bought(await execute(ctx.services, { wallet, clientOrderId, ...buyTerms(input) }));
    }),

  sell: orderProcedure
    .meta({ description: 'Sells tokens back to the curve. Staked tokens cannot be sold.' })
    .input(sellInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { clientOrderId } = input;
      return sold(await execute(ctx.services, { wallet, clientOrderId, ...sellTerms(input) }));
    }),

  stake: orderProcedure
    .meta({
      description:
        'Puts tokens at stake: they earn a fifth of the protocol fee of every trade in the agent, with all that is staked.',
    })
    .input(stakeInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { entries, ...accepted } = await execute(ctx.services, { ...input, kind: 'stake', wallet });
      return { ...accepted, staked: requiredEntryOf(entries, 'staked') };
    }),

  unstake: orderProcedure
    .meta({ description: 'Takes tokens back. What they have earned stays to be claimed.' })
    .input(unstakeInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { entries, ...accepted } = await execute(ctx.services, { ...input, kind: 'unstake', wallet });
      return { ...accepted, unstaked: requiredEntryOf(entries, 'unstaked') };
    }),

  claimRewards: orderProcedure
    .meta({ description: "Pays what the wallet's stake in an agent has earned." })
    .input(claimRewardsInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { entries, ...accepted } = await execute(ctx.services, {
        ...input,
        kind: 'claim_rewards',
        wallet,
      });
      return { ...accepted, claim: requiredEntryOf(entries, 'rewards_claimed') };
    }),

  createVault: creationProcedure
    .meta({ description: 'Opens a vault, whose manager is the caller.' })
    .input(createVaultInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { entries, ...accepted } = await execute(ctx.services, {
        ...input,
        kind: 'create_vault',
        wallet,
      });
      return { ...accepted, vault: requiredEntryOf(entries, 'vault_created') };
    }),

  vaultDeposit: orderProcedure
    .meta({ description: 'Gives a vault SOL for shares, its tokens taken at the price of now.' })
    .input(vaultDepositInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { entries, ...accepted } = await execute(ctx.services, {
        ...input,
        kind: 'vault_deposit',
        wallet,
      });
      return { ...accepted, deposit: requiredEntryOf(entries, 'vault_deposited') };
    }),

  vaultWithdraw: orderProcedure
    .meta({ description: 'Gives shares back for their part of everything the vault has, in kind.' })
    .input(vaultWithdrawInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { entries, ...accepted } = await execute(ctx.services, {
        ...input,
        kind: 'vault_withdraw',
        wallet,
      });
      return { ...accepted, withdrawal: requiredEntryOf(entries, 'vault_withdrawn') };
    }),

  vaultBuy: orderProcedure
    .meta({ description: "Buys with a vault's SOL. Its manager only." })
    .input(vaultBuyInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { clientOrderId, vaultId } = input;
      const terms = buyTerms(input);
      return bought(
        await execute(ctx.services, { kind: 'vault_trade', wallet, clientOrderId, vaultId, terms }),
      );
    }),

  vaultSell: orderProcedure
    .meta({ description: "Sells a vault's tokens. Its manager only." })
    .input(vaultSellInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      const { clientOrderId, vaultId } = input;
      const terms = sellTerms(input);
      return sold(
        await execute(ctx.services, { kind: 'vault_trade', wallet, clientOrderId, vaultId, terms }),
      );
    }),

  faucet: walletProcedure
    .meta({ description: 'Gives the caller 10 SOL of paper money, once in a UTC day.' })
    .input(faucetInput)
    .mutation(async ({ ctx, input }) => {
      const { wallet } = ctx.session;
      if (!ctx.services.faucet) throw forbidden('This server gives no paper SOL.');
      await withinLimit(ctx, 'faucet');
      const { entries, ...accepted } = await execute(ctx.services, { ...input, kind: 'take_faucet', wallet });
      return { ...accepted, credit: requiredEntryOf(entries, 'wallet_credited') };
    }),

  credit: operatorProcedure
    .meta({ description: 'Gives a wallet SOL.' })
    .input(creditInput)
    .mutation(async ({ ctx, input }) => {
      const { entries, receipt, repeated } = await execute(ctx.services, {
        kind: 'credit_wallet',
        wallet: ctx.session.wallet,
        clientOrderId: input.clientOrderId,
        to: input.wallet,
        sol: input.sol,
      });
      return { receipt, repeated, credit: requiredEntryOf(entries, 'wallet_credited') };
    }),
});

const buyTerms = (input: BuyInput): TradeTerms => {
  const { agentId } = input;
  return input.exact === 'sol'
    ? { kind: 'buy_for_sol', agentId, sol: input.sol, minTokens: input.minTokens }
    : { kind: 'buy_tokens', agentId, tokens: input.tokens, maxSol: input.maxSol };
};

const sellTerms = ({ agentId, tokens, minSol }: SellInput): TradeTerms => ({
  kind: 'sell_tokens',
  agentId,
  tokens,
  minSol,
});

const bought = ({ entries, receipt, repeated }: Accepted) => ({
  receipt,
  repeated,
  trade: requiredEntryOf(entries, 'trade_executed'),
  graduation: entryOf(entries, 'agent_graduated') ?? null,
});

const sold = ({ entries, receipt, repeated }: Accepted) => ({
  receipt,
  repeated,
  trade: requiredEntryOf(entries, 'trade_executed'),
});
