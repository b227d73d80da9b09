import { WebSocket } from 'ws';
import { parsePosition } from '../../server/realtime/position.ts';
import { createClient } from '../../shared/client/index.ts';
import { TcpProxy } from '../../tests/support/proxy.ts';
import { monotonicMs } from '../clock.ts';
import { TRPC_PATH } from '../wire/trpc.ts';
import type { Crowd, Follower } from './crowd.ts';

/** Follows the trades with the project's client (stock wsLink), through a proxy of its own that can cut it off alone. */
export class RealClient {
  readonly #proxy = new TcpProxy();
  readonly #crowd: Crowd;
  readonly #follower: Follower;

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
    this.#follower = crowd.follower();
  }

  /** Resolves when it has its first item. */
  async join(port: number): Promise<void> {
    const crowd = this.#crowd;
    const follower = this.#follower;
    class CountedWebSocket extends WebSocket {
      constructor(url: string) {
        crowd.connecting();
        super(url);
      }
    }
    const through = await this.#proxy.listen(port);
    const { client } = createClient({
      url: `ws://127.0.0.1:${through}${TRPC_PATH}`,
      WebSocket: CountedWebSocket,
    });
    await new Promise<void>((joined, refused) => {
      client.onTrade.subscribe(
        {},
        {
          onData: ({ id, data }) => {
            follower.took(parsePosition(id)?.seq ?? 0, data.type === 'snapshot');
            joined();
          },
          onConnectionStateChange: ({ state }) => {
            if (state === 'connecting') follower.lost();
          },
          onError: refused,
        },
      );
    });
  }

  /** Cuts its connection, alone. @returns milliseconds until it has what the others have */
  async cutAlone(): Promise<number> {
    const back = this.#crowd.return([this.#follower]);
    const cutAt = monotonicMs();
    this.#proxy.cut();
    return (await back) - cutAt;
  }
}
