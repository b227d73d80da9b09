import { TRPCError } from '@trpc/server';
import { expect, it } from 'vitest';
import { LocalPlayers } from '../../server/sim/players.ts';
import { SimulatedTraders } from '../../server/sim/traders.ts';
import { type Entry, entrySchema } from '../../shared/events.ts';
import { openMarket } from '../support/test-app.ts';

const STEPS = 400;

const SEASON_MS = 60_000;

/** The entries of a market after some steps of simulated trading, four a second as `npm start` has them. */
async function simulate(seed: number): Promise<Entry[]> {
  const market = await openMarket();
  const traders = new SimulatedTraders({
    players: new LocalPlayers((session) => market.app.caller(session)),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    seed,
    tradesPerSecond: 1,
    runId: 'test',
  });
  for (let step = 0; step < STEPS; step += 1) {
    market.clock.advance(250);
    const running = market.app.market.season;
    if (running === null || running.endsAt <= market.clock.now()) {
      const season = running?.season ?? 0;
      await market.app.services.executor.submit({ kind: 'turn_season', season, lengthMs: SEASON_MS });
    }
    try {
      await traders.step();
    } catch (error) {
      // Refusals are part of trading; faults are not.
      if (!(error instanceof TRPCError) || error.code === 'INTERNAL_SERVER_ERROR') throw error;
    }
  }
  const { records } = await market.log.read({ after: 0, limit: 10_000 });
  await market.app.close();
  expect(market.problems).toEqual([]);
  return records.map(({ entry }) => entry);
}

const summary = (entries: readonly Entry[]): string[] =>
  entries.map((entry) => `${entry.type} ${'agentId' in entry ? entry.agentId : ''}`);

it('simulated traders trade most of the time, and the seed decides all of it', async () => {
  const entries = await simulate(1);
  const count = (type: string) => entries.filter((entry) => entry.type === type).length;
  expect(count('agent_created')).toBeGreaterThan(5);
  expect(count('trade_executed')).toBeGreaterThan(STEPS / 2);
  expect(summary(await simulate(1))).toEqual(summary(entries));
  expect(summary(await simulate(2))).not.toEqual(summary(entries));
});

it.each([1, 2, 3, 4, 5])('all kinds of events happen within 100 seconds (seed %i)', async (seed) => {
  const kinds = new Set((await simulate(seed)).map(({ type }) => type));
  expect([...kinds].sort()).toEqual(entrySchema.options.map(({ shape }) => shape.type.value).sort());
});
