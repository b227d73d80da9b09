import { z } from 'zod';
import { walletAddressSchema } from '../../shared/schema.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { fields } from './item-schemas.ts';
import { MAX_ID_LENGTH, MAX_REPEATED } from './limits.ts';

/** The messages that are no items: all of the client's, and what the server says of the connection and its channels. */
export const requestIdSchema = z
  .union([z.number(), z.string().max(MAX_ID_LENGTH)])
  .describe('Chosen by the client; comes back as `requestId` in the answer.');

export type RequestId = z.infer<typeof requestIdSchema>;

const request = { id: requestIdSchema.optional() };
const answer = {
  requestId: requestIdSchema.optional().describe('The `id` of the message that this answers.'),
};
const channel = z.string().describe('Name of a channel, such as `trades` or `agent:123`.');

/** Fields that are not named are ignored. */
export const clientSchemas = {
  subscribe: z.object({
    type: z.literal('subscribe'),
    ...request,
    channel,
    since: z
      .string()
      .nullish()
      .describe('The `id` of the last item of the channel that was seen: what came after it follows.'),
  }),
  unsubscribe: z.object({ type: z.literal('unsubscribe'), ...request, channel }),
  ping: z.object({ type: z.literal('ping'), ...request }),
  challenge: z.object({
    type: z.literal('challenge'),
    ...request,
    walletAddress: walletAddressSchema.describe('Whose wallet is to sign.'),
  }),
  auth: z.object({
    type: z.literal('auth'),
    ...request,
    walletAddress: walletAddressSchema.optional().describe('Who has signed.'),
    signature: z.string().max(256).optional().describe('Base64 of the signature, 64 bytes.'),
    message: z
      .string()
      .max(2_048)
      .optional()
      .describe("The text that was signed; without it, that of the connection's last challenge."),
    token: z.string().max(2_048).optional().describe('An access token, in place of all the others.'),
  }),
};

export type ClientMessage = z.infer<(typeof clientSchemas)[keyof typeof clientSchemas]>;

const errorCodes = Object.keys(ERRORS).filter((code): code is ErrorCode => Object.hasOwn(ERRORS, code));

export const serverSchemas = {
  connected: z.object({
    type: z.literal('connected'),
    epoch: z.string().describe('Name of the log: positions of other logs are worth nothing here.'),
    serverTime: fields.time,
    heartbeatMs: z
      .int()
      .positive()
      .describe('The server pings a connection that has been silent for so long.'),
    channels: z
      .array(z.string())
      .describe('The channels that need no sign-in; ids go in place of the braces.'),
  }),
  subscribed: z.object({
    type: z.literal('subscribed'),
    ...answer,
    channel,
    since: fields.position.nullable().describe('Where it goes on; null: with a snapshot.'),
  }),
  unsubscribed: z.object({
    type: z.literal('unsubscribed'),
    ...answer,
    channel,
    reason: z
      .enum(['expired', 'revoked', 'replaced'])
      .optional()
      .describe('Of `account`: what has become of the session.'),
  }),
  pong: z.object({ type: z.literal('pong'), ...answer, timestamp: fields.time }),
  challenge: z.object({
    type: z.literal('challenge'),
    ...answer,
    walletAddress: fields.wallet,
    message: z.string().describe('What the wallet is to sign, as UTF-8, byte for byte.'),
    expiresAt: fields.time,
  }),
  authenticated: z.object({
    type: z.literal('authenticated'),
    ...answer,
    walletAddress: fields.wallet,
    expiresAt: fields.time.describe('When the session ends, unless another `auth` comes before.'),
  }),
  error: z.object({
    type: z.literal('error'),
    ...answer,
    code: z.enum(errorCodes),
    message: z.string().describe('For people; go by the code.'),
    channel: z
      .string()
      .max(MAX_REPEATED)
      .optional()
      .describe(
        `The channel that the message was about; of a longer name its first ${MAX_REPEATED} characters.`,
      ),
    retryAfter: z.number().positive().optional().describe('Seconds, with a fraction, of `rate_limited`.'),
  }),
  reconnect: z.object({ type: z.literal('reconnect') }),
};

export type ServerMessage = z.infer<(typeof serverSchemas)[keyof typeof serverSchemas]>;
