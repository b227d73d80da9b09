import { z } from 'zod';
import {
  agentIdSchema,
  lamportsSchema,
  mintAddressSchema,
  poolIdSchema,
  positiveLamportsSchema,
  positiveTokenUnitsSchema,
  priceSchema,
  seqSchema,
  sideSchema,
  timeSchema,
  tokenUnitsSchema,
  walletAddressSchema,
} from './schema.ts';

/**
 * Domain events: what happened, in the past tense. An event with its number and time in the log is an entry; an
 * entry is at once what the journal stores, what the views fold and what subscribers of lossless channels get.
 */
const recorded = { seq: seqSchema.positive(), at: timeSchema };

export const agentCreatedSchema = z.object({
  type: z.literal('agent_created'),
  ...recorded,
  agentId: agentIdSchema,
  name: z.string(),
  symbol: z.string(),
  purpose: z.string(),
  imageUrl: z.string().nullable(),
  creator: walletAddressSchema,
  mint: mintAddressSchema,
});

export const tradeExecutedSchema = z.object({
  type: z.literal('trade_executed'),
  ...recorded,
  agentId: agentIdSchema,
  trader: walletAddressSchema,
  side: sideSchema,
  tokens: positiveTokenUnitsSchema,
  /** What moved on the curve, before fees. A buyer pays the fees on top, a seller gets them taken off. */
  sol: lamportsSchema,
  protocolFee: lamportsSchema,
  creatorFee: lamportsSchema,
  /** Reserves after the trade. */
  virtualSol: lamportsSchema,
  virtualTokens: tokenUnitsSchema,
  realSol: lamportsSchema,
  realTokens: tokenUnitsSchema,
  /** Spot price after the trade. */
  price: priceSchema,
});

export const agentGraduatedSchema = z.object({
  type: z.literal('agent_graduated'),
  ...recorded,
  agentId: agentIdSchema,
  poolId: poolIdSchema,
  /** Reserves moved from the curve to the pool. */
  sol: lamportsSchema,
  tokens: tokenUnitsSchema,
});

export const walletCreditedSchema = z.object({
  type: z.literal('wallet_credited'),
  ...recorded,
  wallet: walletAddressSchema,
  sol: positiveLamportsSchema,
});

export const entrySchema = z.discriminatedUnion('type', [
  agentCreatedSchema,
  tradeExecutedSchema,
  agentGraduatedSchema,
  walletCreditedSchema,
]);

/** A recorded event. */
export type Entry = z.infer<typeof entrySchema>;
export type EventType = Entry['type'];
/** The entry of one event type. */
export type EntryOf<T extends EventType> = Extract<Entry, { type: T }>;
export type AgentCreated = EntryOf<'agent_created'>;
export type TradeExecuted = EntryOf<'trade_executed'>;
export type AgentGraduated = EntryOf<'agent_graduated'>;
export type WalletCredited = EntryOf<'wallet_credited'>;
