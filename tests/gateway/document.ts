import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import type { Message } from './json-client.ts';

const refSchema = z.object({ $ref: z.string() });
export const documentSchema = z.object({
  channels: z.record(
    z.string(),
    z.object({
      address: z.string().nullable(),
      messages: z.record(z.string(), refSchema),
      parameters: z.record(z.string(), z.unknown()).optional(),
      'x-delivery': z.enum(['every', 'latest']).optional(),
    }),
  ),
  operations: z.record(
    z.string(),
    z.object({ action: z.enum(['send', 'receive']), channel: refSchema, messages: z.array(refSchema) }),
  ),
  components: z.object({ messages: z.record(z.string(), z.object({ payload: z.unknown() })) }),
});
export type Document = z.infer<typeof documentSchema>;

const typedSchema = z.object({ properties: z.object({ type: z.object({ const: z.string() }) }) });

const CONNECTION = 'connection';
const DOCUMENT = 'asyncapi.json';

/** Holds messages against an AsyncAPI document: what it does not mention is wrong, be it a message or a field. */
export class DocumentChecker {
  readonly document: Document;
  readonly #ajv: Ajv;
  readonly #byRef = new Map<string, ValidateFunction>();
  /** What the server says of the connection: the message by its type, which need not be its name. */
  readonly #ofConnection: ReadonlyMap<string, string>;

  constructor(document: unknown) {
    this.document = documentSchema.parse(document);
    this.#ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(this.#ajv);
    this.#ajv.addSchema(z.record(z.string(), z.unknown()).parse(closed(document)), DOCUMENT);
    this.#ofConnection = new Map(sentOnConnection(this.document));
  }

  /** The message in the document that a message of the server is; a message of the client's is none. */
  nameOf({ type, channel }: Message): string | undefined {
    const { channels } = this.document;
    const ofConnection = this.#ofConnection.get(type);
    if (ofConnection !== undefined) return ofConnection;
    const found = Object.values(channels).find(
      ({ address }) =>
        address !== null && typeof channel === 'string' && addressPattern(address).test(channel),
    );
    return found?.messages[type]?.$ref;
  }

  /** What is wrong with a message of the server; nothing when it is as the document says. */
  faultOf(message: Message): string | undefined {
    const ref = this.nameOf(message);
    if (ref === undefined) return `not in the document: ${JSON.stringify(message).slice(0, 200)}`;
    const validate = this.#validatorOf(ref);
    if (validate(message)) return undefined;
    return `${this.#ajv.errorsText(validate.errors)} in ${JSON.stringify(message).slice(0, 1_000)}`;
  }

  /** Whether a message of the client is as the document says. */
  allowsFromClient(type: string, message: unknown): boolean {
    return this.#validatorOf(`#/components/messages/${type}`)(message) === true;
  }

  #validatorOf(ref: string): ValidateFunction {
    const validate = this.#byRef.get(ref) ?? this.#ajv.compile({ $ref: `${DOCUMENT}${ref}/payload` });
    this.#byRef.set(ref, validate);
    return validate;
  }
}

/** The type of each message that the server sends on the connection, and where the message is. */
function* sentOnConnection({ channels, operations, components }: Document): Generator<[string, string]> {
  for (const { action, channel, messages } of Object.values(operations)) {
    if (action !== 'send' || channel.$ref !== `#/channels/${CONNECTION}`) continue;
    for (const { $ref } of messages) {
      const ref = channels[CONNECTION]?.messages[nameIn($ref)]?.$ref ?? '';
      const payload = typedSchema.parse(components.messages[nameIn(ref)]?.payload);
      yield [payload.properties.type.const, ref];
    }
  }
}

/** The last step of a pointer. */
const nameIn = (ref: string): string => ref.split('/').at(-1) ?? '';

const addressPattern = (address: string): RegExp =>
  new RegExp(`^${address.replace(/\{\w+\}/, '[1-9]\\d*')}$`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The document with every object closed to fields that it does not mention. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]));
  const open = copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy);
  return open ? { ...copy, additionalProperties: false } : copy;
}
