import { z } from 'zod';
import {
  agentCreatedSchema,
  agentGraduatedSchema,
  kingChangedSchema,
  rewardsClaimedSchema,
  seasonEndedSchema,
  stakedSchema,
  tradeExecutedSchema,
  unstakedSchema,
  vaultDepositedSchema,
  vaultWithdrawnSchema,
  walletCreditedSchema,
} from './events.ts';
import {
  accountViewSchema,
  activitiesSchema,
  activitySchema,
  kingsSchema,
  seasonResultSchema,
  stakePoolChangedSchema,
  standingsChangedSchema,
  vaultDetailSchema,
  vaultHistorySchema,
  vaultSummarySchema,
  vaultsChangedSchema,
} from './platform-schemas.ts';
import {
  agentViewSchema,
  graduationsSchema,
  newAgentsSchema,
  priceChangedSchema,
  tapeSchema,
} from './view-schemas.ts';

/**
 * The channel catalogue: every named view of the log that can be subscribed to, its delivery class, and the
 * messages it carries. `snapshot` means "replace your view", everything else "fold into it".
 */
export const snapshotReasonSchema = z.enum([
  /** The subscriber had no cursor. */
  'start',
  /** Its cursor could not be honoured: another log, or too far behind. */
  'gap',
]);

const snapshotOf = <T extends z.ZodRawShape>(shape: T) =>
  z.object({ type: z.literal('snapshot'), reason: snapshotReasonSchema, ...shape });

/** Every event arrives, once and in order. */
const every = <T extends z.ZodType>(description: string, message: T) => ({
  delivery: 'every' as const,
  description,
  message,
});
/** Only the newest value per key arrives; values in between may be skipped when the subscriber is slow. */
const latest = <T extends z.ZodType, K extends string>(key: K, description: string, message: T) => ({
  delivery: 'latest' as const,
  key,
  description,
  message,
});

export const channels = {
  trades: every(
    'Every trade of every agent.',
    z.discriminatedUnion('type', [snapshotOf({ trades: tapeSchema }), tradeExecutedSchema]),
  ),
  prices: latest(
    'agentId',
    'What each agent is worth now.',
    z.discriminatedUnion('type', [snapshotOf({ prices: z.array(priceChangedSchema) }), priceChangedSchema]),
  ),
  graduations: every(
    'Agents whose curve has sold out, and the pools that they trade in from there on.',
    z.discriminatedUnion('type', [snapshotOf({ graduations: graduationsSchema }), agentGraduatedSchema]),
  ),
  agents: every(
    'New agents.',
    z.discriminatedUnion('type', [snapshotOf({ agents: newAgentsSchema }), agentCreatedSchema]),
  ),
  agent: every(
    'Everything that happens to one agent: its trades, its graduation, and what is staked and claimed.',
    z.discriminatedUnion('type', [
      snapshotOf({ agent: agentViewSchema, trades: tapeSchema }),
      tradeExecutedSchema,
      agentGraduatedSchema,
      stakedSchema,
      unstakedSchema,
      rewardsClaimedSchema,
    ]),
  ),
  kings: every(
    'Who is king of the hill: the agent on the curve with the highest market cap.',
    z.discriminatedUnion('type', [snapshotOf({ kings: kingsSchema }), kingChangedSchema]),
  ),
  activities: every(
    'What is worth telling everybody, as the parts that a sentence is made of.',
    z.discriminatedUnion('type', [snapshotOf({ activities: activitiesSchema }), activitySchema]),
  ),
  olympics: latest(
    'type',
    'The running season: who leads it, and how the last one ended.',
    z.discriminatedUnion('type', [
      snapshotOf({ season: standingsChangedSchema.nullable(), last: seasonResultSchema }),
      standingsChangedSchema,
      seasonEndedSchema,
    ]),
  ),
  staking: latest(
    'agentId',
    'What is at stake in each agent, and what it has earned.',
    z.discriminatedUnion('type', [
      snapshotOf({ pools: z.array(stakePoolChangedSchema) }),
      stakePoolChangedSchema,
    ]),
  ),
  vaults: latest(
    'type',
    'The vaults as they stand, at the prices of now.',
    z.discriminatedUnion('type', [snapshotOf({ vaults: z.array(vaultSummarySchema) }), vaultsChangedSchema]),
  ),
  vault: every(
    'Everything that happens to one vault: deposits, withdrawals, trades, and SOL that it is credited.',
    z.discriminatedUnion('type', [
      snapshotOf({ vault: vaultDetailSchema, history: vaultHistorySchema }),
      vaultDepositedSchema,
      vaultWithdrawnSchema,
      tradeExecutedSchema,
      walletCreditedSchema,
    ]),
  ),
  account: every(
    'Everything that changes what one wallet has. For its owner alone.',
    z.discriminatedUnion('type', [
      snapshotOf({ account: accountViewSchema }),
      tradeExecutedSchema,
      walletCreditedSchema,
      stakedSchema,
      unstakedSchema,
      rewardsClaimedSchema,
      vaultDepositedSchema,
      vaultWithdrawnSchema,
      seasonEndedSchema,
    ]),
  ),
};

export type ChannelKind = keyof typeof channels;
export type DeliveryOf<K extends ChannelKind> = (typeof channels)[K]['delivery'];
/** What a subscriber of the channel gets, narrowing by `type`. */
export type MessageOf<K extends ChannelKind> = z.infer<(typeof channels)[K]['message']>;
export type SnapshotOf<K extends ChannelKind> = Extract<MessageOf<K>, { type: 'snapshot' }>;
/** The messages to fold: all of the channel's but the snapshot. */
export type DeltaOf<K extends ChannelKind> = Exclude<MessageOf<K>, { type: 'snapshot' }>;
export type SnapshotReason = z.infer<typeof snapshotReasonSchema>;

/** An item of a subscription: a message under its position in the log. */
export interface Item<M> {
  readonly id: string;
  readonly data: M;
}
