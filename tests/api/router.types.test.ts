import type { createTRPCClient } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { Receipt } from '../../server/api/orders.ts';
import type { AppRouter, Caller, RouterInputs, RouterOutputs } from '../../server/api/router.ts';
import type { ChannelKind, MessageOf } from '../../shared/channels.ts';
import { consumeEvery, consumeLatest } from '../../shared/consume.ts';
import type { AgentGraduated, Staked, TradeExecuted, Unstaked, VaultWithdrawn } from '../../shared/events.ts';
import type { VaultId } from '../../shared/ids.ts';
import type { AccountView, Activity, VaultSummary } from '../../shared/platform-schemas.ts';
import type { Lamports, Rate, Shares, TokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

type Client = ReturnType<typeof createTRPCClient<AppRouter>>;
/** A part of the items that a subscription gives. */
type PartOf<P, Name extends 'id' | 'data'> = P extends (
  ...args: never[]
) => Promise<AsyncIterable<infer T extends Record<Name, unknown>>>
  ? T[Name]
  : never;

/** Every subscription and the channel that it carries; one that is missing here fails the type check. */
interface Subscriptions {
  onTrade: 'trades';
  onPrice: 'prices';
  onGraduation: 'graduations';
  onAgentCreated: 'agents';
  onAgent: 'agent';
  onKing: 'kings';
  onActivity: 'activities';
  onOlympics: 'olympics';
  onStaking: 'staking';
  onVaults: 'vaults';
  onVault: 'vault';
  onAccount: 'account';
}

type Procedures = AppRouter['_def']['procedures'];
/** Of those that are in no router of their own, as those of `auth` are. */
type NamesOf<Type> = {
  [P in keyof Procedures]: Procedures[P] extends { readonly _def: { readonly type: Type } } ? P : never;
}[keyof Procedures];

describe('the types of the API', () => {
  it('has one subscription per channel', () => {
    expectTypeOf<NamesOf<'subscription'>>().toEqualTypeOf<keyof Subscriptions>();
    expectTypeOf<Subscriptions[keyof Subscriptions]>().toEqualTypeOf<ChannelKind>();
  });

  it('mutations carry an order id and answer with a receipt', () => {
    type Mutations = NamesOf<'mutation'>;
    expectTypeOf<{ [P in Mutations]: RouterInputs[P]['clientOrderId'] }>().toEqualTypeOf<
      Record<Mutations, string>
    >();
    expectTypeOf<{
      [P in Mutations]: Pick<RouterOutputs[P], 'receipt' | 'repeated'>;
    }>().toEqualTypeOf<Record<Mutations, { receipt: Receipt; repeated: boolean }>>();
    expectTypeOf<RouterOutputs['stake']['staked']>().toEqualTypeOf<Staked>();
    expectTypeOf<RouterOutputs['unstake']['unstaked']>().toEqualTypeOf<Unstaked>();
    expectTypeOf<RouterOutputs['claimRewards']['claim']['sol']>().toEqualTypeOf<Lamports>();
    expectTypeOf<RouterOutputs['createVault']['vault']['vaultId']>().toEqualTypeOf<VaultId>();
    expectTypeOf<RouterOutputs['vaultDeposit']['deposit']['shares']>().toEqualTypeOf<Shares>();
    expectTypeOf<RouterOutputs['vaultWithdraw']['withdrawal']>().toEqualTypeOf<VaultWithdrawn>();
    expectTypeOf<RouterOutputs['vaultBuy']>().toEqualTypeOf<RouterOutputs['buy']>();
    expectTypeOf<RouterOutputs['vaultSell']>().toEqualTypeOf<RouterOutputs['sell']>();
  });

  it('queries of the platform show its views', () => {
    expectTypeOf<NonNullable<RouterOutputs['king']['king']>['agent']>().toEqualTypeOf<AgentView>();
    expectTypeOf<RouterOutputs['activities']['activities']>().toEqualTypeOf<readonly Activity[]>();
    expectTypeOf<RouterOutputs['vaults']['vaults']>().toEqualTypeOf<VaultSummary[]>();
    expectTypeOf<RouterOutputs['account']['account']>().toEqualTypeOf<AccountView>();
    expectTypeOf<RouterOutputs['stakes']['stakes'][number]['claimable']>().toEqualTypeOf<Lamports>();
  });

  it('inputs take plain values, outputs are branded', () => {
    expectTypeOf<RouterInputs['sell']['tokens']>().toEqualTypeOf<bigint>();
    expectTypeOf<RouterInputs['buy']['exact']>().toEqualTypeOf<'sol' | 'tokens'>();
    expectTypeOf<RouterOutputs['quote']['walletSol']>().toEqualTypeOf<Lamports>();
    expectTypeOf<RouterOutputs['quote']['fill']['tokens']>().toEqualTypeOf<TokenUnits>();
    expectTypeOf<RouterOutputs['buy']['trade']>().toEqualTypeOf<TradeExecuted>();
    expectTypeOf<RouterOutputs['buy']['graduation']>().toEqualTypeOf<AgentGraduated | null>();
  });

  it('a subscription gives its channel’s messages, to a caller and to a client alike', () => {
    expectTypeOf<{
      [P in keyof Subscriptions]: PartOf<Caller[P], 'data'>;
    }>().toEqualTypeOf<{ [P in keyof Subscriptions]: MessageOf<Subscriptions[P]> }>();
    expectTypeOf<{ [P in keyof Subscriptions]: PartOf<Caller[P], 'id'> }>().toEqualTypeOf<
      Record<keyof Subscriptions, string>
    >();
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
      client.onVaults.subscribe(undefined, {
        onData: consumeLatest<'vaults'>({ snapshot: () => undefined, latest: () => undefined }),
      });
      client.onAccount.subscribe(undefined, {
        onData: consumeEvery<'account'>({ snapshot: () => undefined, event: () => undefined }),
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
        case 'staked':
        case 'unstaked':
          expectTypeOf(data).toEqualTypeOf<Staked | Unstaked>();
          break;
        case 'rewards_claimed':
          expectTypeOf(data.rewardPerUnit).toEqualTypeOf<Rate>();
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
