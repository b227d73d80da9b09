import { initTRPC } from '@trpc/server';
import { applyWSSHandler as applyStock } from '@trpc/server/adapters/ws';
import superjson from 'superjson';
import { z } from 'zod';
import { appRouter } from '../../server/api/router.ts';
import { applyWSSHandler as applyOurs } from '../../server/realtime/ws/index.ts';
import { openBenchMarket } from '../market.ts';
import { answer, command } from '../process/answer.ts';
import { listenWs } from '../systems/listen.ts';
import { walletAt } from '../workload.ts';

/** One server of the mutations bench: buys on a SQLite log, or a mutation that does nothing, behind either handler. */
const kind = z.enum(['ours-buy', 'stock-buy', 'stock-noop']).parse(process.argv[2]);
let trades = 0;

/** Every connection trades for a wallet of its own, named by its path: `/trpc?trader=3`. */
const traderOf = (url: string | undefined): number =>
  Number(new URL(url ?? '/', 'http://localhost').searchParams.get('trader'));

async function openMarket(directory: string): Promise<number> {
  const { wss, port } = await listenWs({ maxPayload: 16 * 1024 });
  const app = await openBenchMarket(directory);
  app.bus.on('trade_executed', () => {
    trades += 1;
  });
  const options = {
    wss,
    router: appRouter,
    createContext: ({ req }: { req: { url?: string | undefined } }) =>
      app.contextOf({ wallet: walletAt(traderOf(req.url)) }),
  };
  if (kind === 'ours-buy') applyOurs(options);
  else applyStock(options);
  return port;
}

/** Takes the input of a buy as it comes and answers with its order id. */
async function openNoop(): Promise<number> {
  const { wss, port } = await listenWs({ maxPayload: 16 * 1024 });
  const t = initTRPC.create({ transformer: superjson });
  const input = z.looseObject({ clientOrderId: z.string() });
  const router = t.router({
    buy: t.procedure.input(input).mutation(({ input: { clientOrderId } }) => ({ clientOrderId })),
  });
  applyStock({ wss, router });
  return port;
}

answer({
  open: command(z.object({ directory: z.string() }), ({ directory }) =>
    kind === 'stock-noop' ? openNoop() : openMarket(directory),
  ),
  /** Trades in the log. */
  trades: command(z.object({}), () => trades),
});
