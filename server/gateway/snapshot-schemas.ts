import { z } from 'zod';
import { type ChannelKind, snapshotReasonSchema } from '../../shared/channels.ts';
import {
  fields,
  graduationSchema,
  item,
  itemSchemas,
  kingChangeSchema,
  priceSchema,
  seasonEndedSchema,
  stakePoolSchema,
  standingsSchema,
  tradeSchema,
  vaultInfo,
  vaultSummarySchema,
} from './item-schemas.ts';

/** The kinds of channels of the catalogue that the gateway serves. What `agents` tells is on `activities`. */
export type ServedKind = Exclude<ChannelKind, 'agents'>;

const { agentId, sol, tokens, wallet, time, whole } = fields;

const snapshotOf = <T extends z.ZodRawShape>(shape: T) =>
  item(
    'snapshot',
    z.object({
      reason: snapshotReasonSchema.describe(
        '`start`: no position was given. `gap`: it is of another log, or too far behind.',
      ),
      ...shape,
    }),
  ).extend({ timestamp: time.describe('When the snapshot was made.') });

export const agentStateSchema = z
  .object({
    agentId,
    name: z.string(),
    symbol: fields.symbol,
    purpose: z.string(),
    imageUrl: z.string().nullable(),
    creatorWallet: wallet,
    tokenMint: fields.mint,
    createdAt: time,
    status: z.enum(['bonding', 'graduated']),
    poolId: fields.pool.nullable().describe('null until it has graduated.'),
    graduatedAt: time.nullable(),
    currentPrice: fields.price,
    marketCap: fields.marketCap,
    tokensSold: fields.tokensSold,
    totalValueLocked: fields.totalValueLocked,
    progressBps: fields.progressBps,
    volume: fields.volume,
    trades: whole.describe('Trades since creation.'),
    lastTradeAt: time.nullable(),
    totalStaked: tokens.describe('Tokens at stake, of all wallets.'),
  })
  .describe('An agent as it stands. After graduation, prices and reserves are the last ones on the curve.');

const holding = {
  agentId,
  tokenAmount: tokens.describe('All its tokens, those at stake included.'),
  staked: tokens.describe('Those of them that are at stake.'),
  cost: sol.describe('What the tokens still held were bought for, fees included, at average cost.'),
  realised: z
    .string()
    .regex(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/)
    .describe('Gain or loss of all sales so far, in SOL, fees included.'),
};

export const vaultStateSchema = z
  .object({
    ...vaultInfo,
    sol: sol.describe('Idle SOL.'),
    shares: fields.shares,
    highWaterMark: fields.solPerShare,
    positions: z.array(z.object(holding)),
  })
  .describe('A vault as its own events tell it; what it is worth is on the channel vaults.');

export const accountStateSchema = z
  .object({
    walletAddress: wallet,
    sol,
    holdings: z.array(z.object(holding)),
    stakes: z.array(
      z.object({
        agentId,
        staked: tokens,
        owed: fields.decimal.describe(
          'Earned up to rewardPerToken and not claimed: SOL, as decimal text of up to 27 places.',
        ),
        rewardPerToken: fields.rewardPerToken,
        claimed: sol.describe('Claimed so far.'),
      }),
    ),
    shares: z.array(z.object({ vaultId: fields.vaultId, shares: fields.shares })),
    fills: z.array(tradeSchema).describe('The newest trades, newest first.'),
  })
  .describe('All that one wallet has.');

const newestFirst = 'Newest first.';

export const snapshotSchemas = {
  trades: snapshotOf({ trades: z.array(tradeSchema).describe(newestFirst) }),
  prices: snapshotOf({ prices: z.array(priceSchema).describe('One of each agent, the latest change last.') }),
  graduations: snapshotOf({ graduations: z.array(graduationSchema).describe(newestFirst) }),
  kings: snapshotOf({ kings: z.array(kingChangeSchema).describe('Who is and was king, newest first.') }),
  activities: snapshotOf({
    activities: z
      .array(z.discriminatedUnion('type', [itemSchemas.activity, itemSchemas.new_agent]))
      .describe('Newest first, each as it was sent, without its channel.'),
  }),
  olympics: snapshotOf({
    season: standingsSchema.nullable().describe('The running season.'),
    last: seasonEndedSchema.nullable().describe('The one before.'),
  }),
  staking: snapshotOf({ pools: z.array(stakePoolSchema) }),
  vaults: snapshotOf({ vaults: z.array(vaultSummarySchema).describe('The largest first.') }),
  agent: snapshotOf({ agent: agentStateSchema, trades: z.array(tradeSchema).describe(newestFirst) }),
  vault: snapshotOf({
    vault: vaultStateSchema,
    history: z
      .array(
        z.discriminatedUnion('type', [
          itemSchemas.vault_update,
          itemSchemas.trade_executed,
          itemSchemas.balance_update,
        ]),
      )
      .describe('Newest first, each as it was sent, without its channel.'),
  }),
  account: snapshotOf({ account: accountStateSchema }),
} satisfies Record<ServedKind, z.ZodType>;

export type WireSnapshotOf<K extends ServedKind> = z.infer<(typeof snapshotSchemas)[K]>;
