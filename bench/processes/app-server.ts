import { z } from 'zod';
import type { App } from '../../server/app.ts';
import { startServer } from '../../server/http.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { monotonicMs } from '../clock.ts';
import { buyOne, openBenchMarket, quiet } from '../market.ts';
import { answer, command } from '../process/answer.ts';
import { settledMemory } from '../process/memory.ts';
import { AcceptedSockets } from '../process/sockets.ts';
import { Trader } from '../systems/trader.ts';

/** The server as `npm start` runs it, on a market of its own, with the traders inside. */
const FLOOD_IN_FLIGHT = 200;

const sockets = new AcceptedSockets();
let market: App | undefined;
let trader: Trader | undefined;
let traders = 0;

function opened(): App {
  if (market === undefined) throw new Error('the market is not open');
  return market;
}

const nothing = z.object({});

answer({
  open: command(z.object({ directory: z.string() }), async ({ directory }) => {
    market = await openBenchMarket(directory);
    const server = await startServer({
      app: market,
      logger: quiet,
      host: '127.0.0.1',
      port: 0,
      webDir: '/nonexistent',
      limits: NO_SERVER_LIMITS,
    });
    return { port: server.port, epoch: market.services.log.epoch };
  }),
  /** Buys so many times as fast as it goes. */
  flood: command(z.object({ buys: z.number() }), async ({ buys }) => {
    const app = opened();
    traders += 1;
    const name = `flood-${traders}`;
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next; index < buys; index = next) {
        next += 1;
        await buyOne(app, `${name}-${index}`, index);
      }
    };
    await Promise.all(Array.from({ length: FLOOD_IN_FLIGHT }, worker));
  }),
  /** Buys at a rate until `rest`. */
  trade: command(z.object({ perSecond: z.number() }), ({ perSecond }) => {
    const app = opened();
    traders += 1;
    trader = new Trader(app, { perSecond, name: `trader-${traders}` });
  }),
  /** @returns the seq of every buy and when its buyer was told of it */
  rest: command(nothing, async () => {
    const acks = (await trader?.stop()) ?? [];
    trader = undefined;
    return acks;
  }),
  /** The newest entry. */
  head: command(nothing, () => opened().views.seq),
  usage: command(nothing, async () => ({ ...(await settledMemory()), connections: sockets.size })),
  /** Cuts every connection. @returns when, and the newest entry then */
  drop: command(nothing, () => {
    const at = { atMs: monotonicMs(), head: opened().views.seq, connections: sockets.size };
    sockets.destroyAll();
    return at;
  }),
});
