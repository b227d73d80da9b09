import { z } from 'zod';
import { channels } from '../../shared/channels.ts';
import { CLOSE } from '../realtime/ws/close-codes.ts';
import { CHANNEL_NAMES } from './channels.ts';
import { clientSchemas, serverSchemas } from './control-messages.ts';
import {
  activityDataSchema,
  balanceSchema,
  graduationSchema,
  itemSchemas,
  kingChangeSchema,
  newAgentSchema,
  olympicsSchema,
  priceSchema,
  seasonEndedSchema,
  stakePoolSchema,
  stakingSchema,
  standingsSchema,
  tradeSchema,
  vaultSummarySchema,
  vaultUpdateSchema,
  type WireItem,
} from './item-schemas.ts';
import { DEFAULT_LIMITS, MAX_FRAME_BYTES, MAX_MESSAGE_BYTES } from './limits.ts';
import {
  accountStateSchema,
  agentStateSchema,
  type ServedKind,
  snapshotSchemas,
  vaultStateSchema,
} from './snapshot-schemas.ts';
import { type Delta, WIRE_TYPES } from './to-wire.ts';

type Json = Readonly<Record<string, unknown>>;

const VERSION = '1.0.0';

const { sendBudgetBytes, stuckMs, heartbeatMs, pongWaitMs, maxSubscriptions, errors, refusals } =
  DEFAULT_LIMITS;

const ABOUT = `The realtime channels of Agent.fun as plain JSON over one WebSocket: one message a text frame.

The server speaks first, with \`connected\`. \`subscribe\` is answered with \`subscribed\`, then with a snapshot of the channel, then \
with what happens; a snapshot replaces what the client knows, whenever it comes. The \`id\` of each is a position: after a \
reconnect, subscribe with the last one as \`since\` and go on after it. Where that is not possible, another snapshot comes, \
with reason \`gap\`. Later releases may add fields and types: ignore what you do not know.

Amounts are decimal text in whole SOL or whole tokens, exact. Times are ISO 8601, UTC.

Limits: messages of at most ${MAX_MESSAGE_BYTES} bytes, of which one of more than ${MAX_FRAME_BYTES} ends the connection with 1009; \
${maxSubscriptions} subscriptions a connection; more than ${errors.count} errors within ${errors.windowMs / 1000} s end it with ${CLOSE.abuse}. \
What comes too often is answered with \`rate_limited\` and not done; more than ${refusals.count} of that within ${refusals.windowMs / 1000} s end the \
connection with ${CLOSE.abuse} as well. ${CLOSE.unauthorized} follows \`session_ended\`: the session has been ended elsewhere. \
While more than ${sendBudgetBytes} bytes wait to be sent to a client, it gets no more items and is not read from; channels of \
delivery \`every\` then go on where they were, those of delivery \`latest\` with their newest values. A connection is cut when \
nothing of what waits has left for ${stuckMs / 1000} s, or when nothing comes from it for ${pongWaitMs / 1000} s after a ping, which is sent \
after ${heartbeatMs / 1000} s of silence. 1012 says that the server restarts: come back after a random delay.`;

const CHANNELS: Readonly<Record<ServedKind, string>> = {
  trades: 'Every trade of every agent.',
  prices: 'What each agent is worth now.',
  kings: 'Who is king of the hill: the agent on the curve with the highest market cap.',
  activities: 'What is worth telling everybody, new agents among it.',
  graduations: 'Agents whose curve has sold out.',
  olympics: 'The running season and how it ended.',
  staking: 'What is at stake in each agent, and what it has earned.',
  vaults: 'The vaults and what they are worth.',
  agent: 'Everything that happens to one agent.',
  vault: 'Everything that happens to one vault.',
  account: 'Everything that happens to the wallet that has signed in; for others it is `unauthorized`.',
};

const CLIENT_MESSAGES: Readonly<Record<keyof typeof clientSchemas, string>> = {
  subscribe: 'Asks for a channel: for what came after `since`, or for a snapshot and what comes after that.',
  unsubscribe: 'Asks for the end of a subscription.',
  ping: 'Asks for a `pong`, which comes after everything that was sent before.',
  challenge: 'Asks for the text that a wallet is to sign.',
  auth: 'Proves who the client is: with the signature of the challenge, or with an access token.',
};

