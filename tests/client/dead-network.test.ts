import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../../shared/client/index.ts';
import { FakeSocket } from './fake-socket.ts';
import { statesOf } from './fixture.ts';

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

/** A browser knows no `terminate`: it stays in `CLOSING` for as long as it likes, and says so when it is over. */
it('a socket whose goodbye is not answered is taken for closed, once', async () => {
  const { client, state, close } = createClient({
    url: 'ws://test',
    WebSocket: FakeSocket,
    random: () => 0.5,
    keepAlive: { pingAfterMs: 4_000, pongWithinMs: 6_000 },
  });
  const states = statesOf(state);
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.at(0).opened();
  const query = client.agents.query({}).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeSocket.at(0).sent).toHaveLength(1);
  // Silence, a PING, no PONG, a close frame, no answer.
  await vi.advanceTimersByTimeAsync(10_000);
  expect(FakeSocket.at(0).sent).toContain('PING');
  expect(FakeSocket.at(0).readyState).toBe(2);
  expect(state.get()).toEqual({ kind: 'open' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await query).toBeInstanceOf(Error);
  expect(state.get()).toMatchObject({ kind: 'reconnecting', attempt: 1 });
  await vi.advanceTimersByTimeAsync(500);
  FakeSocket.at(1).opened();
  await vi.advanceTimersByTimeAsync(0);
  // The browser has given up by now, too.
  FakeSocket.at(0).closed(1006);
  // There still is one to serve while its replacement is on its way.
  FakeSocket.at(1).heard({ id: null, method: 'reconnect' });
  expect(vi.getTimerCount()).toBeGreaterThan(1);
  expect(states.items.map(({ kind }) => kind)).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  const closed = close();
  await vi.runAllTimersAsync();
  await closed;
  expect(FakeSocket.made).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});

it('nor is one waited for whose handshake never ends', async () => {
  /** Does not even say that it gave up. */
  class MuteSocket extends FakeSocket {
    override close(): void {}
  }
  const { state, close } = createClient({ url: 'ws://test', WebSocket: MuteSocket, random: () => 0.5 });
  await vi.advanceTimersByTimeAsync(0);
  await vi.advanceTimersByTimeAsync(10_999);
  expect(state.get()).toEqual({ kind: 'connecting' });
  await vi.advanceTimersByTimeAsync(1);
  expect(state.get()).toMatchObject({ kind: 'reconnecting', attempt: 1 });
  await vi.advanceTimersByTimeAsync(500);
  expect(FakeSocket.made).toHaveLength(2);
  const closed = close();
  await vi.runAllTimersAsync();
  await closed;
});
