import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from '../../server/market/evolve.ts';
import {
  type Contender,
  crown,
  decideKing,
  type Hill,
  moveContender,
  retireContender,
} from '../../server/market/hill.ts';
import { LedgerError } from '../../server/market/ledger.ts';
import type { Entry, KingChanged } from '../../shared/events.ts';
import { type AgentId, agentId } from '../../shared/ids.ts';
import { lamports, sol, tokens } from '../../shared/units.ts';
import { ann, bob, buyFor, Core, maker } from './core.ts';
import { SEED } from './runs.ts';

const one = agentId('1');
const two = agentId('2');
const three = agentId('3');
const STAMP = { seq: 7, at: 1_000 };

/** A market whose wallets have SOL, and agents that nobody has traded. */
function market(agents: number): Core {
  const core = new Core();
  for (const who of [ann, bob, maker]) core.fund(who);
  for (let created = 0; created < agents; created += 1) core.createAgent();
  return core;
}

const contender = (id: AgentId, marketCap: bigint, place: number | null): Contender => ({
  agentId: id,
  marketCap: lamports(marketCap),
  place,
});

/** With king 1 and challenger 2. */
const hillOf = (king: bigint, challenger: bigint): Hill => ({
  king: contender(one, king, null),
  challengers: [contender(two, challenger, 0)],
});

const typesOf = (entries: readonly Entry[]): string[] => entries.map(({ type }) => type);

/** The fewest tokens that make ann's buy of `agentId` take the hill. */
function fewestToTake(make: () => Core, id: AgentId): bigint {
  let [low, high] = [0n, 500_000_000_000_000n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    const core = make();
    core.buyTokens(ann, id, middle);
    if (core.king === id) high = middle;
    else low = middle;
  }
  return high;
}

describe('the first king', () => {
  it('is the first agent that is traded', () => {
    const core = market(2);
    expect(core.king).toBeNull();
    core.buy(ann, two, '1');
    expect(core.king).toBe(two);
  });

  it('is told in the last entry of the command', () => {
    const core = market(1);
    const entries = core.accept({ ...core.order(ann), ...buyFor(one, '1') });
    const [trade, changed] = entries;
    expect(changed).toEqual({
      type: 'king_changed',
      seq: (trade?.seq ?? 0) + 1,
      at: core.now,
      agentId: one,
      previousAgentId: null,
      marketCap: core.marketCap(one),
    });
  });

  it('is not an agent that was only created', () => {
    const core = market(3);
    expect(core.state.hill).toEqual({ king: null, challengers: [] });
    expect(core.count('king_changed')).toBe(0);
  });

  it('can be one whose creator buys at once', () => {
    const core = market(0);
    const entries = core.accept(core.creation(ann, sol('2')));
    expect(typesOf(entries)).toEqual(['agent_created', 'trade_executed', 'king_changed']);
    expect(core.king).toBe(one);
  });

  it('is not one that graduates with its first buy', () => {
    const core = market(0);
    const entries = core.accept(core.creation(ann, sol('200')));
    expect(typesOf(entries)).toEqual(['agent_created', 'trade_executed', 'agent_graduated']);
    expect(core.state.hill).toEqual({ king: null, challengers: [] });
  });
});

describe('a challenger', () => {
  it('takes the hill with exactly one hundredth more', () => {
    const change = { agentId: two, marketCap: lamports(10_100n), graduates: false };
    expect(decideKing(hillOf(10_000n, 9_000n), change, STAMP)).toEqual({
      type: 'king_changed',
      ...STAMP,
      agentId: two,
      previousAgentId: one,
      marketCap: 10_100n,
    });
  });

  it('does not take it with a lamport less than that', () => {
    const change = { agentId: two, marketCap: lamports(10_099n), graduates: false };
    expect(decideKing(hillOf(10_000n, 9_000n), change, STAMP)).toBeUndefined();
  });

  it('takes it with the very token that makes it a hundredth more', () => {
    const make = (): Core => {
      const core = market(2);
      core.buy(bob, one, '10');
      return core;
    };
    const fewest = fewestToTake(make, two);
    const core = make();
    core.buyTokens(ann, two, fewest - 1n);
    const king = core.marketCap(one);
    expect(core.king).toBe(one);
    expect(core.marketCap(two)).toBeGreaterThan(king);
    expect(core.marketCap(two) * 100n).toBeLessThan(king * 101n);
    core.buyTokens(ann, two, 1n);
    expect(core.king).toBe(two);
    expect(core.marketCap(two) * 100n).toBeGreaterThanOrEqual(king * 101n);
  });

  it('can be an agent that is only being created', () => {
    const core = market(1);
    core.buy(bob, one, '1');
    core.accept(core.creation(ann, sol('3')));
    expect(core.king).toBe(two);
    expect(core.last('king_changed')).toMatchObject({ agentId: two, previousAgentId: one });
  });

  it('can be traded by a vault', () => {
    const core = market(2);
    core.buy(bob, one, '1');
    const vault = core.createVault(bob);
    core.deposit(ann, vault, sol('10'));
    core.vaultTrade(vault, buyFor(two, '5'));
    expect(core.king).toBe(two);
  });

  it('that graduates leaves the hill, and the king stays', () => {
    const core = market(2);
    core.buy(bob, one, '60');
    core.buy(bob, two, '1');
    core.graduate(ann, two);
    expect(core.king).toBe(one);
    expect(core.state.hill.challengers).toEqual([]);
    expect(core.count('king_changed')).toBe(1);
  });
});

