import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../shared/client/clock.ts';
import {
  type ClientOptions,
  type ConnectedClient,
  createClient,
  memoryStorage,
} from '../../shared/client/index.ts';
import { FakeSocket } from './fake-socket.ts';
import { statesOf } from './fixture.ts';

let connected: ConnectedClient;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made.length = 0;
  connected = connect();
});
afterEach(async () => {
  const closed = connected.close();
  await vi.runAllTimersAsync();
  await closed;
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A client whose delays are half of their bounds: 250 ms, 500 ms, 1 s and so on. */
function connect(session: ClientOptions['session'] = {}): ConnectedClient {
  const clock = { ...systemClock, now: () => Date.now() };
  return createClient({ url: 'ws://test', WebSocket: FakeSocket, clock, random: () => 0.5, session });
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** How many sockets were made once everything has happened that is due. */
async function made(): Promise<number> {
  await pass(0);
  return FakeSocket.made.length;
}

/** How long the client says that it will wait, and before which attempt. */
function waits(): unknown {
  const state = connected.state.get();
  return state.kind === 'reconnecting' ? [state.attempt, state.retryAt - Date.now()] : state.kind;
}

async function open(index: number): Promise<void> {
  await pass(0);
  FakeSocket.at(index).opened();
  await pass(0);
}

/** The client has lost its first connection. */
async function lose(): Promise<void> {
  await open(0);
  FakeSocket.at(0).closed(1006);
  await pass(0);
}

describe('a client that waits to reconnect', () => {
  it('waits as long as it says', async () => {
    await lose();
    expect(waits()).toEqual([1, 250]);
    await pass(249);
    expect(await made()).toBe(1);
    await pass(1);
    expect(await made()).toBe(2);
    await open(1);
    expect(waits()).toBe('open');
  });

  it('tries at once when hurried, and says so', async () => {
    await lose();
    connected.hurry();
    expect(waits()).toEqual([1, 0]);
    expect(await made()).toBe(2);
    await open(1);
    expect(waits()).toBe('open');
    await pass(1_000);
    expect(await made()).toBe(2);
  });

  it('makes one attempt at a time, however often it is hurried', async () => {
    await lose();
    const states = statesOf(connected.state);
    const flood = async () => {
      for (let count = 0; count < 50; count += 1) {
        connected.hurry();
        if (count % 10 === 0) await pass(1);
      }
    };
    await flood();
    expect(await made()).toBe(2);
    FakeSocket.at(1).closed(1006);
    await pass(0);
    await flood();
    expect(await made()).toBe(3);
    // What it says of each attempt: when it was to be, and that it is.
    expect(states.items.map((state) => state.kind === 'reconnecting' && state.attempt)).toEqual([1, 1, 2, 2]);
  });

  it('goes on with its delays from where they were', async () => {
    await lose();
    connected.hurry();
    await pass(0);
    FakeSocket.at(1).closed(1006);
    await pass(0);
    expect(waits()).toEqual([2, 500]);
    await pass(499);
    expect(await made()).toBe(2);
    await pass(1);
    expect(await made()).toBe(3);
  });

  it.each([1006, 1012])('may be hurried by whoever hears that it waits, after code %i', async (code) => {
    await open(0);
    connected.state.subscribe(connected.hurry);
    FakeSocket.at(0).closed(code);
    expect(await made()).toBe(2);
  });

  it('has its calls answered over the connection that it was hurried to', async () => {
    await lose();
    const answered = connected.client.king.query();
    connected.hurry();
    await open(1);
    await pass(1);
    expect(FakeSocket.at(1).sent).toHaveLength(1);
    FakeSocket.at(1).heard({ id: 1, result: { type: 'data', data: { json: null } } });
    expect(await answered).toBeNull();
  });
});

describe('hurry does nothing', () => {
  it('while the first attempt is under way', async () => {
    connected.hurry();
    await pass(0);
    connected.hurry();
    expect(await made()).toBe(1);
    expect(waits()).toBe('connecting');
  });

  it('while a later attempt is', async () => {
    await lose();
    await pass(250);
    const states = statesOf(connected.state);
    connected.hurry();
    expect(await made()).toBe(2);
    expect(states.items).toHaveLength(1);
  });

  it('while there is a connection', async () => {
    await open(0);
    connected.hurry();
    await pass(1_000);
    expect(await made()).toBe(1);
    expect(waits()).toBe('open');
  });

  it('while the connection serves that the server wants replaced, until it is lost', async () => {
    await open(0);
    FakeSocket.at(0).heard({ id: null, method: 'reconnect' });
    await pass(100);
    connected.hurry();
    expect(await made()).toBe(1);
    expect(waits()).toBe('open');
    FakeSocket.at(0).closed(1006);
    await pass(0);
    expect(waits()).toEqual([1, 150]);
    connected.hurry();
    expect(await made()).toBe(2);
  });

  it('once the client is closed, and no socket opens after that', async () => {
    await lose();
    await connected.close();
    await pass(0);
    // Nothing is left of the wait.
    expect(vi.getTimerCount()).toBe(0);
    connected.hurry();
    await vi.runAllTimersAsync();
    expect(await made()).toBe(1);
    expect(waits()).toBe('ended');
  });

  it('once the server has refused it for good', async () => {
    await open(0);
    FakeSocket.at(0).closed(4500, 'banned');
    connected.hurry();
    await vi.runAllTimersAsync();
    expect(await made()).toBe(1);
    expect(connected.state.get()).toEqual({ kind: 'ended', code: 4500, reason: 'banned' });
  });
});

it('a client that is closed while it waits to replace its connection opens no other', async () => {
  await open(0);
  FakeSocket.at(0).heard({ id: null, method: 'reconnect' });
  await pass(100);
  const closed = connected.close();
  FakeSocket.at(0).closed(1000);
  await closed;
  await vi.runAllTimersAsync();
  expect(await made()).toBe(1);
});

it('a client that is signed out changes its connection without a wait', async () => {
  const storage = memoryStorage();
  const lastsMs = 15 * 60_000;
  storage.save({
    sessionId: 'one',
    wallet: 'ann',
    operator: false,
    accessToken: 'access',
    goodUntil: Date.now() + lastsMs,
    lastsMs,
    refreshToken: 'refresh',
  });
  const nobody = connected.close();
  await vi.runAllTimersAsync();
  await nobody;
  FakeSocket.made.length = 0;
  connected = connect({ storage, fetch: () => Promise.reject(new TypeError('there is no network')) });
  await open(0);
  void connected.session.signOut();
  FakeSocket.at(0).closed(1000);
  await pass(0);
  expect(waits()).toEqual([0, 0]);
  expect(await made()).toBe(2);
});
