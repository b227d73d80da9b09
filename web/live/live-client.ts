import type { RouterInputs } from '../../server/api/router.ts';
import type { Item, MessageOf } from '../../shared/channels.ts';
import type { ApiClient } from '../../shared/client/index.ts';
import type { AgentCreated, AgentGraduated, TradeExecuted } from '../../shared/events.ts';
import {
  type AgentDetailView,
  type PricesView,
  reduceAgentDetail,
  reduceGraduations,
  reduceNewAgents,
  reducePrices,
  reduceTrades,
} from '../../shared/views/channel-views.ts';
import { errorKind } from '../api.ts';
import type { Runtime, StreamObserver } from './channel.ts';
import { ChannelFamily } from './family.ts';

type InputOf<P extends keyof RouterInputs> = Omit<NonNullable<RouterInputs[P]>, 'lastEventId'>;
export type TradeFilter = InputOf<'onTrade'>;
export type PriceFilter = InputOf<'onPrice'>;
export type AgentSelector = InputOf<'onAgent'>;
type Nothing = Readonly<Record<string, never>>;

/** The live views of the market, one family of shared channels per subscription of the API. */
export interface LiveClient {
  readonly trades: ChannelFamily<TradeFilter, readonly TradeExecuted[], MessageOf<'trades'>>;
  readonly prices: ChannelFamily<PriceFilter, PricesView, MessageOf<'prices'>>;
  readonly agent: ChannelFamily<AgentSelector, AgentDetailView | null, MessageOf<'agent'>>;
  readonly graduations: ChannelFamily<Nothing, readonly AgentGraduated[], MessageOf<'graduations'>>;
  readonly newAgents: ChannelFamily<Nothing, readonly AgentCreated[], MessageOf<'agents'>>;
}

/** The subscriptions it needs of the API's client. */
export type Subscriptions = Pick<
  ApiClient,
  'onTrade' | 'onPrice' | 'onAgent' | 'onGraduation' | 'onAgentCreated'
>;

export function createLiveClient(api: Subscriptions, runtime: Runtime): LiveClient {
  return {
    trades: new ChannelFamily(
      {
        initial: [],
        reduce: reduceTrades,
        open: (filter, lastEventId, observer) =>
          api.onTrade.subscribe({ ...filter, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    prices: new ChannelFamily(
      {
        initial: new Map(),
        reduce: reducePrices,
        open: (filter, lastEventId, observer) =>
          api.onPrice.subscribe({ ...filter, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    agent: new ChannelFamily(
      {
        initial: null,
        reduce: reduceAgentDetail,
        open: (selector, lastEventId, observer) =>
          api.onAgent.subscribe({ ...selector, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    graduations: new ChannelFamily(
      {
        initial: [],
        reduce: reduceGraduations,
        open: (_input, lastEventId, observer) =>
          api.onGraduation.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    newAgents: new ChannelFamily(
      {
        initial: [],
        reduce: reduceNewAgents,
        open: (_input, lastEventId, observer) =>
          api.onAgentCreated.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
  };
}

/** A channel's observer as the callbacks of a tRPC subscription. */
function callbacks<M>({ onItem, onError, onEnd }: StreamObserver<M>) {
  return {
    onData: (item: Item<M>) => onItem(item),
    onError: (error: { readonly message: string }) =>
      onError({ message: error.message, kind: errorKind(error) }),
    onComplete: onEnd,
  };
}
