import { applyWSSHandler as applyStock } from '@trpc/server/adapters/ws';
import { z } from 'zod';
import { appRouter } from '../../server/api/router.ts';
import { MemoryLog } from '../../server/journal/memory-log.ts';
import { applyWSSHandler as applyOurs } from '../../server/realtime/ws/index.ts';
import { buyOne, marketOn } from '../market.ts';
import { answer, command } from '../process/answer.ts';
import { settledMemory } from '../process/memory.ts';
import { listenWs } from '../systems/listen.ts';

/** One server of the memory bench: our handler or the stock one on the app's router, or just `ws`. */
const TRADES = 100;

const handler = z.enum(['ours', 'stock', 'ws']).parse(process.argv[2]);
const app = await marketOn(new MemoryLog());
for (let index = 0; index < TRADES; index += 1) await buyOne(app, `buy-${index}`, index);

const { wss, port } = await listenWs({ maxPayload: 16 * 1024 });
const options = { wss, router: appRouter, createContext: () => app.contextOf(null) };
if (handler === 'ours') applyOurs(options);
else if (handler === 'stock') applyStock(options);

answer({
  open: command(z.object({}), () => ({ port, epoch: app.services.log.epoch })),
  usage: command(z.object({}), async () => ({ ...(await settledMemory()), connections: wss.clients.size })),
});
