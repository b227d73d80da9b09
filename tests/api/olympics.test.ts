import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rejectionError } from '../../server/api/errors.ts';
import type { SeasonEnded } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { prizeOf } from '../../shared/olympics.ts';
import { lamports, sol } from '../../shared/units.ts';
import { issuesOf } from '../support/refusals.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

const MINUTE = 60_000;

let market: TestMarket;
let ann: WalletAddress;
let bob: WalletAddress;
let agents: readonly [AgentId, AgentId, AgentId, AgentId];

beforeEach(async () => {
  market = await openMarket();
  [ann, bob] = [await market.fund('ann', '10000'), await market.fund('bob', '10000')];
  agents = [
    await market.createAgent('ONE', wallet('first creator')),
    await market.createAgent('TWO', wallet('second creator')),
    await market.createAgent('TRI', wallet('first creator')),
    await market.createAgent('FOUR', wallet('last creator')),
  ];
});
afterEach(async () => {
  await market.app.close();
  expect(market.problems).toEqual([]);
});

const turn = (season: number) =>
  market.app.services.executor.submit({ kind: 'turn_season', season, lengthMs: MINUTE });
const solOf = async (who: WalletAddress) => (await market.as(who).account()).account.sol;
const standings = async () => (await market.app.caller().standings()).season;

/** Buys that leave the agents in the order ONE, TWO, TRI, FOUR. */
async function compete() {
  const trades = [];
  for (const [index, agentId] of agents.entries()) {
    trades.push((await market.buy(ann, agentId, `${4 - index}`)).trade);
  }
  return trades;
}

describe('standings', () => {
  it('are nothing before the first season', async () => {
    expect(await market.app.caller().standings()).toEqual({ season: null, seq: market.app.views.seq });
  });

  it('count the SOL and the traders of each agent, best first', async () => {
    await market.buy(ann, agents[3], '50');
    await turn(0);
    const trades = await compete();
    const more = await market.buy(bob, agents[1], '3');
    const fees = [...trades, more.trade].reduce((sum, { protocolFee }) => sum + protocolFee, 0n);
    const score = (index: number) => trades[index]?.sol ?? 0n;
    expect(await market.app.caller().standings()).toEqual({
      season: {
        season: 1,
        endsAt: market.clock.now() + MINUTE,
        protocolFees: fees,
        standings: [
          { agentId: '2', symbol: 'TWO', score: score(1) + more.trade.sol, traders: 2 },
          { agentId: '1', symbol: 'ONE', score: score(0), traders: 1 },
          { agentId: '3', symbol: 'TRI', score: score(2), traders: 1 },
          { agentId: '4', symbol: 'FOUR', score: score(3), traders: 1 },
        ],
      },
      seq: market.app.views.seq,
    });
    const { season } = await market.app.caller().standings({ limit: 1 });
    expect(season?.standings.map(({ symbol }) => symbol)).toEqual(['TWO']);
  });

  it('count a round trip within a minute once', async () => {
    await turn(0);
    const { trade } = await market.buy(ann, agents[0], '1');
    await market
      .as(ann)
      .sell({ clientOrderId: market.orderId(), agentId: trade.agentId, tokens: trade.tokens });
    expect((await standings())?.standings).toMatchObject([{ score: trade.sol, traders: 1 }]);
    const again = await market.buy(ann, trade.agentId, '1');
    market.clock.advance(MINUTE);
    const sale = await market.as(ann).sell({
      clientOrderId: market.orderId(),
      agentId: trade.agentId,
      tokens: again.trade.tokens,
    });
    expect((await standings())?.standings).toMatchObject([
      { score: trade.sol + again.trade.sol + sale.trade.sol },
    ]);
  });

  it('have bounds', async () => {
    const caller = market.app.caller();
    for (const limit of [0, 101, 2.5]) expect(await issuesOf(caller.standings({ limit }))).toEqual(['limit']);
  });
});

describe('the end of a season', () => {
  it('gives medals to the best three and pays a tenth of the fees to their creators', async () => {
    await turn(0);
    await compete();
    const { protocolFees } = (await standings()) ?? { protocolFees: lamports(0n) };
    expect(protocolFees).toBeGreaterThan(0n);
    market.clock.advance(MINUTE);
    expect(await turn(1)).toMatchObject({ kind: 'accepted' });
    const { seasons } = await market.app.caller().seasons();
    const [gold, silver, bronze] = [
      prizeOf('gold', protocolFees),
      prizeOf('silver', protocolFees),
      prizeOf('bronze', protocolFees),
    ];
    expect(seasons).toMatchObject([
      {
        season: 1,
        protocolFees,
        medals: [
          { medal: 'gold', agentId: '1', creator: wallet('first creator'), prize: gold },
          { medal: 'silver', agentId: '2', creator: wallet('second creator'), prize: silver },
          { medal: 'bronze', agentId: '3', creator: wallet('first creator'), prize: bronze },
        ],
      },
    ]);
    expect(gold + silver + bronze).toBeLessThanOrEqual(protocolFees / 10n);
    expect(await solOf(wallet('first creator'))).toBe(gold + bronze);
    expect(await solOf(wallet('second creator'))).toBe(silver);
    expect(await solOf(wallet('last creator'))).toBe(0n);
    expect(await standings()).toMatchObject({ season: 2, protocolFees: 0n, standings: [] });
  });

  it('is not before its time, and not twice: each is a refusal of its own', async () => {
    await turn(0);
    const { endsAt } = (await standings()) ?? { endsAt: 0 };
    const early = await turn(1);
    expect(early).toEqual({
      kind: 'rejected',
      rejection: { reason: 'season_running', season: 1, endsAt },
    });
    const late = await turn(0);
    expect(late).toEqual({ kind: 'rejected', rejection: { reason: 'season_over', season: 0 } });
    for (const outcome of [early, late]) {
      if (outcome.kind !== 'rejected') throw new Error('it was accepted');
      expect(rejectionError(outcome.rejection).code).toBe('PRECONDITION_FAILED');
    }
  });
});

describe('seasons', () => {
  it('come newest first, in pages without a repeat', async () => {
    const ended = 7;
    for (let season = 0; season <= ended; season += 1) {
      await turn(season);
      market.clock.advance(MINUTE);
    }
    const caller = market.app.caller();
    const listed: SeasonEnded[] = [];
    let cursor: string | undefined;
    do {
      const page = await caller.seasons({ limit: 3, cursor });
      listed.push(...page.seasons);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(listed.map(({ season }) => season)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect((await caller.seasons()).seasons).toEqual(listed);
    expect((await caller.seasons({ cursor: 'nonsense', limit: 1 })).seasons).toEqual([listed[0]]);
    // Nobody traded, so nobody won.
    expect(listed.every(({ medals }) => medals.length === 0)).toBe(true);
  });

  it('are none before the first has ended, and have bounds', async () => {
    await turn(0);
    const caller = market.app.caller();
    expect(await caller.seasons()).toEqual({ seasons: [] });
    for (const limit of [0, 101]) expect(await issuesOf(caller.seasons({ limit }))).toEqual(['limit']);
  });
});

it('a season that nobody told of starts with the seasons, and trades before it count in none', async () => {
  await market.buy(ann, agents[0], '5');
  await market.app.runSeasons(MINUTE);
  expect(await standings()).toMatchObject({ season: 1, standings: [], protocolFees: 0n });
  expect((await market.buy(ann, agents[0], '1')).trade.sol).toBeLessThan(sol('1'));
  expect((await standings())?.standings).toHaveLength(1);
});
