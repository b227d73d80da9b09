// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { agentId, walletAddress } from '../../shared/ids.ts';
import { lamports, price, sol, tokens, tokenUnits } from '../../shared/units.ts';
import type { Candle } from '../../shared/view-schemas.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { carriedBy } from '../../web/agent/chart/carry.ts';
import { chartSummary } from '../../web/agent/chart/legend.tsx';
import { marksOf, markText } from '../../web/agent/chart/marks.ts';
import { localTimes } from '../../web/agent/chart/times.ts';
import { GraduationMoment } from '../../web/agent/graduation-moment.tsx';
import { stakeDraft } from '../../web/agent/stake-draft.ts';
import { dayVolume, dayYieldBps } from '../../web/agent/yield.ts';
import { agentCreated, agentGraduated, tradeExecuted, WALLETS } from '../support/entries.ts';
import { FakeMarket, frame, pass, position, withFakeTime } from './fixture.tsx';

withFakeTime();

const HOUR = 3_600_000;
const candleAt = (start: number, amount = 100n): Candle => ({
  start,
  open: price(amount),
  high: price(amount + 5n),
  low: price(amount - 5n),
  close: price(amount),
  volume: lamports(7n),
  trades: 1,
});

describe('a drawn chart', () => {
  const [one, two, three] = [1, 2, 3].map((start) => candleAt(start));
  if (one === undefined || two === undefined || three === undefined) throw new Error('three candles');

  it('is carried forward by its newest candle and those after it', () => {
    const grown = { ...two, close: price(104n) };
    expect(carriedBy([one, two], [one, grown])).toEqual([grown]);
    expect(carriedBy([one, two], [one, grown, three])).toEqual([grown, three]);
    // The oldest was let go.
    expect(carriedBy([one, two], [grown, three])).toEqual([grown, three]);
  });

  it('is drawn anew when its past is another, or does not reach the newest', () => {
    expect(carriedBy([], [one])).toBeNull();
    expect(carriedBy([one, two], [{ ...one }, two])).toBeNull();
    expect(carriedBy([one], [two, three])).toBeNull();
    expect(carriedBy([two], [one, two])).toBeNull();
  });

  it('has times that the library cuts by the viewer’s days, and gives them back', () => {
    const { toChart, fromChart } = localTimes(-4 * HOUR);
    const at = Date.UTC(2026, 6, 1, 4);
    expect(toChart(at) * 1_000).toBe(Date.UTC(2026, 6, 1));
    expect(fromChart(toChart(at))).toBe(at);
  });

  it('is summed up in a sentence', () => {
    const candles = [candleAt(1, 30_000_000_000n), candleAt(2, 20_000_000_000n)];
    expect(chartSummary('ORCL', candles, '1m')).toBe(
      'Price of ORCL in candles of 1m: 0.0₇2000 SOL now, between 0.0₇2000 and 0.0₇3000 SOL over the last 2.',
    );
    expect(chartSummary('ORCL', [], '1m')).toBe('Price of ORCL: no trades yet.');
  });
});

describe('marks on the chart', () => {
  const [creator, other, you] = WALLETS.map(walletAddress);
  if (creator === undefined || you === undefined) throw new Error('wallets');
  const noon = Date.UTC(2026, 0, 1, 12);
  const trade = (seq: number, trader: string | undefined, side: string, at: number) =>
    tradeExecuted(seq, { trader, side, at });

  it('are one per wallet, side and candle, and none for others', () => {
    const trades = [
      trade(6, you, 'sell', noon + 61_000),
      trade(5, creator, 'buy', noon + 60_000),
      trade(4, other, 'buy', noon + 5_000),
      trade(3, you, 'buy', noon + 4_000),
      trade(2, you, 'buy', noon),
    ];
    const marks = marksOf(trades, '1m', { creator, you });
    expect(marks.map(({ start, who, side }) => [start - noon, who, side])).toEqual([
      [0, 'you', 'buy'],
      [60_000, 'you', 'sell'],
      [60_000, 'creator', 'buy'],
    ]);
    expect(marks.map(markText)).toEqual(['B 2', 'S', 'C']);
    expect(marksOf(trades, '1m', { creator, you: null }).map(markText)).toEqual(['C']);
    expect(marksOf(trades, '1m', { creator: you, you }).every(({ who }) => who === 'you')).toBe(true);
  });
});

describe('figures', () => {
  it('read what is to be staked against what is there', () => {
    const available = tokens('10');
    expect(stakeDraft('2.5', available)).toEqual({ kind: 'ready', tokens: tokens('2.5') });
    expect(stakeDraft('10', available)).toEqual({ kind: 'ready', tokens: available });
    expect(stakeDraft('10.000001', available)).toMatchObject({ kind: 'refused' });
    expect(stakeDraft('0.0000001', available)).toMatchObject({ kind: 'refused' });
    expect(stakeDraft('0', available)).toEqual({ kind: 'blank' });
  });

  it('estimate a yield from the trades of a day alone', () => {
    const now = Date.UTC(2026, 0, 2, 12);
    const day = [now - 25 * HOUR, now - 24 * HOUR, now - HOUR].map((start) => candleAt(start));
    expect(dayVolume(day, now)).toBe(14n);
    // 100 SOL traded: 0.95 SOL of protocol fee, 0.19 to the stakers of tokens worth 10 SOL.
    const staked = tokens('1000000');
    const worth = price((sol('10') * 10n ** 9n) / 1_000_000n);
    expect(dayYieldBps(sol('100'), { staked, price: worth })).toBe(190);
    expect(dayYieldBps(sol('100'), { staked: tokenUnits(0n), price: worth })).toBeNull();
  });
});

describe('the moment of a graduation', () => {
  const id = agentId('1');

  function open(): FakeMarket {
    const market = new FakeMarket();
    render(<GraduationMoment agentId={id} symbol="ORCL" />, { wrapper: market.StrictProvider });
    market.agent.at(-1).send({
      id: position(2),
      data: { type: 'snapshot', reason: 'start', agent: createdAgent(agentCreated(1)), trades: [] },
    });
    frame();
    return market;
  }
  const graduate = (market: FakeMarket, ago: number): void => {
    market.agent.at(-1).send({ id: position(3), data: agentGraduated(3, { at: Date.now() - ago }) });
    frame();
  };
  const words = () => screen.queryByText('ORCL graduated');

  it('is celebrated for less than two seconds when it happens before one’s eyes', () => {
    const market = open();
    expect(words()).toBeNull();
    graduate(market, 50);
    expect(words()).not.toBeNull();
    pass(2_000);
    expect(words()).toBeNull();
  });

  it('ends with any key or press', () => {
    const market = open();
    graduate(market, 50);
    fireEvent.keyDown(window, { key: 'a' });
    expect(words()).toBeNull();
  });

  it('is over for who hears of it later', () => {
    const market = open();
    graduate(market, 60_000);
    expect(words()).toBeNull();
  });

  it('is not celebrated where motion is unwelcome', () => {
    const asked = vi.spyOn(window, 'matchMedia');
    asked.mockImplementation((query) =>
      Object.assign(new EventTarget(), {
        matches: query.includes('reduced-motion'),
        media: query,
        onchange: null,
        addListener: () => undefined,
        removeListener: () => undefined,
      }),
    );
    const market = open();
    graduate(market, 50);
    expect(words()).toBeNull();
    asked.mockRestore();
  });
});
