// @vitest-environment happy-dom
import { act, render, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Item, MessageOf } from '../../shared/channels.ts';
import type { SeasonEnded } from '../../shared/events.ts';
import { type StandingsChanged, standingsChangedSchema } from '../../shared/platform-schemas.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { countdown } from '../../web/olympics/countdown.ts';
import { OlympicsPage } from '../../web/olympics/olympics-page.tsx';
import { agentCreated, seasonEnded } from '../support/entries.ts';
import { answering } from './account-world.tsx';
import { FakeMarket, frame, position, withFakeTime } from './fixture.tsx';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

describe('what is left of a season', () => {
  it('is told to the second, in days from one on', () => {
    expect(countdown(0, 2 * HOUR + 5 * SECOND)).toBe('02:00:05');
    expect(countdown(0, 999)).toBe('00:00:00');
    expect(countdown(0, 24 * HOUR - 1)).toBe('23:59:59');
    expect(countdown(0, 49 * HOUR)).toBe('2d 01:00:00');
    expect(countdown(5, 4)).toBe('00:00:00');
  });
});

describe('the olympics page', () => {
  withFakeTime();
  let market: FakeMarket;
  const seasons = vi.fn<(input: unknown) => unknown>();
  beforeEach(() => {
    market = new FakeMarket();
    seasons.mockReset();
    seasons.mockReturnValue({ seasons: [] });
  });

  const agent = (input: unknown) => {
    const agentId = typeof input === 'object' && input !== null && 'agentId' in input ? input.agentId : null;
    return createdAgent(agentCreated(1, { agentId, symbol: `SYM${agentId}`, name: `Agent ${agentId}` }));
  };
  const settle = () => act(() => vi.advanceTimersByTimeAsync(20));
  const running = (
    seq: number,
    given: Partial<Record<keyof StandingsChanged, unknown>> = {},
  ): StandingsChanged =>
    standingsChangedSchema.parse({
      type: 'standings_changed',
      seq,
      at: 1,
      season: 2,
      endsAt: Date.now() + HOUR,
      protocolFees: 100_000_000_000n,
      standings: [1, 2, 3, 4].map((place) => ({
        agentId: `${place}`,
        symbol: `SYM${place}`,
        score: BigInt(10 - place) * 1_000_000_000n,
        traders: place,
      })),
      ...given,
    });
  async function show(season: StandingsChanged | null, last: SeasonEnded | null) {
    render(<OlympicsPage />, { wrapper: answering(market, { agent, seasons }) });
    const snapshot: Item<MessageOf<'olympics'>> = {
      id: position(1),
      data: { type: 'snapshot', reason: 'start', season, last },
    };
    market.olympics.at(-1).send(snapshot);
    frame();
    await settle();
  }
  const rows = () =>
    within(screen.getByRole('table'))
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent);

  it('shows who leads, what each medal would pay now, and how long it still goes', async () => {
    await show(running(1), null);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Season 2');
    expect(screen.getByRole('timer').textContent).toBe('01:00:00');
    expect(screen.getByText('10.00')).toBeDefined();
    expect(rows()).toEqual([
      '1SYM1Agent 19.00001Gold5.0000',
      '2SYM2Agent 28.00002Silver3.0000',
      '3SYM3Agent 37.00003Bronze2.0000',
      '4SYM4Agent 46.00004',
    ]);
  });

  it('puts the rows in the new order as the standings change', async () => {
    await show(running(1), null);
    const [first, second, ...others] = running(2).standings;
    const standings = [second, first, ...others];
    market.olympics.at(-1).send({ id: position(2), data: running(2, { standings }) });
    frame();
    expect(rows().map((text) => text?.slice(0, 5))).toEqual(['1SYM2', '2SYM1', '3SYM3', '4SYM4']);
  });

  it('says so before the first season', async () => {
    await show(null, null);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('The first season has not begun');
    expect(screen.queryByRole('timer')).toBeNull();
  });

  it('says between two seasons which was the last, and what its medals paid to whom', async () => {
    await show(null, seasonEnded(7, { season: 3 }));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Between seasons');
    const results = screen.getByRole('region', { name: 'Season 3 results' });
    expect(within(results).getByRole('link', { name: 'SYM1' }).getAttribute('href')).toBe('/agent/1');
    expect(results.textContent).toContain('Prize, to 7xKX…gAsU');
    expect(results.textContent).toContain('of 4 traders');
  });

  it('says quietly that a season has ended while one watches, and only then', async () => {
    await show(running(1), seasonEnded(1, { season: 1 }));
    expect(screen.queryByText(/is over/)).toBeNull();
    market.olympics.at(-1).send({ id: position(9), data: seasonEnded(9, { season: 2 }) });
    frame();
    await settle();
    const news = screen.getByRole('status');
    expect(news.textContent).toBe('Season 2 is over. Gold goes toSYM1Agent 1');
  });

  it('lists the seasons before the last one, and asks again when another has ended', async () => {
    const ended = (season: number) => seasonEnded(season, { season });
    seasons.mockReturnValue({ seasons: [2, 1].map(ended) });
    await show(running(5, { season: 3 }), ended(2));
    const list = () =>
      screen.getByRole('region', { name: 'Earlier seasons' }).querySelectorAll('[data-season]');
    expect([...list()].map((row) => row.getAttribute('data-season'))).toEqual(['1']);
    seasons.mockReturnValue({ seasons: [3, 2, 1].map(ended) });
    market.olympics.at(-1).send({ id: position(9), data: ended(3) });
    frame();
    await settle();
    expect([...list()].map((row) => row.getAttribute('data-season'))).toEqual(['2', '1']);
    expect(seasons).toHaveBeenCalledTimes(2);
  });
});
