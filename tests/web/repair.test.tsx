// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Item, MessageOf } from '../../shared/channels.ts';
import { Backoff } from '../../shared/client/backoff.ts';
import { RECONNECT } from '../../shared/client/options.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { price, tokens } from '../../shared/units.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { allCandles, emptyCandles, reduceCandles } from '../../shared/views/candles.ts';
import { reduceAgentDetail } from '../../shared/views/channel-views.ts';
import { TAPE_LENGTH } from '../../shared/views/newest.ts';
import { provesAgent } from '../../shared/views/proof.ts';
import { LiveCandles } from '../../web/live/candles.ts';
import { ChannelFamily } from '../../web/live/family.ts';
import { Frames } from '../../web/live/frames.ts';
import { useAgent } from '../../web/live/hooks.ts';
import type { LiveClient } from '../../web/live/live-client.ts';
import { ServicesProvider } from '../../web/services.ts';
import { LiveIndicator } from '../../web/shell/live-indicator.tsx';
import { AgentStory, bob } from '../shared/fixtures.ts';
import { FakeMarket, frame, pass, position, tapeSnapshot, tradeItem, withFakeTime } from './fixture.tsx';

withFakeTime();

const story = new AgentStory();
const created = createdAgent(story.created());
const trades = Array.from({ length: 150 }, () => story.buy(bob, tokens('1000')));
const graduation = story.graduated();

const agentAfter = (count: number) => trades.slice(0, count).reduce(reduceAgent, created);
const tapeAfter = (count: number) => trades.slice(0, count).toReversed().slice(0, TAPE_LENGTH);
const snapshotAfter = (count: number, reason: 'start' | 'gap' = 'start'): Item<MessageOf<'agent'>> => ({
  id: position(agentAfter(count).seq),
  data: { type: 'snapshot', reason, agent: agentAfter(count), trades: tapeAfter(count) },
});
/** The trade at that place, the first one being 1. */
function trade(index: number): Item<TradeExecuted> {
  const data = trades[index - 1];
  if (data === undefined) throw new Error(`no trade ${index}`);
  return { id: position(data.seq), data };
}
const wrong = ({ id, data }: Item<TradeExecuted>): Item<TradeExecuted> => ({
  id,
  data: { ...data, price: price(data.price + 1n) },
});

/** The agent's page's view and the indicator, on a market whose agents are proved. */
function opened() {
  const market = new FakeMarket();
  const { frames, connection } = market;
  const runtime = { frames, connection, newBackoff: () => new Backoff(RECONNECT, Date.now, () => 1) };
  const agent: LiveClient['agent'] = new ChannelFamily(
    {
      initial: null,
      reduce: reduceAgentDetail,
      proves: (view, message) => provesAgent(view?.agent ?? null, message),
      open: market.agent.open,
    },
    runtime,
  );
  const services = { ...market.services, live: { ...market.services.live, agent } };
  let shown: ReturnType<typeof useAgent> | undefined;
  const Reader = () => {
    shown = useAgent(story.id);
    return <LiveIndicator />;
  };
  render(
    <ServicesProvider value={services}>
      <Reader />
    </ServicesProvider>,
  );
  return {
    market,
    stream: market.agent.at(0),
    handle: agent.handle({ agentId: story.id }),
    now: () => {
      frame();
      if (shown === undefined) throw new Error('nothing is shown');
      return shown;
    },
  };
}

