import type { RouterInputs } from '../../server/api/router.ts';
import type { Item, MessageOf } from '../../shared/channels.ts';
import type { ApiClient } from '../../shared/client/index.ts';
import type { AgentCreated, AgentGraduated, KingChanged, TradeExecuted } from '../../shared/events.ts';
import type { AccountView, Activity, VaultSummary } from '../../shared/platform-schemas.ts';
import { reduceAccount } from '../../shared/views/account.ts';
import {
  type AgentDetailView,
  type OlympicsView,
  type PricesView,
  reduceActivities,
  reduceAgentDetail,
  reduceGraduations,
  reduceKings,
  reduceNewAgents,
  reduceOlympics,
  reducePrices,
  reduceStaking,
  reduceTrades,
  reduceVaults,
  type StakePoolsView,
} from '../../shared/views/channel-views.ts';
import { provesAgent } from '../../shared/views/proof.ts';
import { reduceVault, type VaultView } from '../../shared/views/vault.ts';
import { errorKind } from '../api.ts';
import type { Runtime, StreamObserver } from './channel.ts';
import { ChannelFamily } from './family.ts';

type InputOf<P extends keyof RouterInputs> = Omit<NonNullable<RouterInputs[P]>, 'lastEventId'>;
export type TradeFilter = InputOf<'onTrade'>;
export type PriceFilter = InputOf<'onPrice'>;
export type AgentSelector = InputOf<'onAgent'>;
export type ActivityFilter = InputOf<'onActivity'>;
export type StakingFilter = InputOf<'onStaking'>;
export type VaultSelector = InputOf<'onVault'>;
/** The server knows it by the connection. */
export interface SessionOfAccount {
  readonly sessionId: string;
}
type Nothing = Readonly<Record<string, never>>;

/** The live views of the market, one family of shared channels per subscription of the API. */
export interface LiveClient {
  readonly trades: ChannelFamily<TradeFilter, readonly TradeExecuted[], MessageOf<'trades'>>;
  readonly prices: ChannelFamily<PriceFilter, PricesView, MessageOf<'prices'>>;
  readonly agent: ChannelFamily<AgentSelector, AgentDetailView | null, MessageOf<'agent'>>;
  readonly graduations: ChannelFamily<Nothing, readonly AgentGraduated[], MessageOf<'graduations'>>;
  readonly newAgents: ChannelFamily<Nothing, readonly AgentCreated[], MessageOf<'agents'>>;
  readonly kings: ChannelFamily<Nothing, readonly KingChanged[], MessageOf<'kings'>>;
  readonly activities: ChannelFamily<ActivityFilter, readonly Activity[], MessageOf<'activities'>>;
  readonly olympics: ChannelFamily<Nothing, OlympicsView, MessageOf<'olympics'>>;
  readonly staking: ChannelFamily<StakingFilter, StakePoolsView, MessageOf<'staking'>>;
  readonly vaults: ChannelFamily<Nothing, readonly VaultSummary[], MessageOf<'vaults'>>;
  readonly vault: ChannelFamily<VaultSelector, VaultView | null, MessageOf<'vault'>>;
  /** Of the wallet that the connection speaks for: of another session it is another channel. */
  readonly account: ChannelFamily<SessionOfAccount, AccountView | null, MessageOf<'account'>>;
}

/** The subscriptions it needs of the API's client. */
export type Subscriptions = Pick<
  ApiClient,
  | 'onTrade'
  | 'onPrice'
  | 'onAgent'
  | 'onGraduation'
  | 'onAgentCreated'
  | 'onKing'
  | 'onActivity'
  | 'onOlympics'
  | 'onStaking'
  | 'onVaults'
  | 'onVault'
  | 'onAccount'
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
        proves: (view, message) => provesAgent(view?.agent ?? null, message),
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
    kings: new ChannelFamily(
      {
        initial: [],
        reduce: reduceKings,
        open: (_input, lastEventId, observer) => api.onKing.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    activities: new ChannelFamily(
      {
        initial: [],
        reduce: reduceActivities,
        open: (filter, lastEventId, observer) =>
          api.onActivity.subscribe({ ...filter, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    olympics: new ChannelFamily(
      {
        initial: { season: null, last: null },
        reduce: reduceOlympics,
        open: (_input, lastEventId, observer) =>
          api.onOlympics.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    staking: new ChannelFamily(
      {
        initial: new Map(),
        reduce: reduceStaking,
        open: (filter, lastEventId, observer) =>
          api.onStaking.subscribe({ ...filter, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    vaults: new ChannelFamily(
      {
        initial: [],
        reduce: reduceVaults,
        open: (_input, lastEventId, observer) => api.onVaults.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    vault: new ChannelFamily(
      {
        initial: null,
        reduce: reduceVault,
        open: (selector, lastEventId, observer) =>
          api.onVault.subscribe({ ...selector, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    account: new ChannelFamily(
      {
        initial: null,
        reduce: reduceAccount,
        open: (_session, lastEventId, observer) =>
          api.onAccount.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
  };
}

/** A channel's observer as the callbacks of a tRPC subscription. */
function callbacks<M>({ onStart, onItem, onError, onEnd }: StreamObserver<M>) {
  return {
    onStarted: onStart,
    onData: (item: Item<M>) => onItem(item),
    onError: (error: { readonly message: string }) =>
      onError({ message: error.message, kind: errorKind(error) }),
    onComplete: onEnd,
  };
}
