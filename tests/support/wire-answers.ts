import { z } from 'zod';
import { type QuoteMessage, quoteMessage } from './quote-log.ts';
import { FrameParser, type Received } from './raw-ws-frames.ts';
import { Inbox } from './streams.ts';

/** What a server of quotes says, and how its connection ends. */
export type Answer =
  | { readonly kind: 'started' | 'stopped'; readonly id: number }
  | { readonly kind: 'item'; readonly id: number; readonly seq: number; readonly message: QuoteMessage }
  | { readonly kind: 'data'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'error'; readonly id: number | null; readonly code: string }
  | { readonly kind: 'reconnect' | 'PING' | 'PONG' }
  /** Frames of `ws` itself. */
  | { readonly kind: 'ping' | 'pong' }
  | { readonly kind: 'close'; readonly code: number };

const wireMessage = z.union([
  z.object({
    id: z.number(),
    result: z.object({ type: z.enum(['started', 'stopped']) }),
  }),
  z.object({
    id: z.number(),
    result: z.object({
      type: z.literal('data'),
      id: z.string(),
      data: z.object({ id: z.string(), data: quoteMessage }),
    }),
  }),
  z.object({ id: z.number(), result: z.strictObject({ type: z.literal('data'), data: z.unknown() }) }),
  z.object({ id: z.number().nullable(), error: z.object({ data: z.object({ code: z.string() }) }) }),
  z.object({ id: z.null(), method: z.literal('reconnect') }),
]);

/** @throws when it is nothing that a server of quotes says */
function answerOf(text: string): Answer {
  if (text === 'PING' || text === 'PONG') return { kind: text };
  const { data: message } = wireMessage.safeParse(JSON.parse(text));
  if (message === undefined) throw new Error(`nothing that a server of quotes says: ${text}`);
  if ('method' in message) return { kind: 'reconnect' };
  if ('error' in message) return { kind: 'error', id: message.id, code: message.error.data.code };
  const { id, result } = message;
  if (result.type !== 'data') return { kind: result.type, id };
  if (!('id' in result)) return { kind: 'data', id, data: result.data };
  if (result.id !== result.data.id) throw new Error(`an item with two ids: ${text}`);
  return { kind: 'item', id, seq: Number(result.id.slice('test-'.length)), message: result.data.data };
}

function answerIn(received: Received): Answer {
  switch (received.kind) {
    case 'text':
      return answerOf(received.text);
    case 'close':
      return { kind: 'close', code: received.code };
    case 'ping':
    case 'pong':
      return { kind: received.kind };
    case 'binary':
      throw new Error('text was due');
    default:
      return received satisfies never;
  }
}

const HEAD_END = '\r\n\r\n';

/** Reads the bytes that a server sends on a WebSocket connection: the handshake's answer, then frames. */
export class WireReader {
  readonly answers = new Inbox<Answer>();
  readonly #parser: FrameParser;
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor(deflate = false) {
    this.#parser = new FrameParser(deflate, (received) => this.answers.push(answerIn(received)));
  }

  push(bytes: Buffer): void {
    if (this.#head === undefined) {
      this.#parser.push(bytes);
      return;
    }
    const head = Buffer.concat([this.#head, bytes]);
    const end = head.indexOf(HEAD_END);
    this.#head = end < 0 ? head : undefined;
    if (end < 0) return;
    if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error(`refused: ${head}`);
    const rest = head.subarray(end + HEAD_END.length);
    if (rest.length > 0) this.#parser.push(rest);
  }
}

/** An opening handshake (RFC 6455, section 4.1), which offers `extensions` if there are any. */
export const handshake = (extensions?: string): Buffer =>
  Buffer.from(
    [
      'GET /trpc HTTP/1.1',
      'Host: localhost',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      ...(extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`]),
      '\r\n',
    ].join('\r\n'),
  );