describe('the king', () => {
  it('stays on the hill as a challenger, and may come back', () => {
    const core = market(2);
    core.buy(bob, one, '1');
    core.buy(bob, two, '3');
    expect(core.state.hill.challengers.map(({ agentId: id }) => id)).toEqual([one]);
    core.buy(ann, one, '5');
    expect(core.king).toBe(one);
  });

  it('is overtaken when it is sold, by the best of the others', () => {
    const core = market(3);
    const bought = core.buy(bob, one, '20');
    core.buy(ann, two, '5');
    core.buy(ann, three, '8');
    core.sell(bob, one, bought.tokens);
    expect(core.last('king_changed')).toMatchObject({
      agentId: three,
      previousAgentId: one,
      marketCap: core.marketCap(three),
    });
  });

  it('is not overtaken when it is sold to less than a hundredth below', () => {
    const core = market(2);
    core.buy(bob, one, '10');
    core.buy(ann, two, '9.95');
    core.sell(bob, one, tokens('1500000'));
    expect(core.marketCap(two)).toBeGreaterThan(core.marketCap(one));
    expect(core.king).toBe(one);
  });

  it('is followed by the best of the others when it graduates, however far behind', () => {
    const core = market(3);
    core.buy(bob, one, '60');
    core.buy(ann, two, '2');
    core.buy(ann, three, '1');
    const buy = {
      kind: 'buy_tokens' as const,
      agentId: one,
      tokens: tokens('1000000000'),
      maxSol: sol('900'),
    };
    const entries = core.accept({ ...core.order(ann), ...buy });
    expect(typesOf(entries)).toEqual(['trade_executed', 'agent_graduated', 'king_changed']);
    expect(entries.map(({ seq }) => seq - (entries[0]?.seq ?? 0))).toEqual([0, 1, 2]);
    expect(core.last('king_changed')).toMatchObject({
      agentId: two,
      previousAgentId: one,
      marketCap: core.marketCap(two),
    });
    expect(core.state.hill.challengers.map(({ agentId: id }) => id)).toEqual([three]);
  });

  it('is followed by the older one of two that are level', () => {
    const core = market(3);
    core.buy(bob, one, '60');
    core.buy(ann, three, '2');
    core.buy(ann, two, '2');
    core.graduate(ann, one);
    expect(core.king).toBe(two);
  });

  it('is followed by nobody when nobody else has traded', () => {
    const core = market(2);
    core.buy(bob, one, '60');
    core.graduate(ann, one);
    expect(core.last('king_changed')).toMatchObject({ agentId: null, previousAgentId: one, marketCap: 0n });
    expect(core.king).toBeNull();
    core.buy(ann, two, '0.1');
    expect(core.last('king_changed')).toMatchObject({ agentId: two, previousAgentId: null });
  });
});

describe('the challengers', () => {
  const moves = fc.array(
    fc.record({ id: fc.integer({ min: 1, max: 40 }), marketCap: fc.bigInt(1n, 60n), leaves: fc.boolean() }),
    { minLength: 1, maxLength: 300 },
  );

  it('have the best of them first, each ahead of those below, whatever moves and leaves', () => {
    fc.assert(
      fc.property(moves, (taken) => {
        const hill: Hill = { king: null, challengers: [] };
        const all = new Map<number, Contender>();
        for (const { id, marketCap, leaves } of taken) {
          const moved = all.get(id) ?? contender(agentId(`${id}`), 0n, null);
          all.set(id, moved);
          if (leaves && moved.place !== null) {
            retireContender(hill, moved);
            all.delete(id);
          } else {
            moveContender(hill, moved, lamports(marketCap));
          }
          const best = [...all.values()].sort(
            (a, b) => Number(b.marketCap - a.marketCap) || Number(a.agentId) - Number(b.agentId),
          );
          expect(hill.challengers[0]).toBe(best[0]);
          expect(new Set(hill.challengers)).toEqual(new Set(best));
          for (const [place, one] of hill.challengers.entries()) {
            expect(one.place).toBe(place);
            const above = hill.challengers[(place - 1) >> 1];
            if (place > 0) expect(above?.marketCap).toBeGreaterThanOrEqual(one.marketCap);
          }
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

describe('a change of king that does not fit the hill', () => {
  const changed = (given: Partial<KingChanged>): KingChanged => ({
    type: 'king_changed',
    ...STAMP,
    agentId: two,
    previousAgentId: one,
    marketCap: lamports(1n),
    ...given,
  });

  it('is a fault when another one reigned', () => {
    const core = market(2);
    core.buy(ann, one, '1');
    const entry = changed({ seq: core.state.seq + 1, previousAgentId: null });
    expect(() => evolve(core.state, entry, null)).toThrow(LedgerError);
  });

  it('is a fault when it crowns an agent that does not exist', () => {
    const hill = hillOf(10n, 10n);
    const fates = { next: undefined, formerStays: true };
    expect(() => crown(hill, changed({}), fates)).toThrow(LedgerError);
  });
});
