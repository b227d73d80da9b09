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
 * The stock client sends what has waited for a socket one turn after it has opened. When the server's close frame has come
 * by then, that fails with "not open", before the close tells why.
 */
async function askWhileItCloses() {
  const { client, close } = createClient({ url: 'ws://test', WebSocket: FakeSocket, random: () => 0.5 });
  const query = errorOf(client.agents.query({}));
  let failed = false;
  void query.then(() => {
    failed = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  const socket = FakeSocket.at(0);
  socket.opened();
  socket.readyState = 2;
  await vi.advanceTimersByTimeAsync(100);
  expect(failed).toBe(false);
  expect(socket.sent).toEqual([]);
  return { query, socket, close };
}

it('what cannot be sent any more fails with the reason for which the connection ends', async () => {
  const { query, socket } = await askWhileItCloses();
  socket.closed(4501, 'built for another contract');
  expect(causeOf(await query, ConnectionEndedError)).toMatchObject({ code: 4501 });
});

it('and as it is when the connection does not end with that', async () => {
  const { query, socket, close } = await askWhileItCloses();
  socket.closed(1012, 'restarting');
  expect((await query).message).toBe('Active connection is not open');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(FakeSocket.made.length).toBeGreaterThan(1);
  const closed = close();
  await vi.runAllTimersAsync();
  await closed;
});
