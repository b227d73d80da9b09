import { beforeEach, describe, expect, it } from 'vitest';
import { AuthCalls, httpUrl } from '../../shared/client/auth-calls.ts';
import { Inbox } from '../support/streams.ts';
import { ManualTimers } from './manual-timers.ts';

let timers: ManualTimers;
beforeEach(() => {
  timers = new ManualTimers();
});

const calls = (fetch: (url: string, init?: RequestInit) => Promise<Response>): AuthCalls =>
  new AuthCalls({
    url: 'ws://example.test/trpc',
    clock: timers,
    fetch: (input, init) => fetch(String(input), { signal: init?.signal ?? null }),
  });

const refusal = (status: number, details: object): Response =>
  new Response(
    JSON.stringify({
      error: { json: { code: -32001, message: 'no', data: { httpStatus: status, ...details } } },
    }),
    { status, headers: { 'content-type': 'application/json' } },
  );

describe('the answer to a refresh', () => {
  it.each([
    ['an answer', new Response(JSON.stringify({ result: { data: { json: 'tokens' } } })), 'tokens'],
    ['too many requests, from the door', new Response('too many requests', { status: 429 }), 'not_done'],
    ['too many requests, from the API', refusal(429, { code: 'TOO_MANY_REQUESTS' }), 'not_done'],
    ['a forbidden origin', new Response('no', { status: 403 }), 'not_done'],
    ['an overload', new Response('overloaded', { status: 503 }), 'not_done'],
    ['no such token', refusal(401, { code: 'UNAUTHORIZED', session: 'revoked' }), 'over'],
    ['what is no token at all', refusal(400, { code: 'BAD_REQUEST' }), 'over'],
    ['a failure', refusal(500, { code: 'INTERNAL_SERVER_ERROR' }), 'lost'],
    ['a proxy that lost it', new Response('<html>', { status: 502 }), 'lost'],
    ['what cannot be read', new Response('{"result":'), 'lost'],
  ])('%s', async (_what, response, kind) => {
    expect((await calls(async () => response).refresh('token')).kind).toBe(kind);
  });

  it('says why there are no more tokens', async () => {
    const revoked = calls(async () => refusal(401, { session: 'revoked' }));
    expect(await revoked.refresh('token')).toEqual({ kind: 'over', problem: 'revoked' });
    const odd = calls(async () => refusal(401, {}));
    expect(await odd.refresh('token')).toEqual({ kind: 'over', problem: 'invalid' });
  });

  it('is lost with the network, and when it takes too long', async () => {
    const broken = calls(() => Promise.reject(new TypeError('the network was lost')));
    expect(await broken.refresh('token')).toEqual({ kind: 'lost' });
    expect(await broken.reachable()).toBe(false);
    const asked = new Inbox<string>();
    const silent = calls(
      (url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
          asked.push(url);
        }),
    );
    const refreshing = silent.refresh('token');
    await asked.until((all) => all.length === 1);
    timers.advance(9_999);
    expect(timers.waiting).toBe(1);
    timers.advance(1);
    expect(await refreshing).toEqual({ kind: 'lost' });
    expect(timers.waiting).toBe(0);
  });
});

describe('the API over HTTP', () => {
  it('is where the WebSocket is', () => {
    expect(httpUrl('ws://localhost:3001/trpc')).toBe('http://localhost:3001/trpc');
    expect(httpUrl('wss://agent.fun/trpc?region=eu#x')).toBe('https://agent.fun/trpc');
  });
});
