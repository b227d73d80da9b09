// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import type { TradeExecuted } from '../../shared/events.ts';
import { agentId } from '../../shared/ids.ts';
import type { AgentDetailView } from '../../shared/views/channel-views.ts';
import { STALE_AFTER_MS } from '../../web/live/connection.ts';
import { useLive, useTrades } from '../../web/live/hooks.ts';
import type { TradeFilter } from '../../web/live/live-client.ts';
import { FakeMarket, frame, pass, tapeSnapshot, tradeItem, withFakeTime } from './fixture.tsx';

withFakeTime();

function opened() {
  const market = new FakeMarket();
  const { connection, clock } = market;
  clock.subscribe(connection.check);
  const hook = renderHook(() => useTrades(), { wrapper: market.StrictProvider });
  const transport = (state: 'open' | 'reconnecting' | 'ended'): void => {
    act(() => {
      connection.transport(state);
      if (state === 'open') connection.heard();
    });
    frame();
  };
  return { market, hook, transport, stream: market.trades.at(0), now: () => hook.result.current };
}

describe('what a hook says of its channel', () => {
  it('is connecting until there is a view, live from then on, and dates the last message', () => {
    const { transport, stream, now } = opened();
    expect(now()).toMatchObject({ state: 'connecting', messageAt: null, view: [] });
    transport('open');
    // Connected, but this channel has shown nothing yet.
    expect(now().state).toBe('connecting');
    stream.send(tapeSnapshot(1, [tradeItem(1).data]));
    frame();
    const snapshotAt = now().messageAt;
    expect(now().state).toBe('live');
    expect(snapshotAt).toBe(Date.now() - 17);
    pass(2_000);
    stream.send(tradeItem(2));
    frame();
    expect(now().messageAt).toBe((snapshotAt ?? 0) + 17 + 2_000);
  });

  it('is stale after silence, reconnecting after a loss, and keeps its view through both', () => {
    const { market, transport, stream, now } = opened();
    transport('open');
    stream.send(tapeSnapshot(1, [tradeItem(1).data]));
    frame();
    const { view } = now();
    pass(STALE_AFTER_MS + 1_000);
    expect(now()).toMatchObject({ state: 'stale', view });
    act(() => market.connection.heard());
    frame();
    expect(now().state).toBe('live');
    transport('reconnecting');
    expect(now()).toMatchObject({ state: 'reconnecting', view });
    transport('open');
    expect(now().state).toBe('live');
  });

  it('has ended for itself alone when it is refused, and goes on when it is asked for again', () => {
    const { market, hook, transport, stream, now } = opened();
    transport('open');
    const other = renderHook(() => useLive('graduations', {}), { wrapper: market.Provider });
    market.graduations
      .at(0)
      .send({ id: 'aa-1', data: { type: 'snapshot', reason: 'start', graduations: [] } });
    stream.fail({ message: 'not this one', kind: 'refused' });
    frame();
    expect(now()).toMatchObject({ state: 'ended', status: { kind: 'ended' } });
    expect(other.result.current.state).toBe('live');
    act(() => hook.result.current.retry());
    market.trades.at(1).send(tapeSnapshot(1));
    frame();
    expect(now().state).toBe('live');
  });

  it('is the same object until something changes, and renders nobody else', () => {
    const { market, transport, stream, now } = opened();
    transport('open');
    stream.send(tapeSnapshot(1, [tradeItem(1).data]));
    frame();
    const rendered = vi.fn();
    renderHook(() => rendered(useLive('graduations', {})), { wrapper: market.Provider });
    // The frame that begins it.
    frame();
    rendered.mockClear();
    const before = now();
    pass(1_000);
    expect(now()).toBe(before);
    stream.send(tradeItem(2));
    frame();
    expect(now()).not.toBe(before);
    expect(rendered).not.toHaveBeenCalled();
  });
});

it('knows the view and the input of every channel by its name', () => {
  const market = new FakeMarket();
  const { result } = renderHook(
    () => ({
      trades: useLive('trades', { side: 'buy' }).view,
      agent: useLive('agent', { agentId: agentId('1') }).view,
      none: useLive('vault', null).view,
    }),
    { wrapper: market.Provider },
  );
  expectTypeOf(result.current.trades).toEqualTypeOf<readonly TradeExecuted[]>();
  expectTypeOf(result.current.agent).toEqualTypeOf<AgentDetailView | null>();
  expect(result.current).toEqual({ trades: [], agent: null, none: null });
  // No input, no subscription.
  expect(market.vault.opened).toEqual([]);
  expect(market.agent.at(0).input).toEqual({ agentId: '1' });
  expectTypeOf(useLive<'trades'>)
    .parameter(1)
    .toEqualTypeOf<TradeFilter | null>();
  expectTypeOf<TradeFilter>().toHaveProperty('minSol');
});
