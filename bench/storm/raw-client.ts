import { formatPosition } from '../../server/realtime/position.ts';
import { Backoff } from '../../shared/client/backoff.ts';
import { RECONNECT } from '../../shared/client/options.ts';
import { monotonicMs } from '../clock.ts';
import type { PositionFinder } from '../wire/position-finder.ts';
import { RawConnection } from '../wire/raw-connection.ts';
import { refuseError, subscribeTo, TRPC_PATH } from '../wire/trpc.ts';
import type { Crowd, Follower } from './crowd.ts';

export interface RawClientOptions {
  readonly crowd: Crowd;
  readonly port: number;
  readonly epoch: string;
  readonly buffer: Buffer;
  readonly positions: PositionFinder;
}

/**
 * Follows the trades as our client does, with its backoff and resuming after the last item, but without parsing: two
 * thousand of the real one, at 100 trades a second, would take more than a core to themselves.
 */
export class RawClient {
  readonly #options: RawClientOptions;
  readonly #follower: Follower;
  readonly #backoff = new Backoff(RECONNECT, monotonicMs, Math.random);
  #joined: () => void = () => undefined;

  constructor(options: RawClientOptions) {
    this.#options = options;
    this.#follower = options.crowd.follower();
  }

  /** Resolves when it has its first item. */
  join(): Promise<void> {
    return new Promise((resolve) => {
      this.#joined = resolve;
      this.#connect();
    });
  }

  readonly #connect = (): void => {
    const { crowd, port, buffer } = this.#options;
    crowd.connecting();
    const connection = new RawConnection({
      port,
      path: TRPC_PATH,
      buffer,
      onOpen: () => {
        this.#backoff.working();
        connection.sendText(subscribeTo('onTrade', 1, this.#lastEventId()));
      },
      onText: this.#took,
      onClose: this.#lost,
    });
  };

  #lastEventId(): string | undefined {
    const { last } = this.#follower;
    return last === 0 ? undefined : formatPosition(this.#options.epoch, last);
  }

  readonly #took = (data: Buffer, start: number, end: number): void => {
    const seq = this.#options.positions.find(data, start, end);
    if (seq < 0) {
      refuseError(data.toString('utf8', start, end));
      return;
    }
    const follows = seq === this.#follower.last + 1;
    this.#follower.took(seq, !follows && data.toString('utf8', start, end).includes('"type":"snapshot"'));
    this.#joined();
  };

  readonly #lost = (): void => {
    this.#follower.lost();
    setTimeout(this.#connect, this.#backoff.delay());
  };
}
