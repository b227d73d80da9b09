import { z } from 'zod';
import {
  IMAGE_URL,
  IMAGE_URL_LENGTH,
  IMAGE_URL_PROTOCOL,
  NAME,
  PERFORMANCE_FEE_MAX_BPS,
  PURPOSE,
  SYMBOL,
  SYMBOL_PATTERN,
  tidied,
} from './agent-rules.ts';
import {
  agentIdSchema,
  clientOrderIdSchema,
  lamportsSchema,
  positiveLamportsSchema,
  positiveSharesSchema,
  positiveTokenUnitsSchema,
  sharesSchema,
  sideSchema,
  timeSchema,
  tokenUnitsSchema,
  vaultIdSchema,
  walletAddressSchema,
} from './schema.ts';
import { lamports, shares, tokenUnits } from './units.ts';

/** Inputs of the procedures. Amounts are bigints in base units. Descriptions are for the API reference (`server/docs`). */

export const nameSchema = z
  .string()
  .max(256)
  .transform(tidied)
  .refine(NAME.accepts, { error: NAME.words })
  .describe('1–32 visible characters, with single spaces between words; spaces around it are taken off.');
export const symbolSchema = z
  .string()
  .regex(SYMBOL_PATTERN, { error: SYMBOL.words })
  .describe('2–10 of A–Z and 0–9; no two agents have the same.');
export const purposeSchema = z
  .string()
  .max(4000)
  .transform(tidied)
  .refine(PURPOSE.accepts, { error: PURPOSE.words })
  .describe('At most 500 characters, without control characters but line breaks.');
export const imageUrlSchema = z
  .url({ protocol: IMAGE_URL_PROTOCOL, error: IMAGE_URL.words })
  .max(IMAGE_URL_LENGTH)
  .describe('An https URL.');

const noTokens = tokenUnits(0n);
const noSol = lamports(0n);
const noShares = shares(0n);

const order = { clientOrderId: clientOrderIdSchema };

export const createAgentInput = z.object({
  ...order,
  name: nameSchema,
  symbol: symbolSchema,
  purpose: purposeSchema.default(''),
  imageUrl: imageUrlSchema.nullish().transform((url) => url ?? null),
  firstBuy: z
    .object({ sol: positiveLamportsSchema, minTokens: tokenUnitsSchema.default(noTokens) })
    .optional()
    .describe('Buys in the same command: nobody can be first but the creator.'),
});

const buyForSol = {
  ...order,
  agentId: agentIdSchema,
  exact: z.literal('sol'),
  sol: positiveLamportsSchema,
  minTokens: tokenUnitsSchema.default(noTokens),
};
const FOR_SOL = 'Spends at most `sol`, fees included; refused when that gives fewer than `minTokens`.';
const buyTokens = {
  ...order,
  agentId: agentIdSchema,
  exact: z.literal('tokens'),
  tokens: positiveTokenUnitsSchema,
  maxSol: positiveLamportsSchema,
};
const FOR_TOKENS =
  'Buys `tokens`, or what is left; refused when that costs more than `maxSol`, fees included.';
export const buyInput = z.discriminatedUnion('exact', [
  z.object(buyForSol).describe(FOR_SOL),
  z.object(buyTokens).describe(FOR_TOKENS),
]);

const sell = {
  ...order,
  agentId: agentIdSchema,
  tokens: positiveTokenUnitsSchema,
  minSol: lamportsSchema.default(noSol),
};
const SELL = 'Refused when `tokens` bring less than `minSol` after fees.';
export const sellInput = z.object(sell).describe(SELL);

const stakeMove = { ...order, agentId: agentIdSchema, tokens: positiveTokenUnitsSchema };
export const stakeInput = z.object(stakeMove);
/** Takes tokens back from a stake. */
export const unstakeInput = z.object(stakeMove);
export const claimRewardsInput = z.object({ ...order, agentId: agentIdSchema });

export const createVaultInput = z.object({
  ...order,
  name: nameSchema,
  performanceFeeBps: z
    .number()
    .int()
    .min(0)
    .max(PERFORMANCE_FEE_MAX_BPS)
    .default(0)
    .describe('Part of the gain above the high-water mark that goes to the manager; 2,000 is 20 %.'),
});
export const vaultDepositInput = z
  .object({
    ...order,
    vaultId: vaultIdSchema,
    sol: positiveLamportsSchema,
    minShares: sharesSchema.default(noShares),
  })
  .describe('Refused when it gives fewer than `minShares`.');
export const vaultWithdrawInput = z
  .object({
    ...order,
    vaultId: vaultIdSchema,
    shares: positiveSharesSchema,
  })
  .describe("Pays the shares' part of the idle SOL and of every position.");
/** As {@link buyInput} and {@link sellInput}, with the vault's SOL and tokens. */
export const vaultBuyInput = z.discriminatedUnion('exact', [
  z.object({ ...buyForSol, vaultId: vaultIdSchema }).describe(FOR_SOL),
  z.object({ ...buyTokens, vaultId: vaultIdSchema }).describe(FOR_TOKENS),
]);
export const vaultSellInput = z.object({ ...sell, vaultId: vaultIdSchema }).describe(SELL);

export const faucetInput = z.object(order);

export const creditInput = z.object({ ...order, wallet: walletAddressSchema, sol: positiveLamportsSchema });

export const quoteInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('buy_sol'), agentId: agentIdSchema, sol: positiveLamportsSchema }),
  z.object({ kind: z.literal('buy_tokens'), agentId: agentIdSchema, tokens: positiveTokenUnitsSchema }),
  z.object({ kind: z.literal('sell'), agentId: agentIdSchema, tokens: positiveTokenUnitsSchema }),
]);

