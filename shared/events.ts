import { z } from 'zod';
import { MEDALS } from './olympics.ts';
import {
  agentIdSchema,
  lamportsSchema,
  mintAddressSchema,
  poolIdSchema,
  positiveLamportsSchema,
  positiveSharesSchema,
  positiveTokenUnitsSchema,
  priceSchema,
  rateSchema,
  seqSchema,
  sharesSchema,
  sideSchema,
  timeSchema,
  tokenUnitsSchema,
  vaultIdSchema,
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

/** Who gives SOL: an operator, or the faucet to whoever asks. */
export const CREDIT_SOURCES = ['operator', 'faucet'] as const;

export const walletCreditedSchema = z.object({
  type: z.literal('wallet_credited'),
  ...recorded,
  wallet: walletAddressSchema,
  sol: positiveLamportsSchema,
  source: z.enum(CREDIT_SOURCES),
});

/** Another agent is king of the hill: the bonding agent with the highest market cap. */
export const kingChangedSchema = z.object({
  type: z.literal('king_changed'),
  ...recorded,
  /** `null`: the king has graduated and nobody else has traded. */
  agentId: agentIdSchema.nullable(),
  previousAgentId: agentIdSchema.nullable(),
  /** Of the new king, when it was crowned; 0 without one. */
  marketCap: lamportsSchema,
});

export const seasonStartedSchema = z.object({
  type: z.literal('season_started'),
  ...recorded,
  /** 1, 2, 3 … */
  season: seqSchema.positive(),
  /** When it is to end: a multiple of the season's length in UTC. */
  endsAt: timeSchema,
});

export const medalSchema = z.object({
  medal: z.enum(MEDALS),
  agentId: agentIdSchema,
  creator: walletAddressSchema,
  /** SOL volume that counted. */
  score: lamportsSchema,
  traders: z.number().int().nonnegative(),
  /** Paid to the creator. */
  prize: lamportsSchema,
});

export const seasonEndedSchema = z.object({
  type: z.literal('season_ended'),
  ...recorded,
  season: seqSchema.positive(),
  /** Protocol fees of the season's trades. */
  protocolFees: lamportsSchema,
  /** Gold first; as many as there are agents that scored, at most three. */
  medals: z.array(medalSchema),
});

const stakeMoved = {
  ...recorded,
  agentId: agentIdSchema,
  wallet: walletAddressSchema,
  tokens: positiveTokenUnitsSchema,
  /** The wallet's stake in the agent afterwards, and everybody's. */
  stake: tokenUnitsSchema,
  totalStaked: tokenUnitsSchema,
  /** What one staked token unit has earned since the first stake in the agent, up to now. */
  rewardPerUnit: rateSchema,
};
export const stakedSchema = z.object({ type: z.literal('staked'), ...stakeMoved });
export const unstakedSchema = z.object({ type: z.literal('unstaked'), ...stakeMoved });

export const rewardsClaimedSchema = z.object({
  type: z.literal('rewards_claimed'),
  ...recorded,
  agentId: agentIdSchema,
  wallet: walletAddressSchema,
  sol: positiveLamportsSchema,
  rewardPerUnit: rateSchema,
});

export const vaultCreatedSchema = z.object({
  type: z.literal('vault_created'),
  ...recorded,
  vaultId: vaultIdSchema,
  /** The vault's own wallet: it trades under this address, for which nobody has a key. */
  address: walletAddressSchema,
  manager: walletAddressSchema,
  name: z.string(),
  performanceFeeBps: z.number().int().min(0).max(2_000),
});

const vaultMoved = {
  ...recorded,
  vaultId: vaultIdSchema,
  address: walletAddressSchema,
  manager: walletAddressSchema,
  wallet: walletAddressSchema,
  shares: positiveSharesSchema,
  /** The performance fee that was due before: shares made for the manager. */
  feeShares: sharesSchema,
  /** All shares afterwards. */
  totalShares: sharesSchema,
  /** Value of a share above which the next performance fee is due. */
  highWaterMark: rateSchema,
  /** Net asset value before: idle SOL plus what the tokens would have sold for. */
  netAssetValue: lamportsSchema,
};
export const vaultDepositedSchema = z.object({
  type: z.literal('vault_deposited'),
  ...vaultMoved,
  sol: positiveLamportsSchema,
});
export const vaultWithdrawnSchema = z.object({
  type: z.literal('vault_withdrawn'),
  ...vaultMoved,
  /** Paid in kind: the shares' part of the idle SOL and of every position. */
  sol: lamportsSchema,
  tokens: z.array(
    z.object({
      agentId: agentIdSchema,
      tokens: positiveTokenUnitsSchema,
      /** What they would have sold for. */
      value: lamportsSchema,
    }),
  ),
});

export const entrySchema = z.discriminatedUnion('type', [
  agentCreatedSchema,
  tradeExecutedSchema,
  agentGraduatedSchema,
  walletCreditedSchema,
  kingChangedSchema,
  seasonStartedSchema,
  seasonEndedSchema,
  stakedSchema,
  unstakedSchema,
  rewardsClaimedSchema,
  vaultCreatedSchema,
  vaultDepositedSchema,
  vaultWithdrawnSchema,
]);

/** A recorded event. */
export type Entry = z.infer<typeof entrySchema>;
export type EventType = Entry['type'];
/** The entry of one event type. */
export type EntryOf<T extends EventType> = Extract<Entry, { type: T }>;
export const isEntryOf = <T extends EventType>(entry: Entry, type: T): entry is EntryOf<T> =>
  entry.type === type;
export type AgentCreated = EntryOf<'agent_created'>;
export type TradeExecuted = EntryOf<'trade_executed'>;
export type AgentGraduated = EntryOf<'agent_graduated'>;
export type WalletCredited = EntryOf<'wallet_credited'>;
export type KingChanged = EntryOf<'king_changed'>;
export type SeasonStarted = EntryOf<'season_started'>;
export type SeasonEnded = EntryOf<'season_ended'>;
export type Medal = z.infer<typeof medalSchema>;
export type Staked = EntryOf<'staked'>;
export type Unstaked = EntryOf<'unstaked'>;
export type RewardsClaimed = EntryOf<'rewards_claimed'>;
export type VaultCreated = EntryOf<'vault_created'>;
export type VaultDeposited = EntryOf<'vault_deposited'>;
export type VaultWithdrawn = EntryOf<'vault_withdrawn'>;
