// @vitest-environment happy-dom
import { act, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { STALE_AFTER_MS } from '../../web/live/connection.ts';
import { useTrades } from '../../web/live/hooks.ts';
import { ConnectionNotice, caughtUpText } from '../../web/shell/connection-notice.tsx';
import { LiveIndicator } from '../../web/shell/live-indicator.tsx';
import { FakeMarket, frame, pass, position, tapeSnapshot, tradeItem, withFakeTime } from './fixture.tsx';

withFakeTime();

function connected(): FakeMarket {
  const market = new FakeMarket();
  const Reader = () => <i>{useTrades().view.length}</i>;
  render(
    <market.Provider>
      <Reader />
      <LiveIndicator />
      <ConnectionNotice />
    </market.Provider>,
  );
  market.clock.subscribe(market.connection.check);
  act(() => {
    market.connection.transport('open');
    market.connection.heard();
  });
  market.trades.at(0).send(tapeSnapshot(0));
  frame();
  return market;
}

const state = (market: FakeMarket): string => market.connection.get().state;
const [word, notice] = [0, 1].map((index) => () => screen.getAllByRole('status')[index]?.textContent);

describe('the connection', () => {
  it('is connecting until the server has been heard', () => {
    const market = new FakeMarket();
    expect(state(market)).toBe('connecting');
    market.connection.transport('open');
    frame();
    expect(state(market)).toBe('connecting');
    market.connection.heard();
    frame();
    expect(state(market)).toBe('live');
  });

  it('is stale after more silence than keep-alive allows, and live at the next sound', () => {
    const market = connected();
    expect(word?.()).toBe('Live');
    pass(STALE_AFTER_MS - 1_000);
    expect(state(market)).toBe('live');
    pass(2_000);
    expect(state(market)).toBe('stale');
    expect(word?.()).toBe('Stale');
    expect(notice?.()).toContain('may be old');
    act(() => market.connection.heard());
    frame();
    expect(state(market)).toBe('live');
    expect(notice?.()).toBe('');
  });

  it('has ended when the client’s has, whatever is heard of it after that', () => {
    const market = connected();
    act(() => market.connection.transport('ended'));
    frame();
    expect(state(market)).toBe('ended');
    expect(word?.()).toBe('Ended');
    act(() => {
      market.connection.heard();
      market.connection.transport('open');
    });
    frame();
    expect(state(market)).toBe('ended');
  });

  it('shows the age of the last message, which keep-alive is not', () => {
    const market = connected();
    pass(5_000);
    act(() => market.connection.heard());
    frame();
    expect(screen.getByTitle('Live. Last message: 5s.')).toBeDefined();
    market.trades.at(0).send(tradeItem(1));
    pass(1_000);
    expect(screen.getByTitle('Live. Last message: now.')).toBeDefined();
  });

  it('says what it caught up after a reconnect, each event once, and forgets it', () => {
    const market = connected();
    const { connection } = market;
    market.trades.at(0).send(tradeItem(1, { at: Date.now() - 40 }));
    act(() => connection.transport('reconnecting'));
    frame();
    expect(state(market)).toBe('reconnecting');
    expect(notice?.()).toContain('Connection lost');
    const lostAt = Date.now();
    pass(3_000);
    act(() => {
      connection.transport('open');
      connection.heard();
    });
    pass(200);
    market.trades.at(0).send(tradeItem(2, { at: lostAt + 1_000 }), tradeItem(3, { at: lostAt + 2_000 }));
    // Another channel carries the same event; and one that happens now was not missed.
    act(() => connection.event(position(3), lostAt + 2_000));
    market.trades.at(0).send(tradeItem(4, { at: Date.now() }));
    pass(1_000);
    expect(connection.get().caughtUp).toEqual({ events: 2, gaps: 0, ms: 200 });
    expect(notice?.()).toBe('Caught up 2 events in 0.2 s');
    pass(10_000);
    expect(connection.get().caughtUp).toBeNull();
    expect(notice?.()).not.toContain('Caught up');
  });

  it('says so when what was missed could not be replayed, or nothing was missed', () => {
    expect(caughtUpText({ events: 0, gaps: 2, ms: 340 })).toBe(
      'Back after too long to replay: loaded everything anew in 0.3 s',
    );
    expect(caughtUpText({ events: 0, gaps: 0, ms: 0 })).toBe('Reconnected, nothing was missed');
    expect(caughtUpText({ events: 1, gaps: 0, ms: 96 })).toBe('Caught up 1 event in 0.1 s');
    expect(caughtUpText({ events: 3, gaps: 0, ms: 20 })).toBe('Caught up 3 events in under 0.1 s');
  });
});
