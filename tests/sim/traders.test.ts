import { TRPCError } from '@trpc/server';
import { expect, it } from 'vitest';
import { SimulatedTraders } from '../../server/sim/traders.ts';
import { openMarket } from '../support/test-app.ts';

const STEPS = 400;

/** The events of a market after some steps of simulated trading. */
async function simulate(seed: number): Promise<string[]> {
  const market = await openMarket();
  const traders = new SimulatedTraders({
    callerOf: (session) => market.app.caller(session),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    seed,
    tradesPerSecond: 1,
    runId: 'test',
  });
  for (let step = 0; step < STEPS; step += 1) {
    market.clock.advance(250);
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
  return records.map(({ entry }) => `${entry.type} ${'agentId' in entry ? entry.agentId : ''}`);
}

it('simulated traders create agents, buy and sell, and the seed decides all of it', async () => {
  const events = await simulate(1);
  const count = (type: string) => events.filter((event) => event.startsWith(type)).length;
  expect(count('agent_created')).toBeGreaterThan(5);
  expect(count('trade_executed')).toBeGreaterThan(STEPS / 2);
  expect(await simulate(1)).toEqual(events);
  expect(await simulate(2)).not.toEqual(events);
});
