// @vitest-environment happy-dom
import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import type { AppRouter } from '../../server/api/router.ts';
import { ConnectionEndedError, OUTDATED } from '../../shared/client/index.ts';
import { lamports, price } from '../../shared/units.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { allCandles, emptyCandles, reduceCandles } from '../../shared/views/candles.ts';
import { priceOf } from '../../shared/views/prices.ts';
import { carriedBy } from '../../web/agent/chart/carry.ts';
import { apiUrl, errorKind } from '../../web/api.ts';
import { type BoardAddress, PLAIN_BOARD } from '../../web/board/address.ts';
import { withGraduation, withNewAgents, withPrice } from '../../web/live/agent-rows.ts';
import { LiveCandles } from '../../web/live/candles.ts';
import { Frames } from '../../web/live/frames.ts';
import { stableKey } from '../../web/live/keys.ts';
import { boardPath, parseRoute } from '../../web/router.ts';
import { problemText } from '../../web/ui/problem-text.ts';
import { agentCreated, agentGraduated, tradeExecuted } from '../support/entries.ts';
import { frame, position, withFakeTime } from './fixture.tsx';

withFakeTime();

describe('keys of inputs', () => {
  it('are the same whatever the order of properties, and hold bigints', () => {
    expect(stableKey({ b: 1n, a: [{ d: 1, c: 2 }] })).toBe(stableKey({ a: [{ c: 2, d: 1 }], b: 1n }));
    expect(stableKey({ a: 1n })).not.toBe(stableKey({ a: '1' }));
    expect(stableKey({ a: 1n })).not.toBe(stableKey({ a: 1 }));
    expect(stableKey({ a: undefined })).toBe(stableKey({}));
  });
});

describe('addresses', () => {
  const at = (path: string) => parseRoute(new URL(path, 'http://localhost'));

  it('say what to show', () => {
    expect(at('/')).toEqual({ kind: 'board', ...PLAIN_BOARD });
    expect(at('/?sort=final_stretch')).toEqual({ kind: 'board', ...PLAIN_BOARD, sort: 'final_stretch' });
    expect(at('/?sort=nonsense&order=up&cap=-1&within=2h&quiet=1')).toEqual(at('/'));
    expect(at('/agent/12')).toEqual({ kind: 'agent', agentId: '12' });
    for (const path of ['/agent/0', '/agent/x', '/agent/', '/agents', '/agent/1/2']) {
      expect(at(path)).toMatchObject({ kind: 'not_found' });
    }
  });

  it('of the board keep all that is chosen there, and say nothing of what is as usual', () => {
    expect(boardPath()).toBe('/');
    const chosen: BoardAddress = {
      sort: 'graduated',
      rail: true,
      filter: { order: 'volume', minMarketCap: '50', minVolume: '10', within: '6h', hideQuiet: true },
    };
    expect(at(boardPath(chosen))).toEqual({ kind: 'board', ...chosen });
    expect(boardPath({ ...PLAIN_BOARD, filter: { ...PLAIN_BOARD.filter, within: '1h' } })).toBe(
      '/?within=1h',
    );
  });

  it('lead to the API on the same host', () => {
    expect(apiUrl({ protocol: 'https:', host: 'agent.test' })).toBe('wss://agent.test/trpc');
    expect(apiUrl({ protocol: 'http:', host: 'localhost:3001' })).toBe('ws://localhost:3001/trpc');
  });
});

describe('rows of the board', () => {
  const created = [3, 2, 1].map((id) => agentCreated(id, { agentId: `${id}` }));
  const listed = created.slice(1).map(createdAgent);

  it('have agents created since on top, once', () => {
    expect(withNewAgents(listed, created).map((agent) => agent.agentId)).toEqual(['3', '2', '1']);
    expect(withNewAgents([], created).map((agent) => agent.agentId)).toEqual(['3', '2', '1']);
    // An agent of a later page stays there.
    expect(withNewAgents(listed.slice(0, 1), created).map((agent) => agent.agentId)).toEqual(['3', '2']);
  });

  it('take the price only when it is newer', () => {
    const agent = createdAgent(agentCreated(5));
    const older = priceOf(reduceAgent(agent, tradeExecuted(4)));
    const newer = priceOf(reduceAgent(agent, tradeExecuted(6)));
    expect(withPrice(agent, undefined)).toBe(agent);
    expect(withPrice(agent, older)).toBe(agent);
    expect(withPrice(agent, newer)).toMatchObject({ price: newer.price, marketCap: newer.marketCap });
  });

  it('show a graduation', () => {
    const event = agentGraduated(9);
    const agent = withGraduation(createdAgent(agentCreated(5)), event);
    expect(agent.phase).toEqual({ kind: 'graduated', poolId: event.poolId, at: event.at });
    expect(withGraduation(agent, agentGraduated(12))).toBe(agent);
  });
});

