import { EventEmitter, on } from 'node:events';
import { tracked } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { listenWs } from './listen.ts';
import { type SubscribeOptions, tradesRouter } from './router.ts';
import type { System } from './system.ts';
import { FIRST_SEQ, positionOf, type TradeMessage } from './trades.ts';

/** The stock handler with what tRPC's documentation shows: an async generator on an EventEmitter. */
export async function stockTrpc(): Promise<System> {
  const emitter = new EventEmitter().setMaxListeners(0);
  async function* subscribe({ signal }: SubscribeOptions) {
    const events = on(emitter, 'trade', { signal });
    yield tracked(positionOf(FIRST_SEQ - 1), { type: 'snapshot' as const, trades: [] });
    for await (const event of events) {
      const trade: TradeMessage = event[0];
      yield tracked(positionOf(trade.seq), trade);
    }
  }
  const { wss, port } = await listenWs();
  applyWSSHandler({ wss, router: tradesRouter(subscribe) });
  return {
    port,
    publish(trades) {
      for (const { message } of trades) emitter.emit('trade', message);
    },
  };
}
