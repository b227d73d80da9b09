import { type App, openApp } from '../server/app.ts';
import { NO_RATES } from '../server/guards/rate-limits.ts';
import type { EventLog } from '../server/journal/log.ts';
import { MemorySnapshotStore } from '../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../server/journal/sqlite-log.ts';
import { agentId, clientOrderId } from '../shared/ids.ts';
import { sol, tokens } from '../shared/units.ts';
import { AGENTS, setUpCommands, walletAt } from './workload.ts';

/** Says what went wrong, nothing else. */
export const quiet = { info: () => undefined, warn: console.error, error: console.error };

/** A market on a SQLite log as the server has it, whose wallets have SOL and whose agents can be bought. */
export async function openBenchMarket(directory: string): Promise<App> {
  return marketOn(await openSqliteLog({ directory }));
}

export async function marketOn(log: EventLog): Promise<App> {
  const app = await openApp({ log, snapshots: new MemorySnapshotStore(), logger: quiet, rates: NO_RATES });
  await Promise.all(setUpCommands().map((command) => app.services.executor.submit(command)));
  return app;
}

/** Buys a token through the procedure, as a caller within the server does. @returns the seq of the trade */
export async function buyOne(app: App, order: string, index: number): Promise<number> {
  const { receipt } = await app.caller({ wallet: walletAt(index) }).buy({
    clientOrderId: clientOrderId(order),
    agentId: agentId(`${1 + (index % AGENTS)}`),
    exact: 'tokens',
    tokens: tokens('1'),
    maxSol: sol('1'),
  });
  return receipt.seq;
}
