import { describe, expect, it } from 'vitest';
import { decide } from '../../server/market/decide.ts';
import type { Decision } from '../../server/market/decision.ts';
import { ranking, type Season, scoreTrade, startSeason } from '../../server/market/season.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { agentId, type WalletAddress } from '../../shared/ids.ts';
import { lamports, tokens } from '../../shared/units.ts';
import { tradeExecuted } from '../support/entries.ts';
import { wallet } from '../support/wallets.ts';
import { ann, bob, Core, cyd } from './core.ts';

const one = agentId('1');
const two = agentId('2');
const three = agentId('3');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const newSeason = (season = 1): Season =>
  startSeason({ type: 'season_started', seq: 1, at: 0, season, endsAt: HOUR });

interface Trade {
  readonly side: TradeExecuted['side'];
  readonly sol: bigint;
  readonly at: number;
  readonly trader?: WalletAddress;
  readonly agentId?: string;
}

/** Counts trades of ann's in agent 1, unless told otherwise. */
function count(trades: readonly Trade[], season = newSeason()): Season {
  for (const trade of trades) scoreTrade(season, tradeExecuted(1, { trader: ann, agentId: '1', ...trade }));
  return season;
}

const buy = (sol: bigint, at: number, rest: Partial<Trade> = {}): Trade => ({
  side: 'buy',
  sol,
  at,
  ...rest,
});
const sell = (sol: bigint, at: number, rest: Partial<Trade> = {}): Trade => ({
  side: 'sell',
  sol,
  at,
  ...rest,
});

const scoreOf = (trades: readonly Trade[]): bigint | undefined => count(trades).scores.get(one)?.score;

describe('a score', () => {
  it('is the volume of buys and sales', () => {
    expect(scoreOf([buy(5n, 0), sell(2n, 60_000), buy(4n, 200_000)])).toBe(11n);
  });

  it('counts a round trip within a minute once', () => {
    expect(scoreOf([buy(1n, 0), sell(1n, 59_999)])).toBe(1n);
  });

  it('counts both ways when a whole minute lies between', () => {
    expect(scoreOf([buy(1n, 0), sell(1n, 60_000)])).toBe(2n);
  });

  it('counts a round trip that begins with the sale once', () => {
    expect(scoreOf([sell(7n, 0), buy(7n, 1)])).toBe(7n);
  });

  it('counts a trade that is turned around in part in full, and the turn not at all', () => {
    expect(scoreOf([buy(5n, 0), sell(2n, 1), sell(1n, 2)])).toBe(5n);
  });

  it('counts what goes beyond the way back', () => {
    expect(scoreOf([buy(5n, 0), sell(8n, 1)])).toBe(8n);
  });

  it('counts what went beyond once when that is turned around too', () => {
    expect(scoreOf([buy(5n, 0), sell(8n, 1), buy(3n, 2)])).toBe(8n);
  });

  it('counts each of two round trips once', () => {
    expect(scoreOf([buy(1n, 0), sell(1n, 1), buy(1n, 2), sell(1n, 3)])).toBe(2n);
  });

  it('turns the oldest trade around first', () => {
    // The sale at 50 s is the way back of the buy at 0 s, so that the one at 70 s still finds the buy at 30 s.
    expect(scoreOf([buy(1n, 0), buy(1n, 30_000), sell(1n, 50_000), sell(1n, 70_000)])).toBe(2n);
  });

  it('forgets a trade after a minute even when a younger one is there', () => {
    expect(scoreOf([buy(1n, 0), buy(1n, 30_000), sell(2n, 60_000)])).toBe(3n);
  });

  it('takes one sale as the way back of several buys', () => {
    expect(scoreOf([buy(1n, 0), buy(2n, 1), buy(3n, 2), sell(6n, 3)])).toBe(6n);
  });

  it('does not take another wallet for the way back', () => {
    expect(scoreOf([buy(1n, 0), sell(1n, 1, { trader: bob })])).toBe(2n);
  });

  it('does not take another agent for the way back', () => {
    const { scores } = count([buy(1n, 0), sell(1n, 1, { agentId: '2' })]);
    expect([scores.get(one)?.score, scores.get(two)?.score]).toEqual([1n, 1n]);
  });

  it('knows nothing of the season before', () => {
    const before = count([buy(1n, 0)]);
    const after = count([sell(1n, 1)], newSeason(2));
    expect([before.scores.get(one)?.score, after.scores.get(one)?.score]).toEqual([1n, 1n]);
  });

  it('counts every trader once, whatever the trades come to', () => {
    const { scores } = count([buy(1n, 0), sell(1n, 1), buy(1n, 2, { trader: bob })]);
    expect([...(scores.get(one)?.open.keys() ?? [])]).toEqual([ann, bob]);
  });
});

