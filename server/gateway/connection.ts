import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { Visitor } from '../identity/principal.ts';
import { SessionError } from '../identity/session.ts';
import { CLOSE } from '../realtime/ws/close-codes.ts';
import { Conduct } from '../realtime/ws/conduct.ts';
import type { Peer } from '../realtime/ws/keep-alive.ts';
import type { Counted } from '../realtime/ws/stats.ts';
import { type Frame, Traffic } from '../realtime/ws/traffic.ts';
import { timeText } from './amounts.ts';
import { type Opened, openChannel, PUBLIC_CHANNELS, parseChannel } from './channels.ts';
import { readClientMessage } from './client-messages.ts';
import type { ClientMessage, RequestId, ServerMessage } from './control-messages.ts';
import type { Endpoint } from './endpoint.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { MAX_REPEATED } from './limits.ts';
import { type Reply, SignIn } from './sign-in.ts';
import { Subscription, type SubscriptionOwner } from './subscription.ts';

/** What an error is about. */
interface Concern {
  readonly requestId?: RequestId | undefined;
  readonly channel?: string | undefined;
  /** Said in place of what the code says by itself. */
  readonly text?: string | undefined;
  /** Milliseconds. */
  readonly waitMs?: number | undefined;
}

type MessageOf<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

/** One WebSocket and its subscriptions. See PROTOCOL.md. */
export class Connection extends Traffic implements SubscriptionOwner, Peer, Counted {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #visitor: Visitor;
  readonly #conduct: Conduct;
  /** Most connections never sign in. */
  #signIn: SignIn | undefined;