const ANSWERS: Readonly<Record<keyof typeof clientSchemas, keyof typeof serverSchemas>> = {
  subscribe: 'subscribed',
  unsubscribe: 'unsubscribed',
  ping: 'pong',
  challenge: 'challenge',
  auth: 'authenticated',
};

/** What a message of the server is called here. One type goes both ways, and the name is the client's. */
const nameOf = (type: keyof typeof serverSchemas): string =>
  Object.hasOwn(clientSchemas, type) ? `${type}_answer` : type;

const SERVER_MESSAGES: Readonly<Record<keyof typeof serverSchemas, string>> = {
  connected: 'The first message of a connection.',
  subscribed: 'The subscription has begun; its items follow.',
  unsubscribed: 'The subscription is over; nothing of it follows.',
  pong: 'Answer to `ping`.',
  challenge: 'What the wallet is to sign. It can be used once.',
  authenticated: 'The client is who it says, until the session ends.',
  error:
    'A message was refused, or a subscription broke. The connection goes on, except after `too_many_errors` and `session_ended`.',
  reconnect: 'The server is about to stop: connect anew, then leave this connection.',
};

/** Schemas that others refer to by name. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  Trade: tradeSchema,
  Price: priceSchema,
  Graduation: graduationSchema,
  NewAgent: newAgentSchema,
  KingChange: kingChangeSchema,
  Activity: activityDataSchema,
  Standings: standingsSchema,
  SeasonEnded: seasonEndedSchema,
  Olympics: olympicsSchema,
  StakePool: stakePoolSchema,
  Staking: stakingSchema,
  VaultSummary: vaultSummarySchema,
  VaultUpdate: vaultUpdateSchema,
  Balance: balanceSchema,
  Agent: agentStateSchema,
  Vault: vaultStateSchema,
  Account: accountStateSchema,
};

const CONNECTION = 'connection';

/** The AsyncAPI 3.0.0 document of the gateway, made of the channel catalogue and the schemas of what is sent. */
export function asyncApiDocument(): Json {
  const { schemas, payloads } = jsonSchemas();
  const message = (name: string, summary: string): Json => ({
    name,
    contentType: 'application/json',
    summary,
    payload: payloads[name],
  });
  const kinds = keysOf(CHANNEL_NAMES);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Agent.fun realtime gateway', version: VERSION, description: ABOUT },
    defaultContentType: 'application/json',
    servers: {
      gateway: {
        host: '{host}',
        pathname: '/ws',
        protocol: 'ws',
        description: 'Behind TLS: wss.',
        variables: { host: { default: 'localhost:3001', description: 'Where the server listens.' } },
      },
    },
    channels: {
      [CONNECTION]: {
        address: null,
        description: 'Messages of the connection, which belong to no channel or ask for one.',
        messages: refsTo([...keysOf(clientSchemas), ...keysOf(serverSchemas).map(nameOf)]),
      },
      ...Object.fromEntries(kinds.map((kind) => [kind, channelOf(kind)])),
    },
    operations: {
      ...Object.fromEntries(
        keysOf(clientSchemas).map((type) => [
          type,
          {
            action: 'receive',
            ...on(CONNECTION, [type]),
            summary: CLIENT_MESSAGES[type],
            reply: on(CONNECTION, [nameOf(ANSWERS[type]), 'error']),
          },
        ]),
      ),
      ...Object.fromEntries(
        keysOf(serverSchemas).map((type) => [
          nameOf(type),
          { action: 'send', ...on(CONNECTION, [nameOf(type)]), summary: SERVER_MESSAGES[type] },
        ]),
      ),
      ...Object.fromEntries(
        kinds.map((kind) => [
          `${kind}_items`,
          { action: 'send', ...on(kind, ['snapshot', ...itemTypesOf(kind)]), summary: CHANNELS[kind] },
        ]),
      ),
    },
    components: {
      messages: {
        ...Object.fromEntries(
          keysOf(clientSchemas).map((type) => [type, message(type, CLIENT_MESSAGES[type])]),
        ),
        ...Object.fromEntries(
          keysOf(serverSchemas).map((type) => [nameOf(type), message(nameOf(type), SERVER_MESSAGES[type])]),
        ),
        ...Object.fromEntries(
          keysOf(itemSchemas).map((type) => [
            type,
            message(type, itemSchemas[type].shape.data.description ?? type),
          ]),
        ),
        ...Object.fromEntries(
          kinds.map((kind) => [
            snapshotName(kind),
            message(snapshotName(kind), `The channel ${CHANNEL_NAMES[kind]} as it stands.`),
          ]),
        ),
      },
      schemas,
    },
  };
}