describe('live candles', () => {
  const minute = Date.UTC(2026, 0, 1);
  const trades = [10n, 30n, 20n, 25n, 5n, 15n].map((amount, index) =>
    tradeExecuted(index + 2, { at: minute + index * 20_000, price: price(amount), sol: lamports(1n) }),
  );
  const expected = allCandles(trades.reduce(reduceCandles, emptyCandles('1m')));
  const agent = createdAgent(agentCreated(1));

  /** The query answers with the first `answered` trades; the channel's tape had the first `onTape`. */
  function run(answered: number, onTape: number, answerFirst: boolean) {
    const candles = new LiveCandles('1m', new Frames(), () => undefined);
    const answer = {
      candles: allCandles(trades.slice(0, answered).reduce(reduceCandles, emptyCandles('1m'))),
      seq: trades[answered - 1]?.seq ?? 1,
    };
    const tape = trades.slice(0, onTape).toReversed();
    if (answerFirst) candles.answer(answer);
    candles.onItem({
      id: position(onTape + 1),
      data: { type: 'snapshot', reason: 'start', agent, trades: tape },
    });
    for (const trade of trades.slice(onTape)) candles.onItem({ id: position(trade.seq), data: trade });
    if (!answerFirst) candles.answer(answer);
    frame();
    return candles.get();
  }

  it('are those of the whole log, whenever the answer comes and whatever it holds', () => {
    for (let answered = 0; answered <= trades.length; answered += 1) {
      for (let onTape = 0; onTape <= trades.length; onTape += 1) {
        expect(run(answered, onTape, false)).toEqual(expected);
        expect(run(answered, onTape, true)).toEqual(expected);
      }
    }
  });

  it('are the same objects as before, but for the newest, so that a drawn chart is only carried forward', () => {
    const candles = new LiveCandles('1m', new Frames(), () => undefined);
    candles.onItem({ id: position(1), data: { type: 'snapshot', reason: 'start', agent, trades: [] } });
    candles.answer({ candles: [], seq: 1 });
    frame();
    let drawn = candles.get() ?? [];
    for (const trade of trades) {
      candles.onItem({ id: position(trade.seq), data: trade });
      frame();
      const next = candles.get() ?? [];
      const last = drawn.at(-1);
      // The first candle is drawn; of the others the one that changed, and the one that was begun.
      const carried = carriedBy(drawn, next);
      const begun = last === undefined ? null : next.slice(drawn.length - 1);
      expect(carried).toEqual(begun);
      drawn = next;
    }
    expect(drawn).toEqual(expected);
    candles.answer({ candles: structuredClone([...drawn]), seq: 99 });
    frame();
    expect(carriedBy(drawn, candles.get() ?? [])).toBeNull();
  });

  it('are asked for again when trades were missed', () => {
    let asked = 0;
    const candles = new LiveCandles('1m', new Frames(), () => {
      asked += 1;
    });
    const data = { type: 'snapshot', agent, trades: [] } as const;
    candles.onItem({ id: position(1), data: { ...data, trades: [], reason: 'start' } });
    expect(asked).toBe(0);
    candles.onItem({ id: position(9), data: { ...data, trades: [], reason: 'gap' } });
    expect(asked).toBe(1);
  });
});

describe('an error', () => {
  const answered = (httpStatus: number) =>
    new TRPCClientError<AppRouter>('no', {
      result: { error: { code: -32603, message: 'no', data: { code: 'FORBIDDEN', httpStatus } } },
    });

  it('says whether asking again may help', () => {
    expect([404, 422].map((status) => errorKind(answered(status)))).toEqual(['refused', 'refused']);
    expect([408, 429, 500, 503].map((status) => errorKind(answered(status)))).toEqual(
      Array.from({ length: 4 }, () => 'passing'),
    );
    expect([401, 403].map((status) => errorKind(answered(status)))).toEqual(['shut_out', 'shut_out']);
    const unauthorized = (session: string) =>
      new TRPCClientError('', { result: { error: { data: { httpStatus: 401, session } } } });
    expect(errorKind(unauthorized('expired'))).toBe('passing');
    expect(errorKind(unauthorized('revoked'))).toBe('shut_out');
    expect(errorKind(TRPCClientError.from({ type: 'close' }))).toBe('passing');
    expect(errorKind(TRPCClientError.from(new ConnectionEndedError(4500, 'banned')))).toBe('shut_out');
  });

  it('is told in words that say what can be done, and what was refused in the server’s own', () => {
    const refused = (data: object, message = 'no') =>
      new TRPCClientError<AppRouter>(message, {
        result: { error: { code: -32603, message, data: { code: 'FORBIDDEN', httpStatus: 403, ...data } } },
      });
    const ended = (code: number) => TRPCClientError.from(new ConnectionEndedError(code, 'why not'));
    expect(problemText(ended(OUTDATED))).toBe('Agent.fun was updated. Reload to go on.');
    expect(problemText(ended(4500))).toBe('The server has ended the connection. Reload to try again.');
    expect(problemText(TRPCClientError.from({ type: 'close' }))).toBe('The server could not be reached.');
    expect(problemText(refused({ httpStatus: 404 }, 'There is no agent 99.'))).toBe('There is no agent 99.');
    expect(problemText(refused({ httpStatus: 500 }, 'undefined is not a function'))).toBe(
      'The server had a problem.',
    );
    expect(problemText(refused({ httpStatus: 401, session: 'none' }))).toBe('Sign in to see it.');
    expect(problemText(refused({ httpStatus: 401, session: 'revoked' }))).toContain('Sign in again');
    expect(problemText(refused({ httpStatus: 429, retryAfter: 1.2 }))).toContain('Try again in 2 s.');
    expect(problemText(new TypeError('x is not a function'))).toBe('Something went wrong on this page.');
  });
});
