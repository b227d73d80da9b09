import type { LiveStream } from '../realtime/live-stream.ts';
import type { Address } from '../realtime/ws/encoding.ts';
import { LiveReader } from '../realtime/ws/live-reader.ts';
import type { LiveServed } from '../realtime/ws/serving.ts';
import type { LiveConnection } from '../realtime/ws/traffic.ts';
import type { RequestId } from './control-messages.ts';

/** The connection that a subscription is on. It is told, once, how the subscription has come to its end. */
export interface SubscriptionOwner extends LiveConnection {
  /** @param requestId of the message that asked for it */
  unsubscribed(channel: string, requestId: RequestId | undefined): void;
  broken(channel: string, cause: unknown): void;
}

/** One channel on one connection, until its end. */
export class Subscription implements LiveServed {
  /** The channel's name. */
  readonly channel: string;
  readonly call: Address;
  readonly signal = undefined;
  readonly #reader: LiveReader;
  #stoppedBy: RequestId | undefined;

  /** Takes the stream over. Nothing is read from it before {@link start}. */
  constructor(
    readonly connection: SubscriptionOwner,
    { channel, stream }: { readonly channel: string; readonly stream: LiveStream<unknown> },
  ) {
    this.call = { id: channel, jsonrpc: undefined };
    this.channel = channel;
    this.#reader = new LiveReader(this, stream);
    stream.handOver(this.#reader);
  }

  /** Sends what there is, and from then on what comes. */
  start(): void {
    this.#reader.run();
  }

  /** Sends what there is now, as far as the connection takes it. */
  catchUp(): void {
    this.#reader.catchUp();
  }

  stop(requestId?: RequestId): void {
    this.#stoppedBy = requestId;
    this.#reader.stop();
  }

  /** The stream has come to its end with the reader; there is no procedure behind it. */
  abort(): void {}

  ended(): void {
    this.connection.unsubscribed(this.channel, this.#stoppedBy);
  }

  refused(cause: unknown): void {
    this.connection.broken(this.channel, cause);
  }
}
