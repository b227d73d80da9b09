import { fileURLToPath } from 'node:url';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { type App, openApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { Overload } from './guards/overload.ts';
import { type RunningServer, startServer } from './http.ts';
import { Identity } from './identity/identity.ts';
import { SecretError, storedSecret } from './identity/secret.ts';
import { SessionStore } from './identity/session-store.ts';
import { JournalError } from './journal/log.ts';
import { FileSnapshotStore } from './journal/snapshot-store.ts';
import { openSqliteLog } from './journal/sqlite-log.ts';
import { callLog, SECRETS } from './ops/call-log.ts';
import { SettableClock } from './sim/clock.ts';
import { LocalPlayers } from './sim/players.ts';
import { seedMarket } from './sim/seed.ts';
import { SimulatedTraders } from './sim/traders.ts';
import { Snapshotter } from './snapshotter.ts';

/** The built web app, seen from the sources and from the build alike. */
const WEB_DIR = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/web' : '../web', import.meta.url),
);

/** The drain's waves take 10 s, what is open is finished in less than 10 s. */
const STOP_WITHIN_MS = 20_000;

interface Running {
  readonly app: App;
  readonly server: RunningServer;
  readonly traders: SimulatedTraders | undefined;
  readonly snapshotter: Snapshotter;
}

async function start(config: Config): Promise<Running> {
  const logger = pino({ level: config.logLevel, redact: [...SECRETS] });
  const clock = new SettableClock();
  const log = await openSqliteLog({ directory: config.dataDir });
  const identity = new Identity({
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
    secret: config.sessionSecret ?? storedSecret(config.dataDir),
    store: new SessionStore(config.dataDir),
    operators: config.operators,
    onReuse: ({ id, wallet }) =>
      logger.warn({ session: id, wallet }, 'a refresh token was used twice; its session has ended'),
  });
  let snapshotter: Snapshotter | undefined;
  const app = await openApp({
    log,
    snapshots: new FileSnapshotStore(config.dataDir, {
      epoch: log.epoch,
      warn: (message) => logger.warn(message),
    }),
    logger,
    clock: clock.now,
    whaleSol: config.whaleSol,
    identity,
    rates: config.rates,
    faucet: config.faucet,
    // Looking for secrets takes longer than writing the line, and a call has none.
    onCall: callLog(pino({ level: config.logLevel })),
    onCommitted: (head) => snapshotter?.committed(head),
    // The process cannot do its work any more: the handler of uncaught errors closes what is left and exits with 1.
    onFatal: (error) => {
      setImmediate(() => {
        throw error;
      });
    },
  });
  snapshotter = new Snapshotter({
    directory: config.dataDir,
    logger,
    last: app.snapshotSeq,
    whaleSol: config.whaleSol,
  });
  const traders =
    config.simulate === null ? undefined : await simulate(app, clock, config.simulate.tradesPerSecond);
  // Not before the recorded trades are in: they are of no season.
  await app.runSeasons(config.seasonMs);
  const overload = new Overload({
    onChange: (reason) =>
      reason === null
        ? logger.info('the overload is over')
        : logger.warn({ reason }, 'overloaded: new connections are refused'),
  });
  const server = await startServer({
    app,
    logger,
    host: config.host,
    port: config.port,
    webDir: WEB_DIR,
    limits: config.limits,
    publicUrl: config.publicUrl,
    origins: config.origins,
    proxyHops: config.proxyHops,
    overload,
  });
  overload.start();
  logger.info({ epoch: log.epoch, head: log.head, dataDir: config.dataDir }, `listening on ${server.url}`);
  traders?.start();
  return { app, server, traders, snapshotter };

  async function simulate(
    market: App,
    time: SettableClock,
    tradesPerSecond: number,
  ): Promise<SimulatedTraders> {
    const seeded = market.views.seq === 0 ? await seedMarket(market, time) : undefined;
    const filled =
      seeded === undefined
        ? ''
        : `filled the empty log with ${seeded.trades} recorded mainnet trades, moved to end now; `;
    logger.info(
      `simulation on (SIMULATE=off stops it): ${filled}about ${tradesPerSecond} simulated trades a second`,
    );
    return new SimulatedTraders({
      players: new LocalPlayers((session) => market.caller(session)),
      logger,
      seed: market.views.seq,
      tradesPerSecond,
      runId: Date.now().toString(36),
    });
  }
}

async function stop({ app, server, traders, snapshotter }: Running): Promise<void> {
  await traders?.stop();
  await server.close();
  await snapshotter.stop();
  await app.close();
}

try {
  const config = readConfig();
  const running = await start(config);
  closeWithGrace({ delay: STOP_WITHIN_MS + config.drainMs }, async ({ err, signal }) => {
    if (err !== undefined) console.error(err);
    if (signal === 'SIGTERM' && config.drainMs > 0) await running.server.drain({ graceMs: config.drainMs });
    await stop(running);
  });
} catch (error) {
  // What a user can mend gets one line; anything else its stack.
  const expected =
    error instanceof ConfigError ||
    error instanceof SecretError ||
    error instanceof JournalError ||
    isSystemError(error);
  console.error(expected ? `cannot start: ${error.message}` : error);
  process.exitCode = 1;
  // A thread or socket that was opened before the failure must not keep the process.
  process.exit();
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