const snapshotName = (kind: ServedKind): string => `${kind}_snapshot`;

function channelOf(kind: ServedKind): Json {
  const parameter = /\{(\w+)\}/.exec(CHANNEL_NAMES[kind])?.[1];
  return {
    address: CHANNEL_NAMES[kind],
    description: CHANNELS[kind],
    ...(parameter === undefined
      ? {}
      : { parameters: { [parameter]: { description: 'A positive number.', examples: ['123'] } } }),
    messages: {
      snapshot: { $ref: `#/components/messages/${snapshotName(kind)}` },
      ...refsTo(itemTypesOf(kind)),
    },
    'x-delivery': channels[kind].delivery,
  };
}

/** The types of the items that a channel carries beside snapshots, read out of the catalogue. */
export function itemTypesOf(kind: ServedKind): readonly WireItem['type'][] {
  const types = channels[kind].message._zod.propValues?.['type'] ?? new Set();
  return [...new Set([...types].filter(isDelta).flatMap((type) => [...WIRE_TYPES[type]]))];
}

const isDelta = (type: unknown): type is Delta['type'] =>
  typeof type === 'string' && Object.hasOwn(WIRE_TYPES, type);

const refsTo = (messages: readonly string[]): Json =>
  Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }]));

const on = (channel: string, messages: readonly string[]): Json => ({
  channel: { $ref: `#/channels/${channel}` },
  messages: messages.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
});

/** An item as it arrives: with its channel. */
const inChannel = ({ shape }: z.ZodObject, channel: z.ZodType): z.ZodType => z.object({ channel, ...shape });

function channelNameSchema(name: string): z.ZodType {
  const [prefix, parameter] = name.split('{');
  return parameter === undefined
    ? z.literal(name)
    : z.string().regex(new RegExp(`^${prefix}[1-9]\\d{0,14}$`));
}

/** All schemas as JSON Schema (draft 7): the named ones, and the payload of every message by its name. */
function jsonSchemas(): { schemas: Json; payloads: Json } {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const messages: Readonly<Record<string, z.ZodType>> = {
    ...clientSchemas,
    ...Object.fromEntries(keysOf(serverSchemas).map((type) => [nameOf(type), serverSchemas[type]])),
    ...Object.fromEntries(
      keysOf(itemSchemas).map((type) => [type, inChannel(itemSchemas[type], z.string())]),
    ),
    ...Object.fromEntries(
      keysOf(snapshotSchemas).map((kind) => [
        snapshotName(kind),
        inChannel(snapshotSchemas[kind], channelNameSchema(CHANNEL_NAMES[kind])),
      ]),
    ),
  };
  for (const [name, schema] of Object.entries(messages)) registry.add(schema, { id: name });
  const made = z.toJSONSchema(registry, {
    target: 'draft-7',
    // As it goes over the wire, before anything is made of it.
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  }).schemas;
  const pick = (names: readonly string[]): Json =>
    Object.fromEntries(
      names.map((name) => {
        const { $schema, $id, ...schema } = made[name] ?? {};
        return [name, schema];
      }),
    );
  return { schemas: pick(Object.keys(SCHEMAS)), payloads: pick(Object.keys(messages)) };
}

/** The keys of a table of ours, which has no others than its type says. */
function keysOf<T extends object>(table: T): (keyof T & string)[] {
  const isKey = (key: string): key is keyof T & string => Object.hasOwn(table, key);
  return Object.keys(table).filter(isKey);
}
