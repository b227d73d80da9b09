import {
  type Curve,
  type Fill,
  fillBuyTokens,
  fillSellTokens,
  priceImpactBps,
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
  tradesInput,
} from '../../shared/inputs.ts';
import { type Lamports, lamports, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { allCandles } from '../../shared/views/candles.ts';
import { largestHolders } from '../../shared/views/holders.ts';
import { isTrade } from '../feeds/sources.ts';
import type { ViewsState } from '../feeds/views.ts';
import { rejectionError } from './errors.ts';
import { publicProcedure, router } from './trpc.ts';

/** Queries read the views, which show exactly what is durable: everything up to the `seq` beside the answer. */
export const queries = router({
  /** What a trade would do now, fees included. The market may move before the trade comes. */
  quote: publicProcedure.input(quoteInput).query(({ ctx, input }) => {
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

  /** A page of agents. */
  agents: publicProcedure.input(agentsInput).query(({ ctx, input }) => ctx.services.directory.page(input)),

  agent: publicProcedure
    .input(agentInput)
    .query(({ ctx, input }) => requireAgent(ctx.services.views, input.agentId)),

  /** The newest candles, oldest first. Intervals without a trade have none. */
  candles: publicProcedure.input(candlesInput).query(({ ctx, input }) => {
    const { agentId, interval, limit } = input;
    const { views } = ctx.services;
    const series = views.candles.get(agentId)?.[interval];
    if (series === undefined) throw rejectionError({ reason: 'agent_not_found', agentId });
    return { interval, candles: allCandles(series).slice(-limit), seq: views.seq };
  }),

  /** A page of trades, newest first. */
  trades: publicProcedure.input(tradesInput).query(async ({ ctx, input }) => {
    const { views, log } = ctx.services;
    const { agentId, cursor, limit } = input;
    if (agentId !== undefined) requireAgent(views, agentId);
    const before = Math.min(/^\d{1,15}$/.test(cursor ?? '') ? Number(cursor) : Infinity, views.seq + 1);
    const selector = { types: ['trade_executed' as const], ...(agentId === undefined ? {} : { agentId }) };
    const trades = (await log.readBackward({ before, limit, selector })).filter(isTrade);
    const last = trades.at(-1);
    return {
      trades,
      ...(trades.length === limit && last !== undefined ? { nextCursor: `${last.seq}` } : {}),
    };
  }),

  /** The largest holders, and how many there are. */
  holders: publicProcedure.input(holdersInput).query(({ ctx, input }) => {
    const { views } = ctx.services;
    const holders = views.holders.get(input.agentId);
    if (holders === undefined) throw rejectionError({ reason: 'agent_not_found', agentId: input.agentId });
    return { count: holders.size, holders: largestHolders(holders, input.limit), seq: views.seq };
  }),

  /** What a wallet has. A wallet that was never seen has nothing. */
  portfolio: publicProcedure.input(portfolioInput).query(({ ctx, input }) => {
    const { views } = ctx.services;
    const wallet = views.wallets.get(input.wallet);
    const holdings = [...(wallet?.holdings ?? [])].map(([agentId, holding]) => {
      const agent = requireAgent(views, agentId);
      return { agentId, symbol: agent.symbol, ...holding, value: saleValue(agent, holding.tokens) };
    });
    return { wallet: input.wallet, sol: wallet?.sol ?? lamports(0n), holdings, seq: views.seq };
  }),
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

/** Lamports a sale of all the tokens would bring now, after fees; `null` once they trade elsewhere. */
function saleValue({ curve, phase }: AgentView, tokens: bigint): Lamports | null {
  if (phase.kind === 'graduated') return null;
  if (tokens === 0n) return lamports(0n);
  const { sol, protocolFee, creatorFee } = fillSellTokens(curve, tokenUnits(tokens));
  const net = sol - protocolFee - creatorFee;
  return lamports(net > 0n ? net : 0n);
}
