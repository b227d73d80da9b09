import {
  onAgentCreatedInput,
  onAgentInput,
  onGraduationInput,
  onPriceInput,
  onTradeInput,
} from '../../shared/inputs.ts';
import { requireAgent } from './queries.ts';
import { publicProcedure, router } from './trpc.ts';

/**
 * Every subscription gives items whose `data` is a message: first a snapshot, or, resumed with `lastEventId`, what came
 * after it; then the messages of the channel as they are committed. `snapshot` means "replace your view", whenever
 * it comes; everything else "fold into it".
 */
export const subscriptions = router({
  /** Every trade; filters narrow what is delivered. */
  onTrade: publicProcedure
    .input(onTradeInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.trades({ ...input, signal })),

  /** The latest price of each agent, or of those asked for. Values in between may be skipped. */
  onPrice: publicProcedure
    .input(onPriceInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.prices({ ...input, signal })),

  /** Everything that happens to one agent. */
  onAgent: publicProcedure.input(onAgentInput).subscription(({ ctx, input, signal }) => {
    const { views, feeds } = ctx.services;
    const { agentId } = requireAgent(views, input.agentId);
    return feeds.agent(agentId, { lastEventId: input.lastEventId, signal });
  }),

  /** Every graduation. */
  onGraduation: publicProcedure
    .input(onGraduationInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.graduations({ ...input, signal })),

  /** Every new agent. */
  onAgentCreated: publicProcedure
    .input(onAgentCreatedInput)
    .subscription(({ ctx, input, signal }) => ctx.services.feeds.agents({ ...input, signal })),
});
