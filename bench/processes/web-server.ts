import { z } from 'zod';
import { type App, openApp } from '../../server/app.ts';
import { startServer } from '../../server/http.ts';
import { FileSnapshotStore } from '../../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import { SettableClock } from '../../server/sim/clock.ts';
import { LocalPlayers } from '../../server/sim/players.ts';
import { Random } from '../../server/sim/random.ts';
import { SimulatedTraders } from '../../server/sim/traders.ts';
import { clientOrderId } from '../../shared/ids.ts';
import { agentIdSchema } from '../../shared/schema.ts';
import { formatDecimal, PRICE_DECIMALS, SOL_DECIMALS, sol } from '../../shared/units.ts';
import { quiet } from '../market.ts';
import { answer, command } from '../process/answer.ts';
import { epochMs } from '../web/clock.ts';
import { WebTraders } from '../web/traders.ts';
import { WALLETS, walletAt } from '../workload.ts';

/**
 * The server of the web bench, as `npm start` composes it: SQLite, every limit as usual, the built web app, a market of
 * some hours with everything in it. Its load is in this process: what it takes is the server's own.
 */
const HISTORY_STEPS = 1_200;
const HISTORY_MS = 3 * 3_600_000;
const AGENTS = 24;
/** So far from graduation that the load does not bring it about. */
const MOST_SOLD_BPS = 7_000;
const SEED = 11;

/** A trade, when it was published, and what shows it on the card of its agent. */
interface Commit {
  readonly seq: number;
  readonly agentId: string;
  readonly atMs: number;
  readonly figures: readonly string[];
}

let opened: WebTraders | undefined;
let trades = 0;
let commits: Commit[] | undefined;

function traders(): WebTraders {
  if (opened === undefined) throw new Error('the market is not open');
  return opened;
}

async function history(app: App, clock: SettableClock): Promise<void> {
  const players = new LocalPlayers((session) => app.caller(session));
  const simulated = new SimulatedTraders({
    players,
    logger: quiet,
    seed: SEED,
    tradesPerSecond: 1,
    runId: 'history',
  });
  const begin = Date.now() - HISTORY_MS;
  for (let step = 0; step < HISTORY_STEPS; step += 1) {
    clock.set(begin + Math.floor((HISTORY_MS * step) / HISTORY_STEPS));
    // A trader that is refused has done nothing; the next one goes on.
    await simulated.step().catch(() => undefined);
  }
  clock.release();
  const credit = (index: number): Promise<void> =>
    players.fund({
      clientOrderId: clientOrderId(`credit-${index}`),
      wallet: walletAt(index),
      sol: sol('1000000'),
    });
  await Promise.all(Array.from({ length: WALLETS }, (_, index) => credit(index)));
}

/** Agents that can take the load, newest first; new ones where there are too few. */
async function agentsOf(app: App): Promise<string[]> {
  const { agents } = await app.caller().agents({ sort: 'new', limit: 100 });
  const found = agents
    .filter(({ phase, progressBps }) => phase.kind === 'bonding' && progressBps <= MOST_SOLD_BPS)
    .map(({ agentId }) => agentId);
  while (found.length < AGENTS) {
    const order = { clientOrderId: clientOrderId(`agent-${found.length}`) };
    const creation = {
      ...order,
      name: `Bench ${found.length}`,
      symbol: `B${found.length}`,
      purpose: 'Is traded.',
    };
    const { agent } = await app.caller({ wallet: walletAt(found.length) }).createAgent(creation);
    found.unshift(agent.agentId);
  }
  return found.slice(0, AGENTS);
}

answer({
  /** @returns where it is, and the agents to trade */
  open: command(z.object({ directory: z.string(), webDir: z.string() }), async ({ directory, webDir }) => {
    const clock = new SettableClock();
    const log = await openSqliteLog({ directory });
    const app = await openApp({
      log,
      snapshots: new FileSnapshotStore(directory, { epoch: log.epoch, warn: console.error }),
      logger: quiet,
      clock: clock.now,
    });
    await history(app, clock);
    await app.runSeasons(86_400_000);
    app.bus.on('trade_executed', ({ seq, agentId, price }) => {
      trades += 1;
      // The market cap is the price of a thousand million tokens.
      const figures = [PRICE_DECIMALS, SOL_DECIMALS].map(
        (decimals) => `${formatDecimal(price, decimals)} SOL`,
      );
      commits?.push({ seq, agentId, atMs: epochMs(), figures });
    });
    opened = new WebTraders(app, new Random(SEED));
    const { url } = await startServer({ app, logger: quiet, host: '127.0.0.1', port: 0, webDir });
    return { url, agentIds: await agentsOf(app) };
  }),
  /** Trades the agents in turn until `rest`. */
  trade: command(z.object({ perSecond: z.number(), agentIds: z.array(agentIdSchema) }), (load) =>
    traders().start(load),
  ),
  rest: command(z.object({}), () => traders().stop()),
  /** Keeps what is committed from now on. */
  record: command(z.object({}), () => {
    commits = [];
  }),
  recorded: command(z.object({}), () => {
    const recorded = commits ?? [];
    commits = undefined;
    return recorded;
  }),
  /** How many there have been. */
  trades: command(z.object({}), () => trades),
});
