import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { answer, command } from '../../../bench/process/answer.ts';
import { settledMemory } from '../../../bench/process/memory.ts';
import { AcceptedSockets } from '../../../bench/process/sockets.ts';
import { walletOf } from '../world.ts';
import { type Composed, compose } from './composition.ts';
import { FaultBook } from './fault-book.ts';
import type { Faults, Holdings } from './messages.ts';

/** The server of a run, in a process of its own, which its parent asks how it does. */
const book = new FaultBook();
// Before it listens: sockets are counted as they are accepted.
const sockets = new AcceptedSockets();
let composed: Composed | undefined;

function running(): Composed {
  if (composed === undefined) throw new Error('the server has not been started');
  return composed;
}

const nothing = z.object({});

answer({
  start: command(z.object({ directory: z.string() }), async ({ directory }) => {
    composed = await compose(directory, book.logger);
    return { port: composed.server.port, epoch: composed.app.services.log.epoch };
  }),
  /** Signs somebody in. */
  session: command(z.object({ name: z.string() }), ({ name }) =>
    running().identity.vouch(walletOf(name), 'fuzz'),
  ),
  faults: command(nothing, (): Faults => book.faults),
  holdings: command(nothing, async (): Promise<Holdings> => {
    const memory = await settledMemory();
    const fds = await readdir('/proc/self/fd');
    const { doors } = running().app.getStats();
    return {
      ...memory,
      // One of them is that of reading the folder.
      fds: fds.length - 1,
      sockets: sockets.size,
      served: doors.reduce((sum, { connections }) => sum + connections, 0),
      subscriptions: doors.reduce((sum, { subscriptions }) => sum + subscriptions, 0),
    };
  }),
  /** The trades in the log behind `after`: what every subscriber must have been given. */
  trades: command(z.object({ after: z.number() }), async ({ after }) => {
    const { log } = running().app.services;
    const { records, through } = await log.read({
      after,
      limit: Number.MAX_SAFE_INTEGER,
      selector: { types: ['trade_executed'] },
    });
    return { head: through, seqs: records.map(({ entry }) => entry.seq) };
  }),
  stop: command(nothing, async () => {
    await running().server.close();
    await running().app.close();
  }),
});
