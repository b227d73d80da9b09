import { expect, it, vi } from 'vitest';
import { consumeEvery, consumeLatest } from '../../shared/consume.ts';
import { tokens } from '../../shared/units.ts';
import { createdAgent } from '../../shared/views/agent.ts';
import { priceOf } from '../../shared/views/prices.ts';
import { AgentStory, alice } from './fixtures.ts';

it('hands a lossless channel to its consumer: snapshots to replace, events to fold', () => {
  const trade = new AgentStory().buy(alice, tokens('1'));
  const consumer = { snapshot: vi.fn(), event: vi.fn() };
  const onData = consumeEvery<'trades'>(consumer);
  const snapshot = { type: 'snapshot' as const, reason: 'start' as const, trades: [trade] };

  onData({ id: 'e-1', data: snapshot });
  expect(consumer.snapshot.mock.calls).toEqual([[snapshot, 'e-1']]);
  expect(consumer.event).not.toHaveBeenCalled();

  onData({ id: 'e-2', data: trade });
  expect(consumer.event.mock.calls).toEqual([[trade, 'e-2']]);
  expect(consumer.snapshot).toHaveBeenCalledOnce();
});

it('hands a conflated channel to its consumer: snapshots and newest values', () => {
  const price = priceOf(createdAgent(new AgentStory().created()));
  const consumer = { snapshot: vi.fn(), latest: vi.fn() };
  const onData = consumeLatest<'prices'>(consumer);
  const snapshot = { type: 'snapshot' as const, reason: 'gap' as const, prices: [price] };

  onData({ id: 'e-1', data: snapshot });
  expect(consumer.snapshot.mock.calls).toEqual([[snapshot, 'e-1']]);
  expect(consumer.latest).not.toHaveBeenCalled();

  onData({ id: 'e-2', data: price });
  expect(consumer.latest.mock.calls).toEqual([[price, 'e-2']]);
  expect(consumer.snapshot).toHaveBeenCalledOnce();
});
