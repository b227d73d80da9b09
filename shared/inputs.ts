import { z } from 'zod';
import {
  agentIdSchema,
  clientOrderIdSchema,
  lamportsSchema,
  positiveLamportsSchema,
  positiveTokenUnitsSchema,
  sideSchema,
  tokenUnitsSchema,
  walletAddressSchema,
} from './schema.ts';
import { lamports, tokenUnits } from './units.ts';

/** Inputs of the procedures. Amounts are bigints in base units. */

/**
 * Words of letters, marks, numbers, punctuation and symbols with single spaces between; nothing that hides or
 * reorders text. Some letters and marks are drawn as nothing (default ignorable, such as the Hangul filler) and so is
 * the blank Braille pattern; of those only the emoji variation selector is let through, behind a character. A mark
 * needs a character to sit on.
 */
const WORD =
  /(?!\p{DI}|\u2800)[\p{L}\p{N}\p{P}\p{S}]\uFE0F?(?:(?!\p{DI}|\u2800)[\p{L}\p{M}\p{N}\p{P}\p{S}]\uFE0F?)*/u;
const VISIBLE = new RegExp(`^${WORD.source}(?: ${WORD.source})*$`, 'u');
const length = (text: string): number => [...text].length;

export const nameSchema = z
  .string()
  .max(256)
  .transform((text) => text.normalize('NFC').trim())
  .refine((text) => length(text) >= 1 && length(text) <= 32 && VISIBLE.test(text), {
    error: 'must be 1–32 visible characters',
  });
export const symbolSchema = z.string().regex(/^[A-Z0-9]{2,10}$/, { error: 'must be 2–10 of A–Z and 0–9' });
export const purposeSchema = z
  .string()
  .max(4000)
  .transform((text) => text.normalize('NFC').trim())
  .refine((text) => length(text) <= 500 && !/[^\P{Cc}\n]/u.test(text), {
    error: 'must be at most 500 characters, without control characters',
  });
export const imageUrlSchema = z.url({ protocol: /^https$/, error: 'must be an https URL' }).max(2048);

const noTokens = tokenUnits(0n);
const noSol = lamports(0n);

const order = { clientOrderId: clientOrderIdSchema };

export const createAgentInput = z.object({
  ...order,
  name: nameSchema,
  symbol: symbolSchema,
  purpose: purposeSchema.default(''),
  imageUrl: imageUrlSchema.nullish().transform((url) => url ?? null),
  /** Buys in the same command: nobody can be first but the creator. */
  firstBuy: z
    .object({ sol: positiveLamportsSchema, minTokens: tokenUnitsSchema.default(noTokens) })
    .optional(),
});

export const buyInput = z.discriminatedUnion('exact', [
  /** Spends at most `sol`, fees included; refused when that gives fewer than `minTokens`. */
  z.object({
    ...order,
    agentId: agentIdSchema,
    exact: z.literal('sol'),
    sol: positiveLamportsSchema,
    minTokens: tokenUnitsSchema.default(noTokens),
  }),
  /** Buys `tokens`, or what is left; refused when that costs more than `maxSol`, fees included. */
  z.object({
    ...order,
    agentId: agentIdSchema,
    exact: z.literal('tokens'),
    tokens: positiveTokenUnitsSchema,
    maxSol: positiveLamportsSchema,
  }),
]);

/** Sells `tokens`; refused when that brings less than `minSol` after fees. */
export const sellInput = z.object({
  ...order,
  agentId: agentIdSchema,
  tokens: positiveTokenUnitsSchema,
  minSol: lamportsSchema.default(noSol),
});

export const creditInput = z.object({ ...order, wallet: walletAddressSchema, sol: positiveLamportsSchema });

export const quoteInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('buy_sol'), agentId: agentIdSchema, sol: positiveLamportsSchema }),
  z.object({ kind: z.literal('buy_tokens'), agentId: agentIdSchema, tokens: positiveTokenUnitsSchema }),
  z.object({ kind: z.literal('sell'), agentId: agentIdSchema, tokens: positiveTokenUnitsSchema }),
]);

export const CANDLE_INTERVALS = ['1s', '15s', '1m', '5m', '15m', '1h', '4h', '1d'] as const;
export const AGENT_SORTS = ['new', 'trending', 'final_stretch', 'graduated'] as const;

/** Opaque place in a list, from the page before. */
const cursor = z.string().max(128).optional();
const limit = (most: number, usual: number) => z.number().int().min(1).max(most).default(usual);

export const agentsInput = z.object({
  sort: z.enum(AGENT_SORTS).default('new'),
  /** Matches the start of a symbol, any part of a name, or a whole mint or creator address; case does not matter. */
  search: z.string().trim().max(64).optional(),
  cursor,
  limit: limit(100, 50),
});
export const agentInput = z.object({ agentId: agentIdSchema });
export const candlesInput = z.object({
  agentId: agentIdSchema,
  interval: z.enum(CANDLE_INTERVALS).default('1m'),
  limit: limit(240, 240),
});
export const tradesInput = z.object({ agentId: agentIdSchema.optional(), cursor, limit: limit(200, 50) });
export const holdersInput = z.object({ agentId: agentIdSchema, limit: limit(100, 50) });
export const portfolioInput = z.object({ wallet: walletAddressSchema });

/**
 * Where a subscription resumes: the id of the last item that was seen. The client sets it by itself on a reconnect.
 * Any text is accepted: one that cannot be honoured gets a fresh snapshot, never an error, which would end the
 * subscription for good.
 */
const resume = { lastEventId: z.string().nullish() };
const agentIdsSchema = z.array(agentIdSchema).min(1).max(100);

export const onTradeInput = z
  .object({
    ...resume,
    agentId: agentIdSchema.optional(),
    side: sideSchema.optional(),
    trader: walletAddressSchema.optional(),
    minSol: lamportsSchema.optional(),
  })
  .default({});
export const onPriceInput = z.object({ ...resume, agentIds: agentIdsSchema.optional() }).default({});
export const onAgentInput = z.object({ ...resume, agentId: agentIdSchema });
export const onGraduationInput = z.object(resume).default({});
export const onAgentCreatedInput = z.object(resume).default({});

export type OnTradeInput = z.infer<typeof onTradeInput>;
export type OnPriceInput = z.infer<typeof onPriceInput>;
export type QuoteInput = z.infer<typeof quoteInput>;
export type AgentsInput = z.infer<typeof agentsInput>;
export type CandleInterval = (typeof CANDLE_INTERVALS)[number];
export type AgentSort = (typeof AGENT_SORTS)[number];
