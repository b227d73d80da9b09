import { describe, expect, it } from 'vitest';
import { lamports, price, sol } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { choicesMade, NO_FILTER } from '../../web/board/address.ts';
import { challengerOf, toDethroneBps } from '../../web/board/challenger.ts';
import { courseBps, courseTo } from '../../web/board/courses.ts';
import { isShown, listInput, steadyRows } from '../../web/board/listing.ts';
import { withGraduation } from '../../web/live/agent-rows.ts';
import { sparklinePath } from '../../web/ui/sparkline.tsx';
import { agentCreated, agentGraduated } from '../support/entries.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 1, 12);
const agent = (id: number, given: Partial<AgentView> = {}): AgentView => ({
  ...createdAgent(agentCreated(id, { agentId: `${id}`, symbol: `SYM${id}`, at: NOW - 2 * HOUR })),
  ...given,
});
const ids = (agents: readonly AgentView[]): string[] => agents.map(({ agentId }) => agentId);

describe('a list of the board', () => {
  it('is asked for without what is as usual, so that new agents are put in front of it', () => {
    expect(listInput('new', NO_FILTER, NOW)).toEqual({ sort: 'new', order: 'usual', limit: 50 });
    const filter = {
      ...NO_FILTER,
      order: 'volume',
      minMarketCap: '50',
      minVolume: '1',
      within: '1h',
    } as const;
    expect(listInput('graduated', filter, NOW)).toEqual({
      sort: 'graduated',
      order: 'volume',
      limit: 50,
      minMarketCap: sol('50'),
      minVolume: sol('1'),
      createdAfter: NOW - HOUR,
    });
    expect(choicesMade(NO_FILTER)).toBe(0);
    expect(choicesMade({ ...filter, hideQuiet: true })).toBe(5);
  });

  it('leaves out who has become too old, and who is quiet when that is asked for', () => {
    const young = agent(1, { createdAt: NOW - HOUR + 1 });
    const within = { ...NO_FILTER, within: '1h' } as const;
    expect(isShown(young, within, NOW)).toBe(true);
    expect(isShown(young, within, NOW + 1)).toBe(false);
    expect(isShown(young, NO_FILTER, NOW + HOUR)).toBe(true);
    const hideQuiet = { ...NO_FILTER, hideQuiet: true };
    expect(isShown(agent(1), hideQuiet, NOW)).toBe(false);
    expect(isShown(agent(1, { lastTradeAt: NOW - HOUR }), hideQuiet, NOW)).toBe(false);
    expect(isShown(agent(1, { lastTradeAt: NOW - HOUR + 1 }), hideQuiet, NOW)).toBe(true);
  });

  it('keeps its order while it is held: newcomers wait, who left stays, the next page follows', () => {
    const held = [agent(5), agent(4), agent(3)];
    const dearer = agent(4, { seq: 99, marketCap: lamports(9n) });
    const rows = steadyRows(held, [agent(6), dearer, agent(5), agent(2), agent(1)]);
    expect(ids(rows)).toEqual(['5', '4', '3', '2', '1']);
    expect(rows[1]).toBe(dearer);
    expect(rows[2]).toBe(held[2]);
    expect(steadyRows(held, held)).toBe(held);
    expect(ids(steadyRows([], [agent(2), agent(1)]))).toEqual(['2', '1']);
  });
});

describe('the challenger', () => {
  it('needs a hundredth more than the king, rounded up, never less than nothing', () => {
    expect(toDethroneBps(lamports(100n), lamports(100n))).toBe(100);
    expect(toDethroneBps(lamports(300n), lamports(400n))).toBe(3_467);
    expect(toDethroneBps(lamports(101n), lamports(100n))).toBe(0);
    expect(toDethroneBps(lamports(500n), lamports(100n))).toBe(0);
  });

  it('is who is worth most of the others that are on the curve', () => {
    const king = agent(1, { marketCap: lamports(50n) });
    const gone = withGraduation(agent(2, { marketCap: lamports(400n) }), agentGraduated(9, { agentId: '2' }));
    const others = [agent(3, { marketCap: lamports(10n) }), agent(4, { marketCap: lamports(20n) })];
    expect(challengerOf([king, gone, ...others], king)?.agentId).toBe('4');
    expect(challengerOf([king, gone], king)).toBeUndefined();
  });
});

describe('the course of a price', () => {
  const course = [100n, 90n, 120n].map(price);

  it('ends at the price of now', () => {
    expect(courseTo(course, price(150n))).toEqual([100n, 90n, 150n]);
    expect(courseBps(courseTo(course, price(150n)))).toBe(5_000);
    expect(courseBps(courseTo(course, price(99n)))).toBe(-100);
    expect(courseBps([])).toBe(0);
  });

  it('is drawn from edge to edge, the highest on top, exactly for amounts beyond a float', () => {
    const box = { width: 100, height: 50, margin: 5 };
    expect(sparklinePath([0n, 40n, 10n], box)).toBe('M0 45L50 5L100 35');
    const huge = 10n ** 30n;
    expect(sparklinePath([huge, huge + 1n], box)).toBe('M0 45L100 5');
    expect(sparklinePath([7n, 7n, 7n], box)).toBe('M0 25L50 25L100 25');
    expect(sparklinePath([7n], box)).toBe('');
  });
});
