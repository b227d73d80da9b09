import { buyInput, createAgentInput, creditInput, sellInput } from '../../shared/inputs.ts';
import { entryOf, execute, requiredEntryOf } from './orders.ts';
import { operatorProcedure, router, walletProcedure } from './trpc.ts';

/**
 * Every mutation carries a clientOrderId: the same one again gives the same result, with other parameters it is a
 * CONFLICT. The receipt says where in the log the result is; by then subscriptions deliver it and queries show it.
 */
export const mutations = router({
  /** Creates an agent, with the creator's first buy in the same step when one is asked for. */
  createAgent: walletProcedure.input(createAgentInput).mutation(async ({ ctx, input }) => {
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

  /** Buys from an agent's curve, for an exact amount of SOL or of tokens. */
  buy: walletProcedure.input(buyInput).mutation(async ({ ctx, input }) => {
    const { wallet } = ctx.session;
    const { entries, receipt, repeated } = await execute(
      ctx.services,
      input.exact === 'sol'
        ? { ...input, kind: 'buy_for_sol', wallet }
        : { ...input, kind: 'buy_tokens', wallet },
    );
    return {
      receipt,
      repeated,
      trade: requiredEntryOf(entries, 'trade_executed'),
      graduation: entryOf(entries, 'agent_graduated') ?? null,
    };
  }),

  /** Sells tokens back to the curve. */
  sell: walletProcedure.input(sellInput).mutation(async ({ ctx, input }) => {
    const { entries, receipt, repeated } = await execute(ctx.services, {
      ...input,
      kind: 'sell_tokens',
      wallet: ctx.session.wallet,
    });
    return { receipt, repeated, trade: requiredEntryOf(entries, 'trade_executed') };
  }),

  /** Gives a wallet SOL. Operators only. */
  credit: operatorProcedure.input(creditInput).mutation(async ({ ctx, input }) => {
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
