import { z } from 'zod';
import { agentCreatedSchema, agentGraduatedSchema, tradeExecutedSchema } from './events.ts';
import { CANDLE_INTERVALS } from './inputs.ts';
import {
  agentIdSchema,
  curveSchema,
  lamportsSchema,
  mintAddressSchema,
  poolIdSchema,
  priceSchema,
  seqSchema,
  timeSchema,
  tokenUnitsSchema,
  walletAddressSchema,
} from './schema.ts';

/** Shapes of the views. The reducers beside them in `views/` import only the types, so browsers get no zod. */
export const agentPhaseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bonding') }),
  z.object({ kind: z.literal('graduated'), poolId: poolIdSchema, at: timeSchema }),
]);

export const agentViewSchema = z.object({
  agentId: agentIdSchema,
  name: z.string(),
  symbol: z.string(),
  purpose: z.string(),
  imageUrl: z.string().nullable(),
  creator: walletAddressSchema,
  mint: mintAddressSchema,
  createdAt: timeSchema,
  /** The last entry folded in. */
  seq: seqSchema,
  phase: agentPhaseSchema,
  /** Reserves now; after graduation, the last ones on the curve. */
  curve: curveSchema,
  price: priceSchema,
  marketCap: lamportsSchema,
  progressBps: z.number().int(),
  /** SOL traded since creation, before fees. */
  volume: lamportsSchema,
  trades: z.number().int(),
  lastTradeAt: timeSchema.nullable(),
  /** Tokens at stake, of all wallets. */
  staked: tokenUnitsSchema,
});

/** The latest price of one agent: what the conflated `prices` channel carries. */
export const priceChangedSchema = z.object({
  type: z.literal('price_changed'),
  seq: seqSchema,
  at: timeSchema,
  agentId: agentIdSchema,
  price: priceSchema,
  marketCap: lamportsSchema,
  tokensSold: tokenUnitsSchema,
  /** SOL the curve holds. */
  totalValueLocked: lamportsSchema,
  progressBps: z.number().int(),
  /** SOL traded since creation, before fees, and in how many trades. */
  volume: lamportsSchema,
  trades: z.number().int(),
});

export const candleSchema = z.object({
  /** Start of the interval, ms, a multiple of its length in UTC. */
  start: timeSchema,
  open: priceSchema,
  high: priceSchema,
  low: priceSchema,
  close: priceSchema,
  /** SOL traded, before fees. */
  volume: lamportsSchema,
  trades: z.number().int(),
});

export const candleSeriesSchema = z.object({
  interval: z.enum(CANDLE_INTERVALS),
  /** Oldest first; intervals without a trade have no candle. */
  closed: z.array(candleSchema),
  /** The newest candle, which the next trade may still change. */
  current: candleSchema.nullable(),
});

export const holdingSchema = z.object({
  /** All the wallet's tokens, those at stake included. */
  tokens: tokenUnitsSchema,
  /** Those of them that are staked: they cannot be sold. */
  staked: tokenUnitsSchema,
  /** What the tokens still held were bought for, fees included, at average cost. */
  cost: lamportsSchema,
  /** Gain or loss of all sales so far, in lamports, fees included; negative for a loss. */
  realised: z.bigint(),
});

/** Newest first. */
export const tapeSchema = z.array(tradeExecutedSchema);
export const newAgentsSchema = z.array(agentCreatedSchema);
export const graduationsSchema = z.array(agentGraduatedSchema);

export type AgentPhase = z.infer<typeof agentPhaseSchema>;
export type AgentView = z.infer<typeof agentViewSchema>;
export type PriceChanged = z.infer<typeof priceChangedSchema>;
export type Candle = z.infer<typeof candleSchema>;
export type CandleSeries = z.infer<typeof candleSeriesSchema>;
export type Holding = z.infer<typeof holdingSchema>;