describe('the ranking', () => {
  it('goes by score', () => {
    const season = count([buy(1n, 0), buy(3n, 0, { agentId: '2' }), buy(2n, 0, { agentId: '3' })]);
    expect(ranking(season, 3).map(({ agentId: id }) => id)).toEqual([two, three, one]);
  });

  it('goes by distinct traders when scores are equal', () => {
    const season = count([
      buy(4n, 0),
      buy(2n, 0, { agentId: '2' }),
      buy(2n, 0, { agentId: '2', trader: bob }),
    ]);
    expect(ranking(season, 3)).toEqual([
      { agentId: two, score: 4n, traders: 2 },
      { agentId: one, score: 4n, traders: 1 },
    ]);
  });

  it('goes by age when those are equal too, 10 being younger than 9', () => {
    const season = count([buy(1n, 0, { agentId: '10' }), buy(1n, 0, { agentId: '9' }), buy(1n, 0)]);
    expect(ranking(season, 3).map(({ agentId: id }) => id)).toEqual(['1', '9', '10']);
  });

  it('shows so many and no more, however they come', () => {
    const trades = [3n, 9n, 1n, 7n, 5n].map((sol, index) => buy(sol, 0, { agentId: `${index + 1}` }));
    for (const length of [1, 2, 3, 5, 9]) {
      expect(ranking(count(trades), length).map(({ score }) => score)).toEqual(
        [9n, 7n, 5n, 3n, 1n].slice(0, length),
      );
    }
  });

  it('leaves out an agent without volume', () => {
    const season = count([sell(0n, 0), buy(1n, 0, { agentId: '2' })]);
    expect(ranking(season, 3).map(({ agentId: id }) => id)).toEqual([two]);
  });
});

/** A running season of a day, and three agents of ann's, bob's and cyd's. */
function olympics(): Core {
  const core = new Core();
  core.accept({ kind: 'turn_season', season: 0, lengthMs: DAY });
  for (const who of [ann, bob, cyd]) {
    core.fund(who);
    core.createAgent(who);
  }
  return core;
}

const turn = (season: number, lengthMs = DAY) => ({ kind: 'turn_season', season, lengthMs }) as const;

function toTheEnd(core: Core): void {
  core.now = core.state.season?.endsAt ?? 0;
}

describe('a season', () => {
  it('begins when there was none', () => {
    const core = new Core();
    expect(core.accept(turn(0))).toEqual([
      { type: 'season_started', seq: 1, at: core.now, season: 1, endsAt: core.now + DAY },
    ]);
  });

  it('ends at a multiple of its length in UTC', () => {
    const core = new Core();
    core.now = Date.UTC(2026, 4, 17, 13, 37, 11, 123);
    core.accept(turn(0));
    expect(core.state.season?.endsAt).toBe(Date.UTC(2026, 4, 18));
  });

  it('lasts its whole length when it begins at such a multiple', () => {
    const core = new Core();
    core.now = Date.UTC(2026, 4, 17);
    core.accept(turn(0));
    expect(core.state.season?.endsAt).toBe(Date.UTC(2026, 4, 18));
  });

  it('may have another length than the one before', () => {
    const core = olympics();
    toTheEnd(core);
    core.accept(turn(1, HOUR));
    expect(core.state.season).toMatchObject({ season: 2, endsAt: core.now + HOUR });
  });

  it('does not end a millisecond early', () => {
    const core = olympics();
    toTheEnd(core);
    const endsAt = core.now;
    core.now -= 1;
    expect(core.refuse(turn(1))).toEqual({ reason: 'season_running', season: 1, endsAt });
  });

  it('ends when its time has come, and the next one begins at once', () => {
    const core = olympics();
    toTheEnd(core);
    const seq = core.state.seq;
    expect(core.accept(turn(1))).toEqual([
      { type: 'season_ended', seq: seq + 1, at: core.now, season: 1, protocolFees: 0n, medals: [] },
      { type: 'season_started', seq: seq + 2, at: core.now, season: 2, endsAt: core.now + DAY },
    ]);
  });

  it('that ends late is followed by one that ends in the future', () => {
    const core = olympics();
    toTheEnd(core);
    core.now += 2 * DAY + HOUR;
    core.accept(turn(1));
    expect(core.state.season?.endsAt).toBe(core.now + DAY - HOUR);
  });

  it('ends once', () => {
    const core = olympics();
    toTheEnd(core);
    core.accept(turn(1));
    expect(core.refuse(turn(1))).toEqual({ reason: 'season_over', season: 1 });
  });

  it('that never was cannot end', () => {
    const core = olympics();
    toTheEnd(core);
    expect(core.refuse(turn(2))).toEqual({ reason: 'season_over', season: 2 });
  });

  it('cannot begin for the first time twice', () => {
    expect(olympics().refuse(turn(0))).toEqual({ reason: 'season_over', season: 0 });
  });

  it('is turned by the time of the log, which never goes back', () => {
    const core = olympics();
    toTheEnd(core);
    core.fund(ann, '1');
    const decision: Decision = decide(core.state, turn(1), core.now - HOUR);
    expect(decision.kind).toBe('accepted');
  });

  it('is nobody’s order', () => {
    const core = new Core();
    expect(core.carryOut(turn(0))).toMatchObject({ kind: 'accepted', order: null });
  });

  it('counts a trade that comes after its end and before its turn', () => {
    const core = olympics();
    toTheEnd(core);
    core.now += 5_000;
    const trade = core.buy(ann, one, '1');
    core.accept(turn(1));
    expect(core.last('season_ended').medals).toMatchObject([{ agentId: one, score: trade.sol }]);
  });

  it('does not count trades before it began', () => {
    const core = new Core();
    core.fund(ann);
    core.createAgent();
    core.buy(ann, one, '1');
    core.accept(turn(0));
    expect(core.state.season).toMatchObject({ protocolFees: 0n, scores: new Map() });
  });

  it('starts with nothing to turn around', () => {
    const core = olympics();
    toTheEnd(core);
    core.now -= 1;
    const bought = core.buyTokens(ann, one, tokens('1000000'));
    toTheEnd(core);
    core.accept(turn(1));
    const sold = core.sell(ann, one, bought.tokens);
    expect(core.state.season?.scores.get(one)?.score).toBe(sold.sol);
  });
});

