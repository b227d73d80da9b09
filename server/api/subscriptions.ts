import {
  onAccountInput,
  onActivityInput,
  onAgentCreatedInput,
  onAgentInput,
  onGraduationInput,
  onKingInput,
  onOlympicsInput,
  onPriceInput,
  onStakingInput,
  onTradeInput,
  onVaultInput,
  onVaultsInput,
} from '../../shared/inputs.ts';
import { unauthorized } from './errors.ts';
import { requireVault } from './platform-queries.ts';
import { withSession } from './private-streams.ts';
import { requireAgent } from './queries.ts';
import { publicProcedure, router, walletProcedure } from './trpc.ts';

/**
 * Every subscription gives items whose `data` is a message: first a snapshot, or, resumed with `lastEventId`, what came
 * after it; then the messages of the channel as they are committed. `snapshot` means "replace your view", whenever
 * it comes; everything else "fold into it".
 */
export const subscriptions = router({
  onTrade: publicProcedure
    .meta({ description: 'Every trade; filters narrow what is delivered.', channel: 'trades' })
    .input(onTradeInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.trades({ ...input, signal })),

  onPrice: publicProcedure
    .meta({
      description: 'The latest price of each agent, or of those asked for. Values in between may be skipped.',
      channel: 'prices',
    })
    .input(onPriceInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.prices({ ...input, signal })),

  onAgent: publicProcedure
    .meta({ description: 'Everything that happens to one agent.', channel: 'agent' })
    .input(onAgentInput)
    .subscription(({ ctx, input, signal }) => {
      const { views, feeds } = ctx.services;
      const { agentId } = requireAgent(views, input.agentId);
      return feeds.agent(agentId, { lastEventId: input.lastEventId, signal });
    }),

  onGraduation: publicProcedure
    .meta({ description: 'Every graduation.', channel: 'graduations' })
    .input(onGraduationInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.graduations({ ...input, signal })),

  onAgentCreated: publicProcedure
    .meta({ description: 'Every new agent.', channel: 'agents' })
    .input(onAgentCreatedInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.agents({ ...input, signal })),

  onKing: publicProcedure
    .meta({ description: 'Who is king of the hill.', channel: 'kings' })
    .input(onKingInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.kings({ ...input, signal })),

  onActivity: publicProcedure
    .meta({
      description: 'What is worth telling everybody: all of it, or the kinds asked for.',
      channel: 'activities',
    })
    .input(onActivityInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.activities({ ...input, signal })),

  onOlympics: publicProcedure
    .meta({
      description: "The running season's standings, at most twice a second, and how the last one ended.",
      channel: 'olympics',
    })
    .input(onOlympicsInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.olympics({ ...input, signal })),

  onStaking: publicProcedure
    .meta({
      description:
        'What is at stake and what it has earned, in every agent or in one. Values in between may be skipped.',
      channel: 'staking',
    })
    .input(onStakingInput)
    .subscription(({ ctx, input, signal }) => {
      const { views, feeds } = ctx.services;
      if (input.agentId !== undefined) requireAgent(views, input.agentId);
      return feeds.staking({ ...input, signal });
    }),

  onVaults: publicProcedure
    .meta({
      description: 'The largest vaults at the prices of now, at most twice a second.',
      channel: 'vaults',
    })
    .input(onVaultsInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.vaults({ ...input, signal })),

  onVault: publicProcedure
    .meta({ description: 'Every deposit, withdrawal and trade of one vault.', channel: 'vault' })
    .input(onVaultInput)
    .subscription(({ ctx, input, signal }) => {
      const { views, feeds } = ctx.services;
      const { vaultId } = requireVault(views, input.vaultId);
      return feeds.vault(vaultId, { lastEventId: input.lastEventId, signal });
    }),

  onAccount: walletProcedure
    .meta({ description: "All that changes what the session's wallet has.", channel: 'account' })
    .input(onAccountInput)
    .subscription(({ ctx, input, signal }) => {
      const { wallet } = ctx.session;
      const { session } = ctx.principal;
      // The connection may have come to speak for another wallet since: its session is not the one to end this.
      if (session !== null && session.wallet !== wallet) throw unauthorized('replaced');
      return ctx.services.feeds.account(wallet, { ...input, signal: withSession(signal, ctx.principal) });
    }),
});
