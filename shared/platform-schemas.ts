import { z } from 'zod';
import {
  kingChangedSchema,
  seasonEndedSchema,
  tradeExecutedSchema,
  vaultDepositedSchema,
  vaultWithdrawnSchema,
  walletCreditedSchema,
} from './events.ts';
import { MEDALS } from './olympics.ts';
import {
  agentIdSchema,
  lamportsSchema,
  mintAddressSchema,
  poolIdSchema,
  rateSchema,
  seqSchema,
  sharesSchema,
  sideSchema,
  timeSchema,
  tokenUnitsSchema,
  vaultIdSchema,
  walletAddressSchema,
} from './schema.ts';
import { holdingSchema } from './view-schemas.ts';

/**
 * Shapes of the views of the platform's features: the hill, the activity feed, the olympics, staking, vaults and
 * accounts.
 */

/** Who is and was king, newest first. */
export const kingsSchema = z.array(kingChangedSchema);

const agentName = { agentId: agentIdSchema, symbol: z.string() };
const activity = <K extends string, T extends z.ZodRawShape>(kind: K, parts: T) =>
  z.object({
    type: z.literal('activity'),
    seq: seqSchema.positive(),
    at: timeSchema,
    kind: z.literal(kind),
    parts: z.object(parts),
  });

const stakeParts = { ...agentName, wallet: walletAddressSchema, tokens: tokenUnitsSchema };
const vaultParts = { vaultId: vaultIdSchema, name: z.string(), wallet: walletAddressSchema };

/** Something worth telling everybody: what kind it is, and the parts a sentence about it is made of. */
export const activitySchema = z.discriminatedUnion('kind', [
  activity('agent_created', {
    ...agentName,
    name: z.string(),
    purpose: z.string(),
    mint: mintAddressSchema,
    creator: walletAddressSchema,
  }),
  activity('agent_graduated', { ...agentName, poolId: poolIdSchema }),
  activity('king_changed', {
    agentId: agentIdSchema.nullable(),
    symbol: z.string().nullable(),
    previousAgentId: agentIdSchema.nullable(),
    previousSymbol: z.string().nullable(),
    marketCap: lamportsSchema,
  }),
  activity('whale_trade', {
    ...agentName,
    trader: walletAddressSchema,
    side: sideSchema,
    tokens: tokenUnitsSchema,
    /** On the curve, before fees. */
    sol: lamportsSchema,
  }),
  activity('staked', stakeParts),
  activity('unstaked', stakeParts),
  activity('vault_created', vaultParts),
  activity('vault_deposited', { ...vaultParts, sol: lamportsSchema }),
  activity('vault_withdrawn', { ...vaultParts, sol: lamportsSchema, positions: z.number().int() }),
  activity('medals', {
    season: seqSchema.positive(),
    medals: z.array(
      z.object({ medal: z.enum(MEDALS), ...agentName, score: lamportsSchema, prize: lamportsSchema }),
    ),
  }),
]);
/** Newest first. */
export const activitiesSchema = z.array(activitySchema);

export const standingSchema = z.object({
  ...agentName,
  /** SOL volume that counts: a wallet's own round trips within a minute count once. */
  score: lamportsSchema,
  traders: z.number().int(),
});

/** The running season: its first agents, best first. */
export const standingsChangedSchema = z.object({
  type: z.literal('standings_changed'),
  seq: seqSchema,
  at: timeSchema,
  season: seqSchema.positive(),
  endsAt: timeSchema,
  /** Protocol fees so far; a tenth of them is paid to the medals. */
  protocolFees: lamportsSchema,
  standings: z.array(standingSchema),
});

/** What is at stake in one agent. */
export const stakePoolChangedSchema = z.object({
  type: z.literal('stake_pool_changed'),
  seq: seqSchema,
  at: timeSchema,
  agentId: agentIdSchema,
  staked: tokenUnitsSchema,
  /** Wallets with tokens at stake, or with rewards that they have not claimed. */
  stakers: z.number().int(),
  /** What one staked token unit has earned since the first stake; a position's claim is computed from it. */
  rewardPerUnit: rateSchema,
  /** Lamports that went to stakers so far, and those of them that were claimed. */
  rewards: lamportsSchema,
  claimed: lamportsSchema,
});

/** One wallet's stake in an agent. */
export const stakeSchema = z.object({
  agentId: agentIdSchema,
  staked: tokenUnitsSchema,
  /** Earned up to `rewardPerUnit` and not claimed, in units of 10^-18 lamports. */
  owed: rateSchema,
  rewardPerUnit: rateSchema,
  /** Lamports claimed so far. */
  claimed: lamportsSchema,
});

const vaultInfo = {
  vaultId: vaultIdSchema,
  address: walletAddressSchema,
  manager: walletAddressSchema,
  name: z.string(),
  performanceFeeBps: z.number().int(),
  createdAt: timeSchema,
};

/** A vault as it stands, at the prices of now. */
export const vaultSummarySchema = z.object({
  ...vaultInfo,
  /** Idle SOL. */
  sol: lamportsSchema,
  /** Idle SOL plus what the tokens would sell for now, after fees. */
  netAssetValue: lamportsSchema,
  shares: sharesSchema,
  holders: z.number().int(),
  positions: z.number().int(),
  /** Lamports per share. */
  shareValue: rateSchema,
  highWaterMark: rateSchema,
});

/** The vaults as they stand: a trade in one agent moves all that hold its tokens, so they come together. */
export const vaultsChangedSchema = z.object({
  type: z.literal('vaults_changed'),
  seq: seqSchema,
  at: timeSchema,
  /** The largest by net asset value, largest first. */
  vaults: z.array(vaultSummarySchema),
});

/** A vault as its own events tell it: exact, without the prices of the agents it holds. */
export const vaultDetailSchema = z.object({
  ...vaultInfo,
  sol: lamportsSchema,
  shares: sharesSchema,
  highWaterMark: rateSchema,
  /** By agent; one that was sold out stays, with what it brought. */
  positions: z.array(z.object({ agentId: agentIdSchema, ...holdingSchema.shape })),
});
/** Newest first. */
export const vaultHistorySchema = z.array(
  z.discriminatedUnion('type', [
    vaultDepositedSchema,
    vaultWithdrawnSchema,
    tradeExecutedSchema,
    walletCreditedSchema,
  ]),
);

/** All that one wallet has. */
export const accountViewSchema = z.object({
  wallet: walletAddressSchema,
  sol: lamportsSchema,
  holdings: z.array(z.object({ agentId: agentIdSchema, ...holdingSchema.shape })),
  stakes: z.array(stakeSchema),
  shares: z.array(z.object({ vaultId: vaultIdSchema, shares: sharesSchema })),
  /** The newest trades, newest first. */
  fills: z.array(tradeExecutedSchema),
});

export const seasonResultSchema = seasonEndedSchema.nullable();

export type Activity = z.infer<typeof activitySchema>;
export type Standing = z.infer<typeof standingSchema>;
export type StandingsChanged = z.infer<typeof standingsChangedSchema>;
export type StakePoolChanged = z.infer<typeof stakePoolChangedSchema>;
export type Stake = z.infer<typeof stakeSchema>;
export type VaultSummary = z.infer<typeof vaultSummarySchema>;
export type VaultsChanged = z.infer<typeof vaultsChangedSchema>;
export type VaultDetail = z.infer<typeof vaultDetailSchema>;
export type VaultHistoryEntry = z.infer<typeof vaultHistorySchema>[number];
export type AccountView = z.infer<typeof accountViewSchema>;
