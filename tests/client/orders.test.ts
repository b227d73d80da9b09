import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type ConnectedClient, causeOf, createClient, UnansweredError } from '../../shared/client/index.ts';
import type { AgentId } from '../../shared/ids.ts';
import { sol, tokens } from '../../shared/units.ts';
import { errorOf, isOpen, statesOf } from './fixture.ts';
import { ManualTimers } from './manual-timers.ts';
import { MarketServer } from './market-server.ts';

let server: MarketServer;
let timers: ManualTimers;
let connected: ConnectedClient;
let agentId: AgentId;

beforeEach(async () => {
  server = await MarketServer.open();
  agentId = await server.market.createAgent('ONE');
  timers = new ManualTimers();
  connected = createClient({
    url: server.url,
    WebSocket,
    clock: timers,
    backoff: { firstMs: 0, longestMs: 0 },
    random: () => 0.5,
  });
  await statesOf(connected.state).until(isOpen);
});
afterEach(async () => {
  await connected.close();
  await server[Symbol.asyncDispose]();
});

const order = () => ({
  clientOrderId: server.market.orderId(),
  agentId,
  exact: 'sol' as const,
  sol: sol('0.5'),
});

/** What the market has, whatever the client was told. */
async function holdings() {
  const { trader, market } = server;
  const { sol: left, holdings: held } = await market.app.caller().portfolio({ wallet: trader });
  const { trades } = await market.app.caller().trades({});
  return { left, tokens: held.map((holding) => holding.tokens), trades: trades.length };
}

/** Goes through the retries' delays as they are asked for: 100 ms, 200 ms, … for the draw of 0.5. */
async function throughDelay(ms: number): Promise<void> {
  await timers.asked.until((asked) => asked.includes(ms));
  timers.advance(ms);
}

describe('an order whose answer is lost', () => {
  it('is carried out once, and the answer to its repetition says so', async () => {
    const { market, proxy } = server;
    // The buy is on disk and shown, and its answer has not left: the network fails.
    const leave = market.app.bus.on('trade_executed', () => proxy.cut());
    const bought = connected.client.buy.mutate(order());
    await throughDelay(100);
    const { trade, repeated } = await bought;
    leave();
    expect(repeated).toBe(true);
    expect(proxy.connections).toBe(2);
    expect(await holdings()).toEqual({
      left: sol('1000') - trade.sol - trade.protocolFee - trade.creatorFee,
      tokens: [trade.tokens],
      trades: 1,
    });
  });
});

describe('an order that is refused', () => {
  it('is not asked again', async () => {
    const { market } = server;
    const error = await errorOf(
      connected.client.sell.mutate({ clientOrderId: market.orderId(), agentId, tokens: tokens('1') }),
    );
    expect(error.data).toMatchObject({ rejection: { reason: 'insufficient_tokens' } });
    expect(timers.asked.items).not.toContain(100);
  });
});

describe('an order while the market cannot write', () => {
  it.each([
    ['when nothing was stored', false],
    ['though it was stored', true],
  ])('is asked again and carried out once, %s', async (_, stored) => {
    server.market.log.failNextAppend('unknown', stored);
    const bought = connected.client.buy.mutate(order());
    await throughDelay(100);
    const answer = await bought;
    expect(answer.repeated).toBe(stored);
    expect(await holdings()).toMatchObject({ tokens: [answer.trade.tokens], trades: 1 });
    expect(server.market.problems).toMatchObject([
      { message: 'the market lost its state and folds the log anew' },
    ]);
  });
});

describe('an order while there is no connection', () => {
  it('is sent when there is one again', async () => {
    const states = statesOf(connected.state);
    server.disconnect();
    await states.until((all) => all.at(-1)?.kind === 'reconnecting');
    const bought = connected.client.buy.mutate(order());
    server.reconnect();
    expect(await bought).toMatchObject({ repeated: false });
    expect(await holdings()).toMatchObject({ trades: 1 });
  });

  it('is never sent after its deadline', async () => {
    const states = statesOf(connected.state);
    server.disconnect();
    await states.until((all) => all.at(-1)?.kind === 'reconnecting');
    const input = order();
    const late = errorOf(connected.client.buy.mutate(input, { context: { deadlineMs: 3_000 } }));
    const patient = connected.client.buy.mutate(order());
    timers.advance(3_000);
    const error = await late;
    expect(causeOf(error, UnansweredError)).toMatchObject({ why: 'deadline', outcome: 'never_sent' });
    expect(error.message).toBe('buy had no answer within 3000 ms. It was never sent.');
    server.reconnect();
    expect(await patient).toMatchObject({ repeated: false });
    expect(await holdings()).toMatchObject({ trades: 1 });
    // Its id is still free.
    expect(await connected.client.buy.mutate(input)).toMatchObject({ repeated: false });
  });
});

describe('subscriptions and queries', () => {
  it('work beside them over the same socket, and after a loss', async () => {
    const ids: string[] = [];
    const subscription = connected.client.onAgent.subscribe(
      { agentId },
      { onData: ({ id }) => ids.push(id) },
    );
    const first = await connected.client.buy.mutate(order());
    expect(await connected.client.agent.query({ agentId })).toMatchObject({ agentId });
    const states = statesOf(connected.state);
    server.proxy.cut();
    await states.until((all) => all.some(({ kind }) => kind === 'reconnecting'));
    const second = await connected.client.buy.mutate(order());
    await expect.poll(() => ids.at(-1)).toBe(second.receipt.position);
    expect(ids.slice(-2)).toEqual([first.receipt.position, second.receipt.position]);
    subscription.unsubscribe();
  });
});
