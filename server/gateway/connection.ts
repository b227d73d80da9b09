import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { Peer } from '../realtime/ws/keep-alive.ts';
import type { Counted } from '../realtime/ws/stats.ts';
import { type Frame, Traffic } from '../realtime/ws/traffic.ts';
import { timeText } from './amounts.ts';
import { type Opened, openChannel, PUBLIC_CHANNELS, parseChannel } from './channels.ts';
import { readClientMessage } from './client-messages.ts';
import type { ClientMessage, RequestId, ServerMessage } from './control-messages.ts';
import type { Endpoint } from './endpoint.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { MAX_REPEATED, TOO_MANY_ERRORS } from './limits.ts';
import { Offences } from './offences.ts';
import { type Outcome, SignIn } from './sign-in.ts';
import { Subscription, type SubscriptionOwner } from './subscription.ts';

/** What an error is about. */
interface Concern {
  readonly requestId?: RequestId | undefined;
  readonly channel?: string;
  /** Said in place of what the code says by itself. */
  readonly text?: string | undefined;
}

type MessageOf<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

const ACCOUNT = 'account';
const RESTART = 1012;

/** One WebSocket and its subscriptions. See PROTOCOL.md. */
export class Connection extends Traffic implements SubscriptionOwner, Peer, Counted {
  readonly #subscriptions = new Map<string, Subscription>();
  /** Most connections never make a mistake, and most never sign in. */
  #offences: Offences | undefined;
  #signIn: SignIn | undefined;

  constructor(
    private readonly endpoint: Endpoint,
    client: WebSocket,
    req: IncomingMessage,
  ) {
    super(client, req.socket, endpoint);
    endpoint.keepAlive.heard(this);
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
    this.#signIn?.close();
    this.#stopAll();
  }

  // What its server does with it.

  notifyReconnect(): void {
    this.#send({ type: 'reconnect' });
  }

  closeForRestart(): void {
    this.client.close(RESTART, 'restarting');
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
    const { message, raw } = received;
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
      case 'auth':
        void this.#authenticate(raw, message.id);
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
    return openChannel(target, { services, session: this.#signIn?.session ?? null, since });
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

  async #authenticate(raw: object, requestId: RequestId | undefined): Promise<void> {
    const { authenticate } = this.endpoint;
    if (authenticate === undefined) {
      this.#refuse('auth_unavailable', { requestId });
      return;
    }
    this.#signIn ??= new SignIn(authenticate);
    if (this.#signIn.pending) this.#refuse('auth_pending', { requestId });
    else this.#answerAuth(await this.#signIn.check(raw), requestId);
  }

  #answerAuth(outcome: Outcome, requestId: RequestId | undefined): void {
    switch (outcome.kind) {
      case 'signed in': {
        const { before, session } = outcome;
        if (before !== null && before.wallet !== session.wallet) this.#subscriptions.get(ACCOUNT)?.stop();
        this.#send({ type: 'authenticated', ...answering(requestId), walletAddress: session.wallet });
        break;
      }
      case 'failed':
        this.#refuse('auth_failed', { requestId });
        break;
      case 'fault':
        // Nobody waits for it once the connection has ended, and its end may be what failed.
        if (!this.open) break;
        this.endpoint.onFault(outcome.cause, 'auth');
        this.#refuse('internal_error', { requestId });
        break;
      default:
        outcome satisfies never;
    }
  }

  #refuse(code: ErrorCode, concern: Concern): void {
    this.#offences ??= new Offences();
    if (!this.#offences.add(performance.now())) {
      this.#sendError(code, concern);
      return;
    }
    this.#sendError('too_many_errors', {});
    this.client.close(TOO_MANY_ERRORS, 'too many errors');
    this.#stopAll();
  }

  #sendError(code: ErrorCode, { requestId, channel, text = ERRORS[code] }: Concern): void {
    const about = channel === undefined ? {} : { channel: channel.slice(0, MAX_REPEATED) };
    this.#send({ type: 'error', ...answering(requestId), code, message: text, ...about });
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

/** @param fields names that the protocol knows, not the client's */
const wrongFields = (fields: readonly string[]): string =>
  `${ERRORS.bad_message.slice(0, -1)}: ${fields.map((field) => `"${field}"`).join(', ')}.`;
