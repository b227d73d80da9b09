import { z } from 'zod';
import { asyncApiDocument } from '../gateway/asyncapi.ts';
import { clientSchemas, serverSchemas } from '../gateway/control-messages.ts';
import { ERRORS } from '../gateway/errors.ts';
import type { Explained } from './error-data.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';

/** A message of the plain JSON gateway that is no item of a channel. */
export interface GatewayMessage {
  readonly type: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface GatewayDoc {
  /** What a client may send. */
  readonly client: readonly GatewayMessage[];
  /** What the server sends beside the items of channels. */
  readonly server: readonly GatewayMessage[];
  /** By code: what an `error` may be, and its `message`. */
  readonly errors: readonly Explained[];
}

const document = z.object({
  operations: z.record(z.string(), z.object({ action: z.enum(['receive', 'send']), summary: z.string() })),
});

/** In the words of `/docs/asyncapi.json`, which describes the items as well. */
export function gatewayDoc(): GatewayDoc {
  const operations = Object.entries(document.parse(asyncApiDocument()).operations);
  const messages = (schemas: Readonly<Record<string, z.ZodType>>, way: 'receive' | 'send') =>
    Object.entries(schemas).map(([type, schema]): GatewayMessage => {
      // A type that goes both ways has two operations.
      const described = operations.find(
        ([name, { action }]) => action === way && (name === type || name === `${type}_answer`),
      );
      if (described === undefined) throw new Error(`asyncapi.json does not say what ${type} is`);
      return { type, description: described[1].summary, schema: jsonSchemaOf(schema) };
    });
  return {
    client: messages(clientSchemas, 'receive'),
    server: messages(serverSchemas, 'send'),
    errors: Object.entries(ERRORS).map(([name, description]) => ({ name, description })),
  };
}
