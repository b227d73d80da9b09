import type { IncomingMessage } from 'node:http';
import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server';
import type {
  TRPCClientOutgoingMessage,
  TRPCErrorShape,
  TRPCReconnectNotification,
  TRPCResponseMessage,
  TRPCResultMessage,
} from '@trpc/server/rpc';
import type { RawData, WebSocket } from 'ws';
import { answer, type Call, type CallConnection } from './call.ts';
import { CLOSE } from './close-codes.ts';
import { Conduct } from './conduct.ts';
import { ConnectionContext, type ContextOwner } from './connection-context.ts';
import type { Address, RequestId } from './encoding.ts';
import { type Concern, type Endpoint, type Origin, PLAIN_ERROR, THE_CONNECTION } from './endpoint.ts';
import type { Peer } from './keep-alive.ts';
import { tooMany } from './limited.ts';
import { readMessages } from './messages.ts';
import type { Counted } from './stats.ts';
import { Subscription } from './subscription.ts';
import { type Frame, Traffic } from './traffic.ts';

type Result = TRPCResultMessage<unknown>['result'];

const TOO_MUCH = new TRPCError({
  code: 'TOO_MANY_REQUESTS',
  message: 'Too much of what was sent has been refused',
});

/** One WebSocket and the calls on it. See PROTOCOL.md. */
export class Connection<C>
  extends Traffic
  implements CallConnection<C>, ContextOwner<C>, Counted, Origin<C>, Peer
{
  readonly #subscriptions = new Map<RequestId, Subscription<C>>();
  readonly #context: ConnectionContext<C>;
  /** Queries and mutations that have not been answered. */
  #calls: Set<AbortController> | undefined;
  readonly #conduct: Conduct;

  constructor(
    readonly endpoint: Endpoint<C>,
    client: WebSocket,
    readonly req: IncomingMessage,
  ) {
    super(client, req.socket, endpoint);
    endpoint.keepAlive?.heard(this);
    this.#conduct = new Conduct(endpoint.limits);
    this.#context = new ConnectionContext(this);
  }

  get ctx(): C | undefined {
    return this.#context.made;
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  context(): C | undefined | Promise<C | undefined> {
    return this.#context.get();
  }

  // What the socket tells.

  received(data: RawData, isBinary: boolean): void {
    this.endpoint.keepAlive?.heard(this);
    this.take({ data, isBinary });
  }

  failed(cause: unknown): void {
    this.report(cause, THE_CONNECTION);
  }

  /** Aborts every call. */
  closed(): void {
    this.endpoint.keepAlive?.left(this);
    this.forget();
    this.#stopAll();
    for (const running of [...(this.#calls ?? [])]) running.abort();
    this.#context.closed();
  }

  // What its calls need.

  begin(): AbortController {
    const running = new AbortController();
    this.#calls ??= new Set();
    this.#calls.add(running);
    return running;
  }

  end(running: AbortController): void {
    this.#calls?.delete(running);
  }

  release({ id }: Address): void {
    this.#subscriptions.delete(id);
  }

  respond(address: Address, result: Result): void {
    this.#send({ ...fieldsOf(address), result });
  }

  report(cause: unknown, concern: Concern): void {
    this.endpoint.report(getTRPCErrorFromUnknown(cause), concern, this);
  }

  respondWithError(address: Address | null, cause: unknown, concern: Concern): void {
    const error = getTRPCErrorFromUnknown(cause);
    this.endpoint.report(error, concern, this);
    this.#sendError(address, error, concern);
  }

  respondWithItem(address: Address, result: Result): void {
    if (!this.open) return;
    this.respond(address, result);
    this.endpoint.counters.sent += 1;
  }

  // What its server does with it.

  notifyReconnect(): void {
    const notice: TRPCReconnectNotification = { id: null, method: 'reconnect' };
    this.#send(notice);
  }

  /** Closes the connection; what for goes before. */
  refuse(cause: unknown, code: number, reason: string): void {
    if (!this.open) return;
    this.#sendError(null, getTRPCErrorFromUnknown(cause), THE_CONNECTION);
    this.client.close(code, reason);
    this.#stopAll();
  }

  closeForRestart(): void {
    this.client.close(CLOSE.restart, 'restarting');
  }

  ping(): void {
    this.send('PING');
  }

  cut(): void {
    this.endpoint.counters.cut += 1;
    this.client.terminate();
  }

  override stuck(): void {
    this.cut();
  }

  protected override handle({ data, isBinary }: Frame): void {
    if (!Buffer.isBuffer(data)) {
      this.#sendError(
        null,
        new TRPCError({ code: 'UNPROCESSABLE_CONTENT', message: 'Unexpected WebSocket message format' }),
        THE_CONNECTION,
      );
      return;
    }
    const content = isBinary ? data : data.toString('utf8');
    if (content === 'PONG') return;
    if (content === 'PING') {
      if (this.#admitted(null, 'message')) this.#answerPing();
    } else if (this.#context.awaitsParams) this.#context.takeParams(content);
    else this.#handleMessages(content);
  }

  /** The PONG tells the client that what was published before has come; so that goes first. */
  #answerPing(): void {
    if (!this.endpoint.answersPings) return;
    for (const subscription of this.#subscriptions.values()) subscription.catchUp();
    this.serveWaiting();
    this.send('PONG');
  }

  #handleMessages(content: string | Uint8Array): void {
    let decoded: unknown;
    try {
      decoded = this.endpoint.encoding.decode(content);
    } catch (cause) {
      this.#reject(null, new TRPCError({ code: 'PARSE_ERROR', cause }));
      return;
    }
    for (const received of readMessages(decoded, this.endpoint)) {
      // It may be closed for what came before in the same frame.
      if (!this.open) return;
      switch (received.kind) {
        case 'message':
          this.#run(received.message, received.batchIndex);
          break;
        case 'violation':
          this.#reject(received.address, received.error);
          break;
        case 'oversized batch':
          this.report(received.error, THE_CONNECTION);
          for (const address of received.addresses) this.#reject(address, received.error);
          break;
        default:
          received satisfies never;
      }
    }
  }

  #run(message: TRPCClientOutgoingMessage, batchIndex: number): void {
    const { id } = message;
    if (id === null) {
      const error = new TRPCError({ code: 'PARSE_ERROR', message: '`id` is required' });
      this.report(error, THE_CONNECTION);
      this.#reject(null, error);
      return;
    }
    if (message.method === 'subscription.stop') {
      const stopped = this.#subscriptions.get(id);
      // One that stops something costs what starting it did; its answer must be `stopped`.
      if (stopped !== undefined) stopped.stop();
      else this.#admitted(null, 'message');
      return;
    }
    const { path, input, lastEventId } = message.params;
    const call: Call = {
      id,
      jsonrpc: message.jsonrpc,
      type: message.method,
      path,
      input: lastEventId === undefined ? input : withLastEventId(input, lastEventId),
      batchIndex,
    };
    if (!this.#admitted(call, call.type === 'subscription' ? 'subscribe' : 'message')) return;
    if (call.type === 'subscription') this.#subscribe(call);
    else void answer(this, call);
  }

  #subscribe(call: Call): void {
    const subscriptions = this.#subscriptions;
    const { maxSubscriptions } = this.endpoint.limits;
    if (subscriptions.has(call.id)) {
      const message = `Duplicate id ${call.id}`;
      this.respondWithError(call, new TRPCError({ code: 'BAD_REQUEST', message }), call);
    } else if (subscriptions.size >= maxSubscriptions) {
      const message = `At most ${maxSubscriptions} subscriptions on a connection`;
      this.respondWithError(call, new TRPCError({ code: 'TOO_MANY_REQUESTS', message }), call);
    } else {
      const subscription = new Subscription(this, call);
      subscriptions.set(call.id, subscription);
      void subscription.start();
    }
  }

  /** Counts the message against its limit; one that exceeds it is answered and not run. */
  #admitted(address: Address | null, kind: 'message' | 'subscribe'): boolean {
    const waitMs = this.#conduct.admit(kind);
    if (waitMs > 0) this.#reject(address, tooMany(waitMs), 'too often');
    return waitMs === 0;
  }

  /** Answers what is refused before it runs. Too much of that ends the connection. */
  #reject(address: Address | null, error: TRPCError, kind: 'too often' | 'wrong' = 'wrong'): void {
    if (!this.#conduct.offends(kind)) this.#sendError(address, error, THE_CONNECTION);
    else this.refuse(TOO_MUCH, CLOSE.abuse, 'too many refusals');
  }

  #stopAll(): void {
    for (const subscription of [...this.#subscriptions.values()]) subscription.stop();
  }

  #sendError(address: Address | null, error: TRPCError, concern: Concern): void {
    const fields = address === null ? { id: null } : fieldsOf(address);
    const send = (shape: TRPCErrorShape): void => this.#send({ ...fields, error: shape });
    try {
      send(this.endpoint.errorShape(error, concern, this));
    } catch (cause) {
      this.endpoint.reportFault(cause, concern, this);
      try {
        send(PLAIN_ERROR);
      } catch {
        // The encoder refuses this as well: it has been reported, and nothing can be said to the client.
      }
    }
  }

  #send(message: TRPCResponseMessage | TRPCReconnectNotification): void {
    if (this.open) this.send(this.endpoint.encoding.message(message));
  }
}

const fieldsOf = ({ id, jsonrpc }: Address): { id: RequestId; jsonrpc?: '2.0' } =>
  jsonrpc === undefined ? { id } : { id, jsonrpc };

/** An object input gets the id; where there is no input, it becomes one. */
function withLastEventId(input: unknown, lastEventId: string): unknown {
  if (input === undefined || input === null) return { lastEventId };
  return typeof input === 'object' && !Array.isArray(input) ? { ...input, lastEventId } : input;
}
