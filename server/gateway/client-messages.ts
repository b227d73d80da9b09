import { type ClientMessage, clientSchemas, type RequestId, requestIdSchema } from './control-messages.ts';
import type { ErrorCode } from './errors.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';

/** What a frame of the client turned out to be. */
export type Received =
  | { readonly kind: 'message'; readonly message: ClientMessage }
  | {
      readonly kind: 'violation';
      readonly code: ErrorCode;
      readonly requestId: RequestId | undefined;
      /** Names of fields of the protocol that are not as they should be. */
      readonly fields: readonly string[];
    };

const SCHEMAS: ReadonlyMap<string, (typeof clientSchemas)[keyof typeof clientSchemas]> = new Map(
  Object.entries(clientSchemas),
);

const violation = (code: ErrorCode, requestId?: RequestId, fields: readonly string[] = []): Received => ({
  kind: 'violation',
  code,
  requestId,
  fields,
});

/** @param data of one frame; in a text frame it is valid UTF-8 */
export function readClientMessage(data: unknown, isBinary: boolean): Received {
  if (isBinary || !Buffer.isBuffer(data)) return violation('binary_not_supported');
  if (data.length > MAX_MESSAGE_BYTES) return violation('too_large');
  let decoded: unknown;
  try {
    decoded = JSON.parse(data.toString());
  } catch {
    return violation('bad_json');
  }
  if (typeof decoded !== 'object' || decoded === null || Array.isArray(decoded)) {
    return violation('bad_message');
  }
  const requestId = requestIdOf(decoded);
  if (!('type' in decoded) || typeof decoded.type !== 'string') {
    return violation('bad_message', requestId, ['type']);
  }
  const schema = SCHEMAS.get(decoded.type);
  if (schema === undefined) return violation('unknown_type', requestId);
  const parsed = schema.safeParse(decoded);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  const wrong = parsed.error.issues.map(({ path }) => String(path[0]));
  return violation('bad_message', requestId, [...new Set(wrong)]);
}

function requestIdOf(message: object): RequestId | undefined {
  return 'id' in message ? requestIdSchema.safeParse(message.id).data : undefined;
}
