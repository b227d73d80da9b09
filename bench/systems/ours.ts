import { Hub } from '../../server/realtime/hub.ts';
import type { LosslessSource } from '../../server/realtime/source.ts';
import { applyWSSHandler } from '../../server/realtime/ws/index.ts';
import { listenWs } from './listen.ts';
import { tradesRouter } from './router.ts';
import type { System } from './system.ts';
import { EPOCH, FIRST_SEQ, type TradeMessage } from './trades.ts';

type Message = { readonly type: 'snapshot'; readonly trades: readonly TradeMessage[] } | TradeMessage;

/** Our handler on a channel, published to as the feeds do: what came together is one batch. */
export async function ours(): Promise<System> {
  const hub = new Hub({ epoch: EPOCH, head: FIRST_SEQ - 1 });
  const source: LosslessSource<Message> = {
    name: 'trades',
    delivery: 'every',
    snapshot: () => ({ seq: hub.head, data: { type: 'snapshot', trades: [] } }),
    history: () => Promise.reject(new Error('a subscriber fell out of the ring')),
  };
  const channel = hub.channel(source);
  const { wss, port } = await listenWs();
  applyWSSHandler({ wss, router: tradesRouter((options) => hub.stream(channel, options)) });
  return {
    port,
    publish(trades) {
      for (const trade of trades) hub.append(channel, hub.item(trade.seq, trade));
      const last = trades.at(-1);
      if (last !== undefined) hub.commit(last.seq);
    },
  };
}
