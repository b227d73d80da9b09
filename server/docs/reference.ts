import type { AnyTRPCRouter } from '@trpc/server';
import type { SuperJSONResult } from 'superjson';
import type { z } from 'zod';
import { CHANNEL_NAMES } from '../gateway/channels.ts';
import { ANSWERS } from './answers.ts';
import { type Consumed, typescriptCall, type WireCall, wireCall, wireInput } from './calls.ts';
import { CLOSE_CODES, type CloseCode } from './close-codes.ts';
import { type ErrorCode, errorCodes } from './error-codes.ts';
import {
  ERROR_DATA,
  type Explained,
  SESSION_PROBLEMS,
  UPGRADE_STATUSES,
  type UpgradeStatus,
} from './error-data.ts';
import { EXAMPLES } from './examples.ts';
import { type GatewayDoc, gatewayDoc } from './gateway-messages.ts';
import { type JsonSchema, jsonSchemaOf, jsonSchemasOf, SCHEMAS } from './json-schema.ts';
import { LIMITS, type LimitGroup } from './limits.ts';
import { EVENTS, type NamedSchema, SHAPES, UNITS } from './named-schemas.ts';
import { type Procedure, readProcedures } from './procedures.ts';
import { type Refusal, refusals } from './refusals.ts';

export interface ProcedureDoc extends Omit<Procedure, 'input' | 'channel'> {
  readonly channel: string | null;
  /** Of the `json` part of the input; `null` when there is none. */
  readonly input: JsonSchema | null;
  readonly example: {
    /** As it goes over the wire; `null` when there is none. */
    readonly input: SuperJSONResult | null;
    readonly typescript: string;
    readonly wire: WireCall;
    /** What it was answered, or the first item of a subscription, as it goes over the wire. */
    readonly answer: SuperJSONResult | null;
  };
}

export interface ChannelDoc {
  readonly name: string;
  readonly delivery: 'every' | 'latest';
  /** Of a `latest` channel: the field by which values replace each other. */
  readonly key: string | null;
  readonly description: string;
  /** The procedures that read it. */
  readonly subscriptions: readonly string[];
  /** Its name on the plain JSON gateway; `null` when it is not served there. */
  readonly gateway: string | null;
  /** The snapshot, then what is to be folded in. */
  readonly messages: readonly JsonSchema[];
}

export interface NamedDoc {
  readonly name: string;
  readonly description: string;
  /** The channels that carry it as a message. */
  readonly channels: readonly string[];
}

/** Everything that there is to know of the API, as data: what `/docs/api.json` answers and the page shows. */
export interface Reference {
  readonly title: string;
  readonly procedures: readonly ProcedureDoc[];
  readonly channels: readonly ChannelDoc[];
  readonly events: readonly NamedDoc[];
  readonly shapes: readonly NamedDoc[];
  readonly units: readonly JsonSchema[];
  readonly refusals: readonly Refusal[];
  readonly errorCodes: readonly ErrorCode[];
  /** The fields of `error.data`. */
  readonly errorData: readonly Explained[];
  /** What `error.data.session` may be. */
  readonly sessionProblems: readonly Explained[];
  readonly upgradeStatuses: readonly UpgradeStatus[];
  readonly limits: readonly LimitGroup[];
  readonly closeCodes: readonly CloseCode[];
  /** The messages of `/ws` that are no items. */
  readonly gateway: GatewayDoc;
  /** By name: what `$ref`s refer to. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

/** A channel as the catalogue has it. */
export interface CatalogueEntry {
  readonly delivery: 'every' | 'latest';
  readonly key?: string;
  readonly description: string;
  readonly message: z.ZodType;
}

/** What the reference is made of. */
export interface Sources {
  readonly router: AnyTRPCRouter;
  readonly channels: Readonly<Record<string, CatalogueEntry>>;
}

const CHANNEL = 'channel ';
const GATEWAY_NAMES: ReadonlyMap<string, string> = new Map(Object.entries(CHANNEL_NAMES));

/** @throws Error when a procedure is not documented, or has no example */
export function referenceOf({ router, channels }: Sources): Reference {
  const procedures = readProcedures(router);
  const kinds = Object.entries(channels);
  const named = [...EVENTS, ...SHAPES];
  const made = jsonSchemasOf([
    ...named.map(({ name, schema }) => [name, schema] as const),
    ...kinds.map(([name, { message }]) => [`${CHANNEL}${name}`, message] as const),
  ]);
  const channelDocs = kinds.map(
    ([name, { delivery, key, description }]): ChannelDoc => ({
      name,
      delivery,
      key: key ?? null,
      description,
      subscriptions: procedures.filter(({ channel }) => channel === name).map((procedure) => procedure.name),
      gateway: GATEWAY_NAMES.get(name) ?? null,
      messages: made.get(`${CHANNEL}${name}`)?.oneOf ?? [],
    }),
  );
  const namedDoc = ({ name, description }: NamedSchema): NamedDoc => ({
    name,
    description,
    channels: channelDocs
      .filter(({ messages }) => messages.some(({ $ref }) => $ref === `${SCHEMAS}${name}`))
      .map((channel) => channel.name),
  });
  return {
    title: 'Agent.fun realtime API',
    procedures: procedures.map((procedure) => procedureDoc(procedure, channelDocs)),
    channels: channelDocs,
    events: EVENTS.map(namedDoc),
    shapes: SHAPES.map(namedDoc),
    units: UNITS.map(jsonSchemaOf),
    refusals: refusals(),
    errorCodes: errorCodes(),
    errorData: ERROR_DATA,
    sessionProblems: SESSION_PROBLEMS,
    upgradeStatuses: UPGRADE_STATUSES,
    limits: LIMITS,
    closeCodes: CLOSE_CODES,
    gateway: gatewayDoc(),
    schemas: Object.fromEntries(named.map(({ name }) => [name, made.get(name) ?? {}])),
  };
}

function procedureDoc(procedure: Procedure, channels: readonly ChannelDoc[]): ProcedureDoc {
  const { name, type, access, description, input } = procedure;
  if (!EXAMPLES.has(name)) throw new Error(`${name} has no example`);
  const example = EXAMPLES.get(name);
  const channel = channels.find((doc) => doc.name === procedure.channel);
  return {
    name,
    type,
    access,
    description,
    channel: channel?.name ?? null,
    input: input === undefined ? null : jsonSchemaOf(input),
    example: {
      input: wireInput(example) ?? null,
      typescript: typescriptCall(procedure, example, channel === undefined ? undefined : consumed(channel)),
      wire: wireCall(procedure, example),
      answer: ANSWERS.get(name) ?? null,
    },
  };
}

function consumed({ name, delivery, messages: [snapshot] }: ChannelDoc): Consumed {
  const properties = Object.keys(snapshot?.properties ?? {});
  return {
    channel: name,
    delivery,
    snapshot: properties.filter((property) => property !== 'type' && property !== 'reason'),
  };
}
