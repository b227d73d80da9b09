import { TRPCError } from '@trpc/server';
import type { TRPCClientOutgoingMessage } from '@trpc/server/rpc';
import type { Address, RequestId } from './encoding.ts';

/** What one message of a frame turned out to be. */
export type Received =
  | { readonly kind: 'message'; readonly message: TRPCClientOutgoingMessage; readonly batchIndex: number }
  | { readonly kind: 'violation'; readonly address: Address | null; readonly error: TRPCError }
  | {
      readonly kind: 'oversized batch';
      /** Who is to be told; never empty. */
      readonly addresses: readonly (Address | null)[];
      readonly error: TRPCError;
    };

export interface MessageRules {
  readonly maxBatchSize: number;
  /** @throws Error when it is no message */
  parse(message: unknown): TRPCClientOutgoingMessage;
}

const MAX_ID_LENGTH = 64;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isUsableId = (id: unknown): id is RequestId =>
  typeof id === 'string' ? id.length <= MAX_ID_LENGTH : Number.isSafeInteger(id);

function addressOf(raw: unknown): Address | null {
  if (!isObject(raw) || !isUsableId(raw['id'])) return null;
  return { id: raw['id'], jsonrpc: raw['jsonrpc'] === '2.0' ? '2.0' : undefined };
}

/** The messages of a decoded frame, each judged by itself. */
export function readMessages(decoded: unknown, rules: MessageRules): readonly Received[] {
  if (!Array.isArray(decoded)) return [readMessage(decoded, 0, rules)];
  if (decoded.length > rules.maxBatchSize) return [refuseBatch(decoded)];
  return decoded.map((raw: unknown, index) => readMessage(raw, index, rules));
}

function readMessage(raw: unknown, batchIndex: number, rules: MessageRules): Received {
  try {
    const message = rules.parse(raw);
    if (message.id !== null && !isUsableId(message.id)) throw new Error('Invalid request id');
    return { kind: 'message', message, batchIndex };
  } catch (cause) {
    return {
      kind: 'violation',
      address: addressOf(raw),
      error: new TRPCError({ code: 'PARSE_ERROR', cause }),
    };
  }
}

/** Every call of the batch is refused, so that none waits for ever; nothing of it is deserialised. */
function refuseBatch(batch: readonly unknown[]): Received {
  const error = new TRPCError({ code: 'BAD_REQUEST', message: 'Batch call exceeds maximum size' });
  const addresses = batch
    .filter((raw) => isObject(raw) && raw['method'] !== 'subscription.stop')
    .map(addressOf)
    .filter((address) => address !== null);
  return { kind: 'oversized batch', addresses: addresses.length === 0 ? [null] : addresses, error };
}
