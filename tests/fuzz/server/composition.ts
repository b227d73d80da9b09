import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type App, openApp } from '../../../server/app.ts';
import { DEFAULT_RATES, type RateSettings } from '../../../server/guards/rate-limits.ts';
import { type RunningServer, startServer } from '../../../server/http.ts';
import { Identity } from '../../../server/identity/identity.ts';
import { storedSecret } from '../../../server/identity/secret.ts';
import { SessionStore } from '../../../server/identity/session-store.ts';
import { FileSnapshotStore } from '../../../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../../../server/journal/sqlite-log.ts';
import { callLog } from '../../../server/ops/call-log.ts';
import { DEFAULT_SERVER_LIMITS, type ServerLimits } from '../../../server/server-limits.ts';
import { stock } from './stock.ts';

export interface Composed {
  readonly app: App;
  readonly server: RunningServer;
  readonly identity: Identity;
}

const SEASON_MS = 60_000;
/** So few that the rings are full when the warm-up is over: what grows after that is no ring. */
const RING_CAPACITY = 64;
/**
 * The limits are in force, but wider than usual: what is turned away at the door does no harm, and volleys are to get
 * further than that. Attackers come from an address of their own for each connection, honest clients all from one.
 */
const LIMITS: ServerLimits = {
  ...DEFAULT_SERVER_LIMITS,
  messages: { perSecond: 2_000, burst: 2_000 },
  subscribes: { perSecond: 200, burst: 400 },
};
const TRADES = { count: 200, seconds: 1 };
const RATES: RateSettings = { ...DEFAULT_RATES, trades: { wallet: TRADES, address: TRADES } };

/**
 * The server as `main.ts` puts it together, with a market to attack; the one place that knows its options. There is no
 * guard against overload: it would turn the attackers away.
 */
export async function compose(directory: string, logger: Logger): Promise<Composed> {
  const webDir = join(directory, 'web');
  await mkdir(webDir);
  await writeFile(join(webDir, 'index.html'), '<!doctype html>');
  const log = await openSqliteLog({ directory });
  const snapshots = new FileSnapshotStore(directory, {
    epoch: log.epoch,
    warn: (message) => logger.warn(message),
  });
  const identity = new Identity({
    publicUrl: 'http://localhost:3001',
    secret: storedSecret(directory),
    store: new SessionStore(directory),
  });
  const app = await openApp({
    log,
    snapshots,
    logger,
    identity,
    rates: RATES,
    ringCapacity: RING_CAPACITY,
    onCall: callLog(logger),
  });
  await stock(app);
  await app.runSeasons(SEASON_MS);
  const server = await startServer({ app, logger, host: '127.0.0.1', port: 0, webDir, limits: LIMITS });
  return { app, server, identity };
}
