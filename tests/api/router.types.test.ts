import type { createTRPCClient } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { AppRouter, Caller, RouterInputs, RouterOutputs } from '../../server/api/router.ts';
import type { MessageOf } from '../../shared/channels.ts';
import { consumeLatest } from '../../shared/consume.ts';
import type { AgentGraduated, TradeExecuted } from '../../shared/events.ts';
import type { Lamports, TokenUnits } from '../../shared/units.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

type Client = ReturnType<typeof createTRPCClient<AppRouter>>;
type ItemOf<P> = P extends (...args: never[]) => Promise<AsyncIterable<infer T>> ? T : never;
describe('the types of the API', () => {
  it('inputs take plain values, outputs are branded', () => {
    expectTypeOf<RouterInputs['sell']['tokens']>().toEqualTypeOf<bigint>();
    expectTypeOf<RouterInputs['buy']['exact']>().toEqualTypeOf<'sol' | 'tokens'>();
    expectTypeOf<RouterOutputs['quote']['walletSol']>().toEqualTypeOf<Lamports>();
    expectTypeOf<RouterOutputs['quote']['fill']['tokens']>().toEqualTypeOf<TokenUnits>();
    expectTypeOf<RouterOutputs['buy']['trade']>().toEqualTypeOf<TradeExecuted>();
    expectTypeOf<RouterOutputs['buy']['graduation']>().toEqualTypeOf<AgentGraduated | null>();
  });

  it('a subscription gives its channel’s messages, to a caller and to a client alike', () => {
    expectTypeOf<ItemOf<Caller['onTrade']>['data']>().toEqualTypeOf<MessageOf<'trades'>>();
    expectTypeOf<ItemOf<Caller['onPrice']>['data']>().toEqualTypeOf<MessageOf<'prices'>>();
    expectTypeOf<ItemOf<Caller['onAgent']>['data']>().toEqualTypeOf<MessageOf<'agent'>>();
    expectTypeOf<ItemOf<Caller['onTrade']>['id']>().toEqualTypeOf<string>();
    // Only its types matter: it is never called.
    const clientSide = (client: Client) => {
      client.onTrade.subscribe(undefined, {
        onData: ({ id, data }) => {
          expectTypeOf(id).toEqualTypeOf<string>();
          expectTypeOf(data).toEqualTypeOf<MessageOf<'trades'>>();
        },
      });
      client.onPrice.subscribe(undefined, {
        onData: consumeLatest<'prices'>({ snapshot: () => undefined, latest: () => undefined }),
      });
    };
    expectTypeOf(clientSide).returns.toBeVoid();
  });
});

describe('what a direct caller gets', () => {
  let market: TestMarket;
  beforeEach(async () => {
    market = await openMarket();
  });
  afterEach(() => market.app.close());

  it('has the shape its type promises, and narrows by type', async () => {
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const stream = await market.app.caller().onAgent({ agentId: agent });
    const seen: string[] = [];
    for await (const { id, data } of stream) {
      seen.push(id);
      switch (data.type) {
        case 'snapshot':
          expectTypeOf(data.trades).toEqualTypeOf<TradeExecuted[]>();
          expect(data.agent.symbol).toBe('ONE');
          await market.buy(ann, agent);
          break;
        case 'trade_executed':
          expectTypeOf(data.side).toEqualTypeOf<'buy' | 'sell'>();
          expect(data.trader).toBe(ann);
          break;
        case 'agent_graduated':
          expectTypeOf(data).toEqualTypeOf<AgentGraduated>();
          break;
        default:
          expectTypeOf(data).toBeNever();
      }
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([`${market.log.epoch}-2`, `${market.log.epoch}-3`]);
  });

  it('ends when the market closes', async () => {
    const stream = await market.app.caller().onGraduation();
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await market.app.close();
    expect((await waiting).done).toBe(true);
  });

  it('resumes with lastEventId', async () => {
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const { receipt } = await market.buy(ann, agent);
    const second = await market.buy(ann, agent);
    const stream = await market.app.caller().onTrade({ lastEventId: receipt.position });
    for await (const { id, data } of stream) {
      expect(id).toBe(second.receipt.position);
      expect(data.type).toBe('trade_executed');
      break;
    }
  });
});