describe('an agent on the page', () => {
  it('is shown as an honest server tells it, and never repaired: gaps and the graduation neither', () => {
    const { market, stream, now } = opened();
    stream.send(snapshotAfter(0), trade(1), trade(2), trade(1), snapshotAfter(90, 'gap'), trade(91));
    stream.send({ id: position(graduation.seq), data: graduation });
    const { view, repairs, gaps, events } = now();
    expect(view?.agent).toEqual(reduceAgent(agentAfter(91), graduation));
    expect({ repairs, gaps, events }).toEqual({ repairs: 0, gaps: 1, events: 4 });
    expect(market.agent.opened).toHaveLength(1);
    expect(market.connection.get().repairs).toBe(0);
  });

  it('is not shown a trade that does not follow: it is fetched anew, and the repair is counted once', () => {
    const { market, stream, now } = opened();
    stream.send(snapshotAfter(0), trade(1), wrong(trade(2)), trade(3));
    expect(stream.closed).toBe(true);
    expect(now()).toMatchObject({ view: { agent: agentAfter(1) }, repairs: 1, events: 1 });
    // As it was, until the new one is there.
    expect(now().status.kind).toBe('live');
    pass(RECONNECT.firstMs);
    const fresh = market.agent.at(1);
    expect(fresh.lastEventId).toBeUndefined();
    fresh.send(snapshotAfter(3), trade(4));
    expect(now()).toMatchObject({
      view: { agent: agentAfter(4), trades: tapeAfter(4) },
      repairs: 1,
      gaps: 0,
    });
    expect(market.connection.get()).toMatchObject({ repairs: 1, gaps: 0 });
    fireEvent.click(screen.getByRole('button', { name: /^Connecting.*connection details$/ }));
    expect(screen.getByText('Repairs').parentElement?.textContent).toBe('Repairs1');
    expect(market.agent.opened).toHaveLength(2);
  });

  it('is fetched anew later and later while nothing is right', () => {
    const { market, now } = opened();
    for (const [round, delay] of [500, 1_000, 2_000, 4_000].entries()) {
      market.agent.at(round).send(snapshotAfter(0), wrong(trade(1)));
      pass(delay - 1);
      expect(market.agent.opened).toHaveLength(round + 1);
      pass(1);
      expect(market.agent.opened).toHaveLength(round + 2);
    }
    expect(now()).toMatchObject({ view: { agent: agentAfter(0) }, repairs: 4 });
  });

  it('is asked for from the start also when the first attempt at it fails', () => {
    const { market, stream, now } = opened();
    stream.send(snapshotAfter(0), trade(1), wrong(trade(2)));
    pass(RECONNECT.firstMs);
    market.agent.at(1).fail({ message: 'unavailable', kind: 'passing' });
    pass(RECONNECT.longestMs);
    expect(market.agent.at(2).lastEventId).toBeUndefined();
    market.agent.at(2).send(snapshotAfter(2));
    expect(now()).toMatchObject({ view: { agent: agentAfter(2) }, repairs: 1 });
    // From here on it goes on where it is, as ever.
    market.agent.at(2).end();
    pass(RECONNECT.longestMs);
    expect(market.agent.at(3).lastEventId).toBe(snapshotAfter(2).id);
  });

  it('has candles that are asked for anew when the fresh tape does not reach back to their answer', () => {
    const { market, stream, handle } = opened();
    const asked: string[] = [];
    const candles = new LiveCandles('1m', new Frames(), () => asked.push('anew'));
    const leave = handle.listen(candles.onItem);
    candles.answer({ candles: [], seq: created.seq });
    stream.send(snapshotAfter(0), trade(1), wrong(trade(2)));
    pass(RECONNECT.firstMs);
    market.agent.at(1).send(snapshotAfter(90));
    expect(asked).toEqual([]);
    const folded = (count: number) =>
      allCandles(trades.slice(0, count).reduce(reduceCandles, emptyCandles('1m')));
    frame();
    expect(candles.get()).toEqual(folded(90));
    market.agent.at(1).send(wrong(trade(91)));
    pass(RECONNECT.longestMs);
    market.agent.at(2).send(snapshotAfter(140));
    expect(asked).toEqual(['anew']);
    candles.answer({ candles: folded(140), seq: agentAfter(140).seq });
    market.agent.at(2).send(trade(141));
    frame();
    expect(candles.get()).toEqual(folded(141));
    leave();
  });
});

describe('a channel that moves from one socket to another', () => {
  it('does not take a snapshot that later events have overtaken', () => {
    const market = new FakeMarket();
    const handle = market.services.live.trades.handle({});
    const leave = handle.listen(() => undefined);
    const stream = market.trades.at(0);
    stream.send(tapeSnapshot(5), tradeItem(7), tapeSnapshot(6), tradeItem(8));
    frame();
    expect(handle.get().view.map(({ seq }) => seq)).toEqual([8, 7]);
    leave();
  });
});
