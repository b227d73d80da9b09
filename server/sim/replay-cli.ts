import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openApp } from '../app.ts';
import { MemorySnapshotStore } from '../journal/snapshot-store.ts';
import { openSqliteLog } from '../journal/sqlite-log.ts';
import { ledgerSums } from '../market/ledger.ts';
import { SettableClock } from './clock.ts';
import { TradeFollower } from './follower.ts';
import { parseRecordedTrades, type RecordedTrade } from './recorded-trades.ts';
import { replayTrades } from './replay.ts';

/**
 * `npm run replay -- FILE.csv [--speed real|max]`: carries out recorded trades against a fresh log in a temporary
 * folder while a subscriber follows, and compares everything with the recording. The last line is one JSON object;
 * the exit code is 0 only when nothing differs.
 */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { speed: { type: 'string', default: 'max' }, url: { type: 'string' } },
  });
  const [file, ...more] = positionals;
  if (values.url !== undefined)
    throw new Error('--url needs sign-in over the network, which does not exist yet');
  if (file === undefined || more.length > 0)
    throw new Error('usage: npm run replay -- FILE.csv [--speed real|max]');
  if (values.speed !== 'real' && values.speed !== 'max') throw new Error('--speed must be real or max');

  const trades = parseRecordedTrades(await readFile(file, 'utf8'));
  const directory = await mkdtemp(join(tmpdir(), 'agent-fun-replay-'));
  try {
    return await replayInto(directory, trades, values.speed);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function replayInto(
  directory: string,
  trades: readonly RecordedTrade[],
  speed: 'real' | 'max',
): Promise<boolean> {
  const started = performance.now();
  const clock = new SettableClock();
  const report = (_details: object, message: string): void => console.error(message);
  const app = await openApp({
    log: await openSqliteLog({ directory }),
    snapshots: new MemorySnapshotStore(),
    logger: { info: report, warn: report, error: report },
    clock: clock.now,
  });
  try {
    const follower = new TradeFollower();
    await follower.start(app.caller());
    let previous: number | undefined;
    const replayed = await replayTrades(trades, {
      callerOf: (session) => app.caller(session),
      before: async ({ at }) => {
        if (speed === 'real' && previous !== undefined && at > previous) await delay(at - previous);
        previous = at;
        clock.set(at);
      },
      onMismatch: (problem) => console.error(problem),
    });
    await follower.received(replayed.trades);
    await follower.stop();
    const { received, duplicates, gaps } = follower.result(replayed.seqs);
    const ledgerSum = [...ledgerSums(app.market.ledger).values()].reduce(
      (total, sum) => total + (sum < 0n ? -sum : sum),
      0n,
    );
    const result = {
      trades: replayed.trades,
      agents: replayed.agents,
      mismatches: replayed.mismatches,
      received,
      duplicates,
      gaps,
      ledgerSum: `${ledgerSum}`,
      ms: Math.round(performance.now() - started),
    };
    console.log(JSON.stringify(result));
    return (
      result.mismatches === 0 &&
      duplicates === 0 &&
      gaps === 0 &&
      received === replayed.trades &&
      replayed.trades === trades.length &&
      ledgerSum === 0n
    );
  } finally {
    await app.close();
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
