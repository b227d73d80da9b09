import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walletAddress } from '../../shared/ids.ts';
import { openApp } from '../app.ts';
import { MemorySnapshotStore } from '../journal/snapshot-store.ts';
import { openSqliteLog } from '../journal/sqlite-log.ts';
import { ledgerSums } from '../market/ledger.ts';
import { SettableClock } from './clock.ts';
import { TradeFollower } from './follower.ts';
import { LocalPlayers } from './players.ts';
import type { RecordedTrade } from './recorded-trades.ts';
import { replayTrades } from './replay.ts';

/** What a replay has come to. */
export interface ReplayReport {
  readonly trades: number;
  readonly agents: number;
  readonly mismatches: number;
  /** Trades that the subscriber got, and what it should never have seen. */
  readonly received: number;
  readonly duplicates: number;
  readonly gaps: number;
  /** What the accounts of the ledger do not sum up to zero by; of a market elsewhere nobody can tell. */
  readonly ledgerSum?: string;
}

export interface ReplayHooks {
  /** Called before each trade; may wait. */
  readonly before: ((trade: RecordedTrade) => Promise<void>) | undefined;
  /** Tells of what is not as it should be. */
  readonly say: (problem: string) => void;
}

/** Replays into a fresh log in a temporary folder. */
export async function replayHere(
  trades: readonly RecordedTrade[],
  hooks: ReplayHooks,
): Promise<ReplayReport> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-fun-replay-'));
  try {
    return await replayInto(directory, trades, hooks);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function replayInto(
  directory: string,
  trades: readonly RecordedTrade[],
  hooks: ReplayHooks,
): Promise<ReplayReport> {
  const { before, say } = hooks;
  const clock = new SettableClock();
  const report = (_details: object, message: string): void => say(message);
  const app = await openApp({
    log: await openSqliteLog({ directory }),
    snapshots: new MemorySnapshotStore(),
    logger: { info: report, warn: report, error: report },
    clock: clock.now,
  });
  try {
    const follower = new TradeFollower();
    const stop = follower.follow(await app.caller().onTrade());
    const { agents, mismatches, seqs } = await replayTrades(trades, {
      players: new LocalPlayers((session) => app.caller(session), walletAddress),
      before: async (trade) => {
        await before?.(trade);
        clock.set(trade.at);
      },
      onMismatch: say,
    });
    await follower.received(seqs);
    await stop();
    const ledgerSum = [...ledgerSums(app.market.ledger).values()].reduce(
      (total, sum) => total + (sum < 0n ? -sum : sum),
      0n,
    );
    return {
      trades: seqs.length,
      agents,
      mismatches,
      ...follower.result(seqs),
      ledgerSum: `${ledgerSum}`,
    };
  } finally {
    await app.close();
  }
}
