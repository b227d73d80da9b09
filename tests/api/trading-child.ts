import { writeSync } from 'node:fs';
import { openApp } from '../../server/app.ts';
import { FileSnapshotStore } from '../../server/journal/snapshot-store.ts';
import { openSqliteLog } from '../../server/journal/sqlite-log.ts';
import { agentId, clientOrderId } from '../../shared/ids.ts';
import { sol, tokens } from '../../shared/units.ts';
import { wallet } from '../support/wallets.ts';

/**
 * A process that trades through the procedures for as long as it lives, several orders at a time, and prints
 * `order seq` for each one at the moment it is acknowledged. Its order ids begin with the second argument.
 */
const [directory, life] = process.argv.slice(2);
if (directory === undefined || life === undefined) throw new Error('usage: trading-child DIRECTORY LIFE');
const ORDERS_AT_A_TIME = 40;

const report = (_details: object, message: string): void => console.error(message);
const log = await openSqliteLog({ directory });
const app = await openApp({
  log,
  snapshots: new FileSnapshotStore(directory, { epoch: log.epoch, warn: console.error }),
  logger: { info: report, warn: report, error: report },
});
const trader = wallet('trader');
const caller = app.caller({ wallet: trader, operator: true });
const agent = agentId('1');
if (!app.views.agents.has(agent)) {
  await caller.createAgent({ clientOrderId: clientOrderId('create'), name: 'One', symbol: 'ONE' });
}
await caller.credit({ clientOrderId: clientOrderId(`${life}-credit`), wallet: trader, sol: sol('1000') });

/** Written at once: what is buffered when the process is killed was never said. A full pipe is waited for. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

let orders = 0;
async function trade(): Promise<void> {
  for (;;) {
    orders += 1;
    const order = { clientOrderId: clientOrderId(`${life}-${orders}`), agentId: agent };
    const bought = await caller.buy({ ...order, exact: 'tokens', tokens: tokens('10'), maxSol: sol('1') });
    say(`${order.clientOrderId} ${bought.receipt.seq}\n`);
  }
}
await Promise.all(Array.from({ length: ORDERS_AT_A_TIME }, trade));
