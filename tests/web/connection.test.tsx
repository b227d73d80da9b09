// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { STALE_AFTER_MS } from '../../web/live/connection.ts';
import { useTrades } from '../../web/live/hooks.ts';
import { Announcements } from '../../web/shell/announcements.tsx';
import { ConnectionNotice, caughtUpText } from '../../web/shell/connection-notice.tsx';
import { LiveIndicator } from '../../web/shell/live-indicator.tsx';
import { UpdatePrompt } from '../../web/shell/update-prompt.tsx';
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
      <UpdatePrompt />
      <Announcements />
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
const textOf = (selector: string): string | null | undefined => document.querySelector(selector)?.textContent;
const word = () => textOf('.live-word');
const notice = () => textOf('.notice');
const said = () => textOf('[data-announcer]');
/** A fact of the card, as it is shown. */
const fact = (name: string): string | undefined =>
  screen.getByText(name).parentElement?.textContent?.slice(name.length);
const openCard = (): boolean => fireEvent.click(screen.getByRole('button', { name: /connection details$/ }));
const reconnect = ({ connection }: FakeMarket): void =>
  act(() => {
    connection.transport('open');
    connection.heard();
  });

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
    expect(word()).toBe('Live');
    pass(STALE_AFTER_MS - 1_000);
    expect(state(market)).toBe('live');
    pass(2_000);
    expect(state(market)).toBe('stale');
    expect(word()).toBe('Stale');
    expect(notice()).toContain('may be old');
    act(() => market.connection.heard());
    frame();
    expect(state(market)).toBe('live');
    expect(notice()).toBe('');
  });

  it('has ended when the client’s has, whatever is heard of it after that', () => {
    const market = connected();
    act(() => market.connection.transport('ended'));
    frame();
    expect(state(market)).toBe('ended');
    expect(word()).toBe('Ended');
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
    expect(textOf('.live-age')).toBe('5s ago');
    market.trades.at(0).send(tradeItem(1));
    pass(1_000);
    expect(textOf('.live-age')).toBe('just now');
  });

  it('says what it caught up after a reconnect, each event once, and forgets it', () => {
    const market = connected();
    const { connection } = market;
    act(() => connection.transport('reconnecting'));
    frame();
    expect(state(market)).toBe('reconnecting');
    const lostAt = Date.now();
    pass(3_000);
    expect(notice()).toContain('Connection lost');
    reconnect(market);
    pass(200);
    market.trades.at(0).send(tradeItem(2, { at: lostAt + 1_000 }), tradeItem(3, { at: lostAt + 2_000 }));
    // Another channel carries the same event; and one that happens now was not missed.
    act(() => connection.event(position(3), lostAt + 2_000));
    market.trades.at(0).send(tradeItem(4, { at: Date.now() }));
    pass(1_000);
    expect(connection.get().caughtUp).toEqual({ events: 2, gaps: 0, ms: 200 });
    expect(notice()).toBe('Caught up 2 events in 0.2 s');
    pass(10_000);
    expect(connection.get().caughtUp).toBeNull();
    expect(notice()).not.toContain('Caught up');
  });

  it('says so when what was missed could not be replayed, or nothing was missed', () => {
    expect(caughtUpText({ events: 0, gaps: 2, ms: 340 })).toBe(
      'Back after too long to replay: loaded everything anew in 0.3 s',
    );
    expect(caughtUpText({ events: 0, gaps: 0, ms: 0 })).toBe('Reconnected, nothing was missed');
    expect(caughtUpText({ events: 1, gaps: 0, ms: 96 })).toBe('Caught up 1 event in 0.1 s');
    expect(caughtUpText({ events: 3, gaps: 0, ms: 20 })).toBe('Caught up 3 events in under 0.1 s');
  });

  it('alarms nobody about a connection that is back within a second', () => {
    const market = connected();
    act(() => market.connection.transport('reconnecting'));
    frame();
    pass(900);
    expect(state(market)).toBe('reconnecting');
    expect(notice()).toBe('');
    reconnect(market);
    pass(1_000);
    expect(notice()).toBe('');
    expect(said()).toBe('');
    act(() => market.connection.transport('reconnecting'));
    frame();
    pass(1_000);
    expect(notice()).toContain('Connection lost');
    expect(said()).toContain('The connection is lost.');
    expect(market.connection.get().reconnects).toBe(1);
  });

  it('says at once that there is no network, unless the server is heard all the same', () => {
    const market = connected();
    const { connection } = market;
    pass(10);
    act(() => connection.network(false));
    frame();
    expect(state(market)).toBe('stale');
    expect(notice()).toContain('You are offline');
    act(() => connection.heard());
    frame();
    expect(state(market)).toBe('live');
    expect(notice()).toBe('');
    act(() => connection.network(true));
    frame();
    expect(connection.get().online).toBe(true);
  });

  it('asks to reload once the page is outdated, in the place of other notices', () => {
    const market = connected();
    expect(screen.queryByRole('button', { name: 'Reload' })).toBeNull();
    act(() => {
      market.connection.transport('ended');
      market.outdated.set(true);
    });
    frame();
    expect(screen.getByRole('button', { name: 'Reload' })).toBeDefined();
    expect(textOf('.update')).toContain('Agent.fun was updated. Reload to go on.');
    expect(notice()).toBe('');
  });

  it('measures delivery by the server’s clock, of events that happened while connected', async () => {
    const market = connected();
    const { connection, serverClock } = market;
    const AHEAD = 60_000;
    const event = (id: string, at: number): void => act(() => connection.event(id, at));
    pass(1_000);
    event('before the clock is known', Date.now());
    expect(connection.latency()).toBeNull();
    await act(async () => {
      serverClock.follow(() => Promise.resolve({ now: Date.now() + AHEAD }));
      await vi.advanceTimersByTimeAsync(0);
    });
    event('live', Date.now() + AHEAD - 40);
    expect(connection.latency()?.count).toBe(1);
    expect(connection.latency()?.p50).toBeCloseTo(40, -1);
    // Of a channel that skips values the age says nothing.
    act(() => connection.event('a price', Date.now() + AHEAD - 40, 'latest'));
    act(() => connection.transport('reconnecting'));
    const missedAt = Date.now() + AHEAD;
    pass(2_000);
    reconnect(market);
    event('missed', missedAt);
    expect(connection.latency()?.count).toBe(1);
    pass(1_000);
    expect(connection.get().caughtUp).toMatchObject({ events: 1 });
    event('live again', Date.now() + AHEAD);
    expect(connection.latency()?.count).toBe(2);
  });

  it('shows what it knows on a press, and closes on Escape', async () => {
    const market = connected();
    await act(async () => {
      market.serverClock.follow(() => Promise.resolve({ now: Date.now() - 250 }));
      await vi.advanceTimersByTimeAsync(0);
    });
    act(() => market.connection.skipped(3));
    market.trades.at(0).send(tapeSnapshot(9, [], 'gap'));
    openCard();
    pass(1_000);
    expect(fact('Server clock')).toBe('−250 ± 1 ms');
    expect([fact('Gaps'), fact('Repairs'), fact('Reconnects'), fact('Conflated')]).toEqual([
      '1',
      '0',
      '0',
      '3',
    ]);
    expect(fact('Delivery, p50')).toBe('–');
    fireEvent.keyDown(document, { key: 'Escape' });
    expect(screen.queryByText('Gaps')).toBeNull();
  });
});
