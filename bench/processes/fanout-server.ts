import { z } from 'zod';
import { answer, command } from '../process/answer.ts';
import { bareWs } from '../systems/bare-ws.ts';
import { gateway } from '../systems/gateway.ts';
import { ours } from '../systems/ours.ts';
import { socketIo } from '../systems/socket-io.ts';
import { stockTrpc } from '../systems/stock-trpc.ts';
import { NODE_SYSTEMS, type NodeSystem, type System } from '../systems/system.ts';
import { published as publishedTrade } from '../systems/trades.ts';

/** One system of the fan-out bench and its publisher. */
const publishSchema = z.object({
  firstSeq: z.number(),
  events: z.number(),
  /** Events published in one turn of the event loop. */
  burst: z.number(),
  /** Events that may be on their way: few enough that no socket backs up. */
  window: z.number(),
  entries: z.boolean(),
});

const start: { readonly [S in NodeSystem]: () => Promise<System> } = {
  ours,
  gateway,
  ws: bareWs,
  'socket.io': socketIo,
  trpc: stockTrpc,
};

const system = await start[z.enum(NODE_SYSTEMS).parse(process.argv[2])]();

/** Events that every subscriber is known to have. */
let acknowledged = 0;
let wake = (): void => undefined;

/** Ours may spread a round over some turns: ticks must not run into each other, or they would leave together. */
const TURNS = 4;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const acknowledgement = (): Promise<void> =>
  new Promise((resolve) => {
    wake = resolve;
  });

async function publish({ firstSeq, events, burst, window, entries }: z.infer<typeof publishSchema>) {
  const trades = Array.from({ length: events }, (_, index) => publishedTrade(firstSeq + index, { entries }));
  acknowledged = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let published = 0; published < events; published += burst) {
    while (published - acknowledged > window - burst) await acknowledgement();
    system.publish(trades.slice(published, published + burst));
    for (let turns = 0; turns < TURNS; turns += 1) await turn();
  }
  while (acknowledged < events) await acknowledgement();
  const wallMs = performance.now() - started;
  const { user, system: kernel } = process.cpuUsage(cpu);
  return { cpuUs: user + kernel, wallMs };
}

answer({
  port: command(z.object({}), () => system.port),
  publish: command(publishSchema, publish),
  ack: command(z.object({ events: z.number() }), ({ events }) => {
    acknowledged = events;
    wake();
  }),
});
