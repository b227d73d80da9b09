// @vitest-environment happy-dom
import { render, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { RECONNECT } from '../../shared/client/options.ts';
import { agentId } from '../../shared/ids.ts';
import { lamports } from '../../shared/units.ts';
import { GRACE_MS } from '../../web/live/family.ts';
import { usePrices, useTrades } from '../../web/live/hooks.ts';
import { FakeMarket, frame, pass, position, tapeSnapshot, tradeItem, withFakeTime } from './fixture.tsx';

withFakeTime();

const seqs = (trades: readonly { readonly seq: number }[]): number[] => trades.map(({ seq }) => seq);

function openTrades(market = new FakeMarket()) {
  const hook = renderHook(() => useTrades(), { wrapper: market.Provider });
  return { market, hook, stream: market.trades.at(-1) };
}

describe('sharing', () => {
  it('opens one subscription for any number of components with the same input', () => {
    const market = new FakeMarket();
    const Reader = () => <i>{useTrades().view.length}</i>;
    const Filtered = ({ min }: { readonly min: bigint }) => <i>{useTrades({ minSol: min }).view.length}</i>;
    const { container } = render(
      <market.Provider>
        <Reader />
        <Reader />
        <Filtered min={lamports(5n)} />
        <Filtered min={lamports(5n)} />
      </market.Provider>,
    );
    expect(market.trades.opened.map(({ input }) => input)).toEqual([{}, { minSol: 5n }]);
    market.trades.at(0).send(tapeSnapshot(2, [tradeItem(2).data]));
    frame();
    expect(container.textContent).toBe('1100');
  });

  it('takes the same agents in another order for the same channel', () => {
    const market = new FakeMarket();
    const ids = [agentId('2'), agentId('1')];
    const { rerender } = renderHook(({ order }) => usePrices(order), {
      wrapper: market.Provider,
      initialProps: { order: ids },
    });
    rerender({ order: ids.toReversed() });
    expect(market.prices.opened).toHaveLength(1);
  });

  it('asks nothing about no agents', () => {
    const market = new FakeMarket();
    const { result, rerender } = renderHook(({ ids }) => usePrices(ids), {
      wrapper: market.Provider,
      initialProps: { ids: [agentId('1')].slice(1) },
    });
    expect(market.prices.opened).toHaveLength(0);
    expect(result.current.view.size).toBe(0);
    rerender({ ids: [agentId('1')] });
    expect(market.prices.at(0).input).toEqual({ agentIds: ['1'] });
  });

  it('opens one subscription although StrictMode mounts twice', () => {
    const market = new FakeMarket();
    renderHook(() => useTrades(), { wrapper: market.StrictProvider });
    expect(market.trades.opened).toHaveLength(1);
    pass(GRACE_MS * 2);
    expect(market.trades.at(0).closed).toBe(false);
  });

  it('keeps a subscription for a while after its last user has gone, and takes it up again', () => {
    const { market, hook, stream } = openTrades();
    stream.send(tapeSnapshot(1, [tradeItem(1).data]));
    frame();
    hook.unmount();
    pass(GRACE_MS - 1);
    expect(stream.closed).toBe(false);
    const again = openTrades(market);
    expect(market.trades.opened).toHaveLength(1);
    expect(seqs(again.hook.result.current.view)).toEqual([1]);
    pass(GRACE_MS * 2);
    expect(stream.closed).toBe(false);
  });

  it('releases it after that, and starts anew when it is asked for again', () => {
    const { market, hook, stream } = openTrades();
    stream.send(tapeSnapshot(1, [tradeItem(1).data]));
    hook.unmount();
    pass(GRACE_MS);
    expect(stream.closed).toBe(true);
    const again = openTrades(market);
    expect(market.trades.opened).toHaveLength(2);
    expect(again.stream.lastEventId).toBeUndefined();
    expect(again.hook.result.current).toMatchObject({ view: [], status: { kind: 'waiting' } });
  });
});

describe('folding', () => {
  it('folds every event and renders once per frame', () => {
    const market = new FakeMarket();
    let renders = 0;
    const hook = renderHook(
      () => {
        renders += 1;
        return useTrades();
      },
      { wrapper: market.Provider },
    );
    const stream = market.trades.at(0);
    stream.send(tapeSnapshot(0));
    frame();
    const before = renders;
    for (let seq = 1; seq <= 90; seq += 1) stream.send(tradeItem(seq));
    expect(renders).toBe(before);
    frame();
    expect(renders).toBe(before + 1);
    expect(hook.result.current.events).toBe(90);
    expect(seqs(hook.result.current.view)).toEqual(Array.from({ length: 90 }, (_, index) => 90 - index));
  });

  it('gives listeners every item at once, frame or not', () => {
    const market = new FakeMarket();
    const heard: string[] = [];
    const leave = market.services.live.trades.handle({}).listen(({ id }) => heard.push(id));
    market.trades.at(0).send(tapeSnapshot(0), tradeItem(1), tradeItem(2));
    expect(heard).toEqual([position(0), position(1), position(2)]);
    leave();
    market.trades.at(0).send(tradeItem(3));
    expect(heard).toHaveLength(3);
  });

  it('replaces the view by a snapshot and counts a gap', () => {
    const { market, hook, stream } = openTrades();
    stream.send(tapeSnapshot(2, [tradeItem(2).data, tradeItem(1).data]), tradeItem(3));
    frame();
    expect(hook.result.current).toMatchObject({ gaps: 0, events: 1 });
    stream.send(tapeSnapshot(9, [tradeItem(9).data], 'gap'), tradeItem(10));
    frame();
    expect(seqs(hook.result.current.view)).toEqual([10, 9]);
    expect(hook.result.current).toMatchObject({ gaps: 1, events: 2 });
    expect(market.connection.get().gaps).toBe(1);
  });

  it('takes a snapshot of another log although its numbers are lower', () => {
    const { hook, stream } = openTrades();
    stream.send(tapeSnapshot(500, [tradeItem(500).data]));
    stream.send({ ...tapeSnapshot(1, [tradeItem(1).data], 'gap'), id: position(1, 'bb') });
    stream.send({ ...tradeItem(2), id: position(2, 'bb') });
    frame();
    expect(seqs(hook.result.current.view)).toEqual([2, 1]);
  });

  it('folds an event once, should it come twice', () => {
    const { hook, stream } = openTrades();
    stream.send(tapeSnapshot(0), tradeItem(1), tradeItem(2), tradeItem(1), tradeItem(2), tradeItem(3));
    frame();
    expect(seqs(hook.result.current.view)).toEqual([3, 2, 1]);
  });
});

describe('endings', () => {
  it('goes on after the last item when the server ends the subscription', () => {
    const { market, hook, stream } = openTrades();
    stream.send(tapeSnapshot(0), tradeItem(1));
    stream.end();
    expect(market.trades.opened).toHaveLength(1);
    pass(1_000);
    expect(market.trades.at(1).lastEventId).toBe(position(1));
    market.trades.at(1).send(tradeItem(2));
    // What the ended one still has to say is not listened to.
    stream.send(tradeItem(7));
    frame();
    expect(seqs(hook.result.current.view)).toEqual([2, 1]);
  });

  it('asks again after an error that may pass, later and later', () => {
    const { market, stream } = openTrades();
    stream.fail({ message: 'unavailable', kind: 'passing' });
    // The fixture draws the middle.
    const first = RECONNECT.firstMs / 2;
    pass(first);
    expect(market.trades.opened).toHaveLength(2);
    market.trades.at(1).fail({ message: 'unavailable', kind: 'passing' });
    pass(first);
    expect(market.trades.opened).toHaveLength(2);
    pass(first);
    expect(market.trades.opened).toHaveLength(3);
  });

  it('ends at a refusal and asks again only when told to', () => {
    const { market, hook, stream } = openTrades();
    stream.fail({ message: 'There is no agent 9.', kind: 'refused' });
    frame();
    expect(hook.result.current.status).toMatchObject({
      kind: 'ended',
      error: { message: 'There is no agent 9.' },
    });
    // It is about this one input, not about the connection.
    expect(market.connection.get().state).toBe('connecting');
    pass(60_000);
    expect(market.trades.opened).toHaveLength(1);
    hook.result.current.retry();
    expect(market.trades.opened).toHaveLength(2);
    market.trades.at(1).send(tapeSnapshot(1, [tradeItem(1).data]));
    frame();
    expect(hook.result.current.status.kind).toBe('live');
  });

  it('is the end of the connection when the server will have none of its channels', () => {
    const { market, stream } = openTrades();
    stream.fail({ message: 'Sign in first.', kind: 'shut_out' });
    frame();
    expect(market.connection.get().state).toBe('ended');
  });
});
