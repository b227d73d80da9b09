import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ledgerSums } from '../../server/market/ledger.ts';
import { TradeFollower } from '../../server/sim/follower.ts';
import { LocalPlayers } from '../../server/sim/players.ts';
import { parseRecordedTrades, type RecordedTrade } from '../../server/sim/recorded-trades.ts';
import { replayTrades } from '../../server/sim/replay.ts';
import { walletAddress } from '../../shared/ids.ts';
import { lamports } from '../../shared/units.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

const recorded = parseRecordedTrades(
  readFileSync(new URL('../../server/sim/mainnet-trades.csv', import.meta.url), 'utf8'),
);

let market: TestMarket;
beforeEach(async () => {
  market = await openMarket();
});
afterEach(() => market.app.close());

async function replay(trades: readonly RecordedTrade[]) {
  const follower = new TradeFollower();
  const stop = follower.follow(await market.app.caller().onTrade());
  const problems: string[] = [];
  const result = await replayTrades(trades, {
    players: new LocalPlayers((session) => market.app.caller(session), walletAddress),
    onMismatch: (problem) => problems.push(problem),
  });
  await follower.received(result.seqs);
  await stop();
  return { ...result, problems, ...follower.result(result.seqs) };
}

it('carries every recorded mainnet trade out to the lamport, and a subscriber gets each once', async () => {
  const result = await replay(recorded);
  expect(result).toMatchObject({
    trades: 1467,
    agents: 3,
    received: 1467,
    duplicates: 0,
    gaps: 0,
    problems: [],
  });
  for (const sum of ledgerSums(market.app.market.ledger).values()) expect(sum).toBe(0n);
});

it('tells a recording that is one lamport off', async () => {
  const trades = recorded
    .slice(0, 20)
    .map((trade, index) =>
      index === 7
        ? { ...trade, after: { ...trade.after, realSol: lamports(trade.after.realSol + 1n) } }
        : trade,
    );
  const result = await replay(trades);
  expect(result.mismatches).toBe(1);
  expect(result.problems[0]).toMatch(/^trade 8 .*real SOL is \d+ instead of \d+$/);
});

it('a follower counts what is missing, what comes twice, and what comes again as a snapshot', () => {
  const item = (seq: number, type = 'trade_executed') => ({ id: `0123456789abcdef-${seq}`, data: { type } });
  const follower = new TradeFollower();
  expect(() => follower.take(item(1))).toThrow('snapshot');
  follower.take(item(0, 'snapshot'));
  expect(follower.started).toBe(true);
  for (const seq of [1, 2, 2, 9, 5]) follower.take(item(seq));
  follower.take(item(9, 'snapshot'));
  // 3 is missing, 5 came behind 9, and there were two snapshots; 9 was somebody else's.
  expect(follower.result([1, 2, 3, 5])).toEqual({ received: 3, duplicates: 1, gaps: 3 });
});
