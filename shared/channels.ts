import { z } from 'zod';
import { agentCreatedSchema, agentGraduatedSchema, tradeExecutedSchema } from './events.ts';
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
const every = <T extends z.ZodType>(message: T) => ({ delivery: 'every' as const, message });
/** Only the newest value per key arrives; values in between may be skipped when the subscriber is slow. */
const latest = <T extends z.ZodType, K extends string>(key: K, message: T) => ({
  delivery: 'latest' as const,
  key,
  message,
});

export const channels = {
  trades: every(z.discriminatedUnion('type', [snapshotOf({ trades: tapeSchema }), tradeExecutedSchema])),
  prices: latest(
    'agentId',
    z.discriminatedUnion('type', [snapshotOf({ prices: z.array(priceChangedSchema) }), priceChangedSchema]),
  ),
  graduations: every(
    z.discriminatedUnion('type', [snapshotOf({ graduations: graduationsSchema }), agentGraduatedSchema]),
  ),
  agents: every(z.discriminatedUnion('type', [snapshotOf({ agents: newAgentsSchema }), agentCreatedSchema])),
  agent: every(
    z.discriminatedUnion('type', [
      snapshotOf({ agent: agentViewSchema, trades: tapeSchema }),
      tradeExecutedSchema,
      agentGraduatedSchema,
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
