import { workerData } from 'node:worker_threads';
import { z } from 'zod';
import { lamportsSchema } from '../shared/schema.ts';
import type { ForwardRead } from './journal/log.ts';
import { openLogReader } from './journal/log-reader.ts';
import { FileSnapshotStore } from './journal/snapshot-store.ts';
import { encodeWorld, restoreWorld } from './world.ts';

/**
 * Worker thread: does what a cold start would do and saves the result, so that the next cold start need not. It reads
 * the log on a connection of its own and never holds up the writer or the sockets.
 */
const { directory, whaleSol } = z
  .object({ directory: z.string(), whaleSol: lamportsSchema.optional() })
  .parse(workerData);
const warn = (message: string): void => {
  process.emitWarning(message);
};

const reader = openLogReader(directory);
try {
  const { epoch, head } = reader;
  const snapshots = new FileSnapshotStore(directory, { epoch, warn });
  const log = { epoch, head, read: async (query: ForwardRead) => reader.read(query) };
  const { world } = await restoreWorld(log, snapshots, { warn, whaleSol });
  await snapshots.save({ seq: world.market.seq, bytes: encodeWorld(world) });
} finally {
  reader.close();
}
