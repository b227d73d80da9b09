import {
  type Curve,
  type Fill,
  fillBuyTokens,
  fillSellTokens,
  priceImpactBps,
  saleProceeds,
  spotPrice,
  tokensForSpend,
  tokensSold,
  walletSol,
} from '../../shared/curve.ts';
import type { AgentId } from '../../shared/ids.ts';
import {
  agentInput,
  agentsInput,
  candlesInput,
  holdersInput,
  portfolioInput,
  type QuoteInput,
  quoteInput,
  sparklinesInput,
  tradesInput,
} from '../../shared/inputs.ts';
import { lamports } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { allCandles, emptyCandles } from '../../shared/views/candles.ts';
import { largestHolders } from '../../shared/views/holders.ts';
import { sparklineOf } from '../../shared/views/sparkline.ts';
import { isTrade } from '../feeds/sources.ts';
import type { ViewsState } from '../feeds/views.ts';
import { CLOSE } from '../realtime/ws/close-codes.ts';
import { rejectionError } from './errors.ts';
import { beforeOf, nextCursor } from './pages.ts';
import { operatorProcedure, publicProcedure, router } from './trpc.ts';

/** Queries read the views, which show exactly what is durable: everything up to the `seq` beside the answer. */
export const queries = router({
  quote: publicProcedure
    .meta({
      description: 'What a trade would do now, fees included. The market may move before the trade comes.',
    })
    .input(quoteInput)
    .query(({ ctx, input }) => {
      const agent = requireAgent(ctx.services.views, input.agentId);
      if (agent.phase.kind === 'graduated') {
        throw rejectionError({ reason: 'agent_graduated', agentId: agent.agentId });
      }
      const fill = quoteFill(agent.curve, input);
      return {
        fill,
        /** What the wallet pays, or gets. */
        walletSol: walletSol(fill),
        priceBefore: agent.price,
        priceAfter: spotPrice(fill.after),
        impactBps: priceImpactBps(agent.curve, fill),
        graduates: fill.after.realTokens === 0n,
        /** The entry whose reserves the quote rests on. */
        seq: agent.seq,
      };
    }),

  agents: publicProcedure
    .meta({ description: 'A page of agents, sorted and searched.' })
    .input(agentsInput)
    .query(({ ctx, input }) => ctx.services.directory.page(input)),

  agent: publicProcedure
    .meta({ description: 'One agent: who it is, its curve, its price and what was traded.' })
    .input(agentInput)
    .query(({ ctx, input }) => requireAgent(ctx.services.views, input.agentId)),

  candles: publicProcedure
    .meta({ description: 'The newest candles, oldest first. Intervals without a trade have none.' })
    .input(candlesInput)
    .query(({ ctx, input }) => {
      const { agentId, interval, limit } = input;
      const { views } = ctx.services;
      const series = views.candles.get(agentId)?.[interval];
      if (series === undefined) throw rejectionError({ reason: 'agent_not_found', agentId });
      return { interval, candles: allCandles(series).slice(-limit), seq: views.seq };
    }),

  sparklines: publicProcedure
    .meta({
      description:
        'The course of the prices of some agents, in the order asked for: `points` prices each, oldest first, an `interval` apart, the last one of now.',
    })
    .input(sparklinesInput)
    .query(({ ctx, input: { agentIds, interval, points } }) => {
      const { views, clock } = ctx.services;
      const now = clock();
      const sparklines = agentIds.map((agentId) => {
        const { price } = requireAgent(views, agentId);
        const series = views.candles.get(agentId)?.[interval] ?? emptyCandles(interval);
        return { agentId, prices: sparklineOf(series, { price, now, points }) };
      });
      return { sparklines, seq: views.seq };
    }),

  trades: publicProcedure
    .meta({ description: 'A page of trades, newest first.' })
    .input(tradesInput)
    .query(async ({ ctx, input }) => {
      const { views, log } = ctx.services;
      const { agentId, cursor, limit } = input;
      if (agentId !== undefined) requireAgent(views, agentId);
      const before = beforeOf(cursor, views.seq);
      const selector = { types: ['trade_executed' as const], ...(agentId === undefined ? {} : { agentId }) };
      const trades = (await log.readBackward({ before, limit, selector })).filter(isTrade);
      return { trades, ...nextCursor(trades, limit) };
    }),

  holders: publicProcedure
    .meta({ description: 'The largest holders, and how many there are.' })
    .input(holdersInput)
    .query(({ ctx, input }) => {
      const { views } = ctx.services;
      const holders = views.holders.get(input.agentId);
      if (holders === undefined) throw rejectionError({ reason: 'agent_not_found', agentId: input.agentId });
      return { count: holders.size, holders: largestHolders(holders, input.limit), seq: views.seq };
    }),

  portfolio: publicProcedure
    .meta({ description: 'What a wallet has. A wallet that was never seen has nothing.' })
    .input(portfolioInput)
    .query(({ ctx, input }) => {
      const { views } = ctx.services;
      const wallet = views.wallets.get(input.wallet);
      const holdings = [...(wallet?.holdings ?? [])].map(([agentId, holding]) => {
        const agent = requireAgent(views, agentId);
        const { phase, curve, symbol } = agent;
        // Once they trade elsewhere, nobody here knows.
        const value = phase.kind === 'graduated' ? null : saleProceeds(curve, holding.tokens);
        return { agentId, symbol, ...holding, value };
      });
      return { wallet: input.wallet, sol: wallet?.sol ?? lamports(0n), holdings, seq: views.seq };
    }),

  time: publicProcedure
    .meta({
      description:
        "The server's time, by which everything is dated: a client can tell by how much its own clock is off.",
    })
    .query(({ ctx }) => ({ now: ctx.services.clock() })),

  contract: publicProcedure
    .meta({
      description: `What clients must have been built for. A WebSocket whose URL says \`?contract=\` and another \`hash\` is closed with ${CLOSE.outdated}.`,
    })
    .query(({ ctx }) => ({ hash: ctx.services.contract() })),

  stats: operatorProcedure
    .meta({
      description: 'How the server does: clients, channels and their subscribers, rates and lags.',
    })
    .query(({ ctx }) => ctx.services.stats()),
});

export function requireAgent(views: Readonly<ViewsState>, agentId: AgentId): AgentView {
  const agent = views.agents.get(agentId);
  if (agent === undefined) throw rejectionError({ reason: 'agent_not_found', agentId });
  return agent;
}

function quoteFill(curve: Curve, input: QuoteInput): Fill {
  switch (input.kind) {
    case 'buy_sol': {
      const tokens = tokensForSpend(curve, input.sol);
      if (tokens === 0n) throw rejectionError({ reason: 'amount_too_small' });
      return fillBuyTokens(curve, tokens);
    }
    case 'buy_tokens':
      return fillBuyTokens(curve, input.tokens);
    case 'sell': {
      const available = tokensSold(curve);
      if (input.tokens > available) {
        throw rejectionError({ reason: 'insufficient_tokens', needed: input.tokens, available });
      }
      const fill = fillSellTokens(curve, input.tokens);
      if (fill.sol < fill.protocolFee + fill.creatorFee) throw rejectionError({ reason: 'amount_too_small' });
      return fill;
    }
    default:
      return input satisfies never;
  }
}
