import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConnectionEndedError, causeOf, createClient } from '../../shared/client/index.ts';
import { FakeSocket } from './fake-socket.ts';
import { errorOf } from './fixture.ts';

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * The stock client allows itself to reconnect again whenever a request that waits for its turn finds no open socket, also
 * after it was closed. Here a reconnect is under way, as the server has asked for one, when a request is made, and the
 * final close comes before its turn.
 */
it('a request that was waiting does not bring a client back that has ended', async () => {
  const { client, state } = createClient({ url: 'ws://test', WebSocket: FakeSocket, random: () => 0.5 });
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.at(0).opened();
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.at(0).heard({ id: null, method: 'reconnect' });
  await vi.advanceTimersByTimeAsync(100);
  const query = errorOf(client.agents.query({}));
  FakeSocket.at(0).closed(4500, 'banned');
  expect(causeOf(await query, ConnectionEndedError)).toMatchObject({ code: 4500 });
  // Would go on for ever if one attempt led to another.
  await vi.runAllTimersAsync();
  expect(state.get()).toEqual({ kind: 'ended', code: 4500, reason: 'banned' });
  expect(FakeSocket.made.map(({ readyState }) => readyState)).toEqual([3]);
  expect(vi.getTimerCount()).toBe(0);
});