describe('medals', () => {
  it('go to the first three, and a tenth of all protocol fees to their creators: a half, 30 and 20 per cent', () => {
    const core = olympics();
    const fourth = core.createAgent(wallet('dan'));
    const trades = [
      core.buy(ann, two, '30'),
      core.buy(ann, three, '20'),
      core.buy(ann, one, '10'),
      core.buy(ann, fourth, '5'),
    ];
    const fees = trades.reduce((sum, { protocolFee }) => sum + protocolFee, 0n);
    const before = [bob, cyd, ann].map((who) => core.sol(who));
    toTheEnd(core);
    core.accept(turn(1));
    const prizes = [(fees * 50n) / 1_000n, (fees * 30n) / 1_000n, (fees * 20n) / 1_000n];
    expect(core.last('season_ended')).toMatchObject({
      season: 1,
      protocolFees: fees,
      medals: [
        { medal: 'gold', agentId: two, creator: bob, score: trades[0]?.sol, traders: 1, prize: prizes[0] },
        {
          medal: 'silver',
          agentId: three,
          creator: cyd,
          score: trades[1]?.sol,
          traders: 1,
          prize: prizes[1],
        },
        { medal: 'bronze', agentId: one, creator: ann, score: trades[2]?.sol, traders: 1, prize: prizes[2] },
      ],
    });
    expect([bob, cyd, ann].map((who, place) => core.sol(who) - (before[place] ?? 0n))).toEqual(prizes);
    const paid = prizes.reduce((sum, prize) => sum + prize, 0n);
    expect(core.state.ledger.sol.get('fees:protocol')).toBe(fees - paid);
  });

  it('that nobody won are not paid', () => {
    const core = olympics();
    const { protocolFee } = core.buy(ann, two, '10');
    toTheEnd(core);
    core.accept(turn(1));
    const prize = (protocolFee * 50n) / 1_000n;
    expect(core.last('season_ended').medals.map(({ medal }) => medal)).toEqual(['gold']);
    expect(core.state.ledger.sol.get('fees:protocol')).toBe(protocolFee - prize);
  });

  it('of equal scores go by traders and then by age', () => {
    const core = olympics();
    // The same buys of fresh curves, by two wallets in agent 2 and by one in the others.
    for (const id of [three, two, one]) core.buyTokens(ann, id, tokens('1000000'));
    core.buyTokens(bob, two, tokens('1000000'));
    for (const id of [three, one]) core.buyTokens(ann, id, tokens('1000000'));
    toTheEnd(core);
    core.accept(turn(1));
    expect(core.last('season_ended').medals.map(({ agentId: id }) => id)).toEqual([two, one, three]);
  });

  it('of one creator are paid together', () => {
    const core = new Core();
    core.accept(turn(0));
    core.fund(bob);
    for (const _ of [1, 2, 3]) core.createAgent(ann);
    const fees = [one, two, three].map((id) => core.buy(bob, id, '1').protocolFee);
    toTheEnd(core);
    core.accept(turn(1));
    const all = fees.reduce<bigint>((sum, fee) => sum + fee, 0n);
    expect(core.sol(ann)).toBe((all * 50n) / 1_000n + (all * 30n) / 1_000n + (all * 20n) / 1_000n);
  });

  it('are paid out of what the stakers have left of the fees', () => {
    const core = olympics();
    const { tokens: bought } = core.buy(ann, one, '1');
    core.stake(ann, one, bought);
    core.buy(ann, one, '10');
    toTheEnd(core);
    const before = core.state.ledger.sol.get('fees:protocol') ?? 0n;
    core.accept(turn(1));
    const [gold] = core.last('season_ended').medals;
    expect(gold?.prize).toBe((core.last('season_ended').protocolFees * 50n) / 1_000n);
    expect(core.state.ledger.sol.get('fees:protocol')).toBe(lamports(before - (gold?.prize ?? 0n)));
  });
});