export const CANDLE_INTERVALS = ['1s', '15s', '1m', '5m', '15m', '1h', '4h', '1d'] as const;
export const AGENT_SORTS = ['new', 'trending', 'final_stretch', 'graduated'] as const;
export const AGENT_ORDERS = ['usual', 'market_cap', 'volume', 'last_trade'] as const;

const cursor = z
  .string()
  .max(128)
  .optional()
  .describe('Opaque place in a list: `nextCursor` of the page before.');
const limit = (most: number, usual: number) =>
  z.number().int().min(1).max(most).default(usual).describe('How many to give at most.');

export const agentsInput = z.object({
  sort: z
    .enum(AGENT_SORTS)
    .default('new')
    .describe('Which agents: all of them, or those that are trending, nearly sold out, or graduated.'),
  order: z
    .enum(AGENT_ORDERS)
    .default('usual')
    .describe('What comes first: the usual of `sort`, or the highest of a value. Equal ones: the newest.'),
  minMarketCap: lamportsSchema.optional().describe('Only agents that are worth at least so much.'),
  minVolume: lamportsSchema
    .optional()
    .describe('Only agents of which at least so much was traded since they were created.'),
  createdAfter: timeSchema.optional().describe('Only agents that were created after this time.'),
  search: z
    .string()
    .trim()
    .max(64)
    .optional()
    .describe(
      'Matches the start of a symbol, any part of a name, or a whole mint or creator address; case does not matter.',
    ),
  cursor,
  limit: limit(100, 50),
});
export const agentInput = z.object({ agentId: agentIdSchema });
export const candlesInput = z.object({
  agentId: agentIdSchema,
  interval: z.enum(CANDLE_INTERVALS).default('1m'),
  limit: limit(240, 240),
});
const agentIdsSchema = z.array(agentIdSchema).min(1).max(100);
export const sparklinesInput = z.object({
  agentIds: agentIdsSchema,
  interval: z.enum(CANDLE_INTERVALS).default('5m').describe('Time between two prices.'),
  points: z.number().int().min(2).max(60).default(24).describe('How many prices to give.'),
});
export const tradesInput = z.object({ agentId: agentIdSchema.optional(), cursor, limit: limit(200, 50) });
export const holdersInput = z.object({ agentId: agentIdSchema, limit: limit(100, 50) });
export const portfolioInput = z.object({ wallet: walletAddressSchema });

export const ACTIVITY_KINDS = [
  'agent_created',
  'agent_graduated',
  'king_changed',
  'whale_trade',
  'staked',
  'unstaked',
  'vault_created',
  'vault_deposited',
  'vault_withdrawn',
  'medals',
] as const;
const activityKinds = z.array(z.enum(ACTIVITY_KINDS)).min(1).max(ACTIVITY_KINDS.length);

/** A page of a list, newest first. */
export const pageInput = z.object({ cursor, limit: limit(100, 50) }).default({ limit: 50 });
export const activitiesInput = z
  .object({ kinds: activityKinds.optional(), cursor, limit: limit(100, 50) })
  .default({ limit: 50 });
export const standingsInput = z.object({ limit: limit(100, 20) }).default({ limit: 20 });
export const stakesInput = z.object({ wallet: walletAddressSchema });
export const vaultsInput = z.object({ cursor, limit: limit(100, 50) }).default({ limit: 50 });
export const vaultInput = z.object({ vaultId: vaultIdSchema });

/**
 * Any text is accepted: one that cannot be honoured gets a fresh snapshot, never an error, which would end the
 * subscription for good.
 */
const resume = {
  lastEventId: z
    .string()
    .nullish()
    .describe('Resumes after the item of that id. tRPC clients set it by themselves on a reconnect.'),
};

export const onTradeInput = z
  .object({
    ...resume,
    agentId: agentIdSchema.optional(),
    side: sideSchema.optional(),
    trader: walletAddressSchema.optional(),
    minSol: lamportsSchema.optional().describe('Only trades that moved at least so much on the curve.'),
  })
  .default({});
export const onPriceInput = z.object({ ...resume, agentIds: agentIdsSchema.optional() }).default({});
export const onAgentInput = z.object({ ...resume, agentId: agentIdSchema });
export const onGraduationInput = z.object(resume).default({});
export const onAgentCreatedInput = z.object(resume).default({});
export const onKingInput = z.object(resume).default({});
export const onActivityInput = z.object({ ...resume, kinds: activityKinds.optional() }).default({});
export const onOlympicsInput = z.object(resume).default({});
export const onStakingInput = z.object({ ...resume, agentId: agentIdSchema.optional() }).default({});
export const onVaultsInput = z.object(resume).default({});
export const onVaultInput = z.object({ ...resume, vaultId: vaultIdSchema });
export const onAccountInput = z.object(resume).default({});

export type BuyInput = z.infer<typeof buyInput>;
export type SellInput = z.infer<typeof sellInput>;
export type OnTradeInput = z.infer<typeof onTradeInput>;
export type OnPriceInput = z.infer<typeof onPriceInput>;
export type OnActivityInput = z.infer<typeof onActivityInput>;
export type OnStakingInput = z.infer<typeof onStakingInput>;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];
export type QuoteInput = z.infer<typeof quoteInput>;
export type AgentsInput = z.infer<typeof agentsInput>;
export type CandleInterval = (typeof CANDLE_INTERVALS)[number];
export type AgentSort = (typeof AGENT_SORTS)[number];
export type AgentOrder = (typeof AGENT_ORDERS)[number];