  constructor(
    private readonly endpoint: Endpoint,
    client: WebSocket,
    req: IncomingMessage,
  ) {
    super(client, req.socket, endpoint);
    endpoint.keepAlive.heard(this);
    this.#conduct = new Conduct(endpoint.limits);
    this.#visitor = endpoint.visitorOf(req);
    this.#visitor.onRevoked(() => this.#end('session_ended', CLOSE.unauthorized, 'the session has ended'));
    this.#send({
      type: 'connected',
      epoch: endpoint.services.log.epoch,
      serverTime: timeText(endpoint.clock()),
      heartbeatMs: endpoint.limits.heartbeatMs,
      channels: [...PUBLIC_CHANNELS],
    });
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  // What the socket tells.

  received(data: RawData, isBinary: boolean): void {
    this.heard();
    this.take({ data, isBinary });
  }

  /** A sign of life. */
  heard(): void {
    this.endpoint.keepAlive.heard(this);
  }

  closed(): void {
    this.endpoint.keepAlive.left(this);
    this.forget();
    this.#visitor.leave();
    this.#stopAll();
    try {
      this.#signIn?.leave();
    } catch (cause) {
      this.endpoint.onFault(cause, 'the end of a session');
    }
  }

  // What its server does with it.

  notifyReconnect(): void {
    this.#send({ type: 'reconnect' });
  }

  closeForRestart(): void {
    this.client.close(CLOSE.restart, 'restarting');
  }

  ping(): void {
    this.client.ping();
  }

  cut(): void {
    this.endpoint.counters.cut += 1;
    this.client.terminate();
  }

  override stuck(): void {
    this.cut();
  }

  // What its subscriptions tell.

  unsubscribed(channel: string, requestId: RequestId | undefined): void {
    this.#subscriptions.delete(channel);
    this.#send({ type: 'unsubscribed', ...answering(requestId), channel });
  }

  broken(channel: string, cause: unknown): void {
    this.#subscriptions.delete(channel);
    if (cause instanceof SessionError) {
      this.#send({ type: 'unsubscribed', channel, ...reasonOf(cause) });
      return;
    }
    this.endpoint.onFault(cause, `channel ${channel}`);
    this.#refuse('internal_error', { channel });
  }

  // What the client says.

  protected override handle({ data, isBinary }: Frame): void {
    // Nothing can be answered any more: what was read after too many errors is not begun.
    if (!this.open) return;
    const received = readClientMessage(data, isBinary);
    if (received.kind === 'violation') {
      const { code, requestId, fields } = received;
      this.#refuse(code, { requestId, text: fields.length === 0 ? undefined : wrongFields(fields) });
      return;
    }
    const { message } = received;
    if (!this.#admitted(message)) return;
    switch (message.type) {
      case 'subscribe':
        this.#subscribe(message);
        break;
      case 'unsubscribe':
        this.#unsubscribe(message);
        break;
      case 'ping':
        this.#answerPing(message.id);
        break;
      case 'challenge':
        void this.#answer(this.#signingIn.challenge(message), message);
        break;
      case 'auth':
        if (this.#signingIn.pending) this.#refuse('auth_pending', { requestId: message.id });
        else void this.#answer(this.#signingIn.authenticate(message), message);
        break;
      default:
        message satisfies never;
    }
  }

  #subscribe(message: MessageOf<'subscribe'>): void {
    const { channel, since = null, id: requestId } = message;
    const opened = this.#open(channel, since);
    if (opened.kind === 'refused') {
      this.#refuse(opened.code, { channel, requestId });
      return;
    }
    const { stream } = opened;
    const goesOnAt = stream.cursor.startsAnew ? null : since;
    const subscription = new Subscription(this, { channel, stream });
    this.#subscriptions.set(channel, subscription);
    this.#send({ type: 'subscribed', ...answering(requestId), channel, since: goesOnAt });
    subscription.start();
  }

  #open(channel: string, since: string | null): Opened {
    const { services, limits } = this.endpoint;
    const target = parseChannel(channel);
    if (target === undefined) return { kind: 'refused', code: 'unknown_channel' };
    if (this.#subscriptions.has(channel)) return { kind: 'refused', code: 'already_subscribed' };
    if (this.#subscriptions.size >= limits.maxSubscriptions) {
      return { kind: 'refused', code: 'too_many_subscriptions' };
    }
    return openChannel(target, { services, visitor: this.#visitor, since });
  }

  #unsubscribe({ channel, id: requestId }: MessageOf<'unsubscribe'>): void {
    const subscription = this.#subscriptions.get(channel);
    if (subscription !== undefined) subscription.stop(requestId);
    else {
      const code = parseChannel(channel) === undefined ? 'unknown_channel' : 'not_subscribed';
      this.#refuse(code, { channel, requestId });
    }
  }

  /** The pong tells the client that what was published before has come; so that goes first. */
  #answerPing(requestId: RequestId | undefined): void {
    for (const subscription of [...this.#subscriptions.values()]) subscription.catchUp();
    this.serveWaiting();
    const timestamp = timeText(this.endpoint.clock());
    this.#send({ type: 'pong', ...answering(requestId), timestamp });
  }

  get #signingIn(): SignIn {
    this.#signIn ??= new SignIn(this.endpoint.services, this.#visitor);
    return this.#signIn;
  }

  async #answer(coming: Promise<Reply>, { type, id: requestId }: ClientMessage): Promise<void> {
    const reply = await coming;
    switch (reply.kind) {
      case 'answer':
        this.#send({ ...reply.message, ...answering(requestId) });
        break;
      case 'refused':
        this.#refuse(reply.code, { requestId, waitMs: reply.waitMs });
        break;
      case 'fault':
        this.endpoint.onFault(reply.cause, type);
        this.#refuse('internal_error', { requestId });
        break;
      default:
        reply satisfies never;
    }
  }

  /** Counts the message against its limit; one that exceeds it is answered and not run. */
  #admitted(message: ClientMessage): boolean {
    const waitMs = this.#conduct.admit(message.type === 'subscribe' ? 'subscribe' : 'message');
    if (waitMs === 0) return true;
    const channel = 'channel' in message ? message.channel : undefined;
    this.#refuse('rate_limited', { requestId: message.id, channel, waitMs });
    return false;
  }

  #refuse(code: ErrorCode, concern: Concern): void {
    if (!this.#conduct.offends(code === 'rate_limited' ? 'too often' : 'wrong'))
      this.#sendError(code, concern);
    else this.#end('too_many_errors', CLOSE.abuse, 'too many errors');
  }

  /** Closes the connection; what for goes before. */
  #end(code: ErrorCode, closeCode: number, reason: string): void {
    this.#sendError(code, {});
    this.client.close(closeCode, reason);
    this.#stopAll();
  }

  #sendError(code: ErrorCode, { requestId, channel, waitMs, text = ERRORS[code] }: Concern): void {
    const about = channel === undefined ? {} : { channel: channel.slice(0, MAX_REPEATED) };
    const wait = waitMs === undefined ? {} : { retryAfter: Math.ceil(waitMs) / 1000 };
    this.#send({ type: 'error', ...answering(requestId), code, message: text, ...about, ...wait });
  }

  #stopAll(): void {
    for (const subscription of [...this.#subscriptions.values()]) subscription.stop();
  }

  #send(message: ServerMessage): void {
    this.send(JSON.stringify(message));
  }
}

const answering = (requestId: RequestId | undefined): { requestId?: RequestId } =>
  requestId === undefined ? {} : { requestId };

/** A connection has a session when its `account` is opened, so it cannot have had none. */
const reasonOf = ({ problem }: SessionError): { reason?: 'expired' | 'revoked' | 'replaced' } =>
  problem === 'none' || problem === 'invalid' ? {} : { reason: problem };

/** @param fields names that the protocol knows, not the client's */
const wrongFields = (fields: readonly string[]): string =>
  `${ERRORS.bad_message.slice(0, -1)}: ${fields.map((field) => `"${field}"`).join(', ')}.`;
