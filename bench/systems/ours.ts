import { Hub } from '../../server/realtime/hub.ts';
import type { LosslessSource } from '../../server/realtime/source.ts';
import { applyWSSHandler } from '../../server/realtime/ws/index.ts';
import { listenWs } from './listen.ts';
import { Platform, warmUpPlatform } from './platform.ts';
import { tradesRouter } from './router.ts';
import type { System } from './system.ts';
import { EPOCH, FIRST_SEQ, type TradeMessage } from './trades.ts';

type Message = { readonly type: 'snapshot'; readonly trades: readonly TradeMessage[] } | TradeMessage;

/**
 * Our handler on a channel, published to as the feeds do: what came together is one batch. Every other channel of the
 * platform is on, and what the app does with each trade is done as well.
 */
export async function ours(): Promise<System> {
  await warmUpPlatform();
  const hub = new Hub({ epoch: EPOCH, head: FIRST_SEQ - 1 });
  const source: LosslessSource<Message> = {
    name: 'trades',
    delivery: 'every',
    snapshot: () => ({ seq: hub.head, data: { type: 'snapshot', trades: [] } }),
    history: () => Promise.reject(new Error('a subscriber fell out of the ring')),
  };
  const channel = hub.channel(source);
  const platform = new Platform(hub);
  const { wss, port } = await listenWs();
  applyWSSHandler({ wss, router: tradesRouter((options) => hub.stream(channel, options)) });
  return {
    port,
    publish(trades) {
      for (const { message } of trades) hub.append(channel, hub.item(message.seq, message));
      // It ends the batch.
      platform.publish(trades.map(({ entry }) => entry));
    },
  };
}
