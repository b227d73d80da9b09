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
import { problemText } from '../ui/problem-text.ts';
import type { Runtime, StreamObserver } from './channel.ts';
import { ChannelFamily } from './family.ts';

/** What is asked for, without what the client adds; an input that may be left out is `void` to tRPC, which has no properties. */
type InputOf<P extends keyof RouterInputs> = Omit<Extract<RouterInputs[P], object>, 'lastEventId'>;
export type TradeFilter = InputOf<'onTrade'>;
/** The server knows it by the connection. */
export interface SessionOfAccount {
  readonly sessionId: string;
}
type Nothing = Readonly<Record<string, never>>;

/** The API's subscriptions as the page has them: what is asked for, what is shown, and what the server sends. */
interface LiveChannels {
  readonly trades: Shape<TradeFilter, readonly TradeExecuted[], MessageOf<'trades'>>;
  readonly prices: Shape<InputOf<'onPrice'>, PricesView, MessageOf<'prices'>>;
  readonly agent: Shape<InputOf<'onAgent'>, AgentDetailView | null, MessageOf<'agent'>>;
  readonly graduations: Shape<Nothing, readonly AgentGraduated[], MessageOf<'graduations'>>;
  readonly newAgents: Shape<Nothing, readonly AgentCreated[], MessageOf<'agents'>>;
  readonly kings: Shape<Nothing, readonly KingChanged[], MessageOf<'kings'>>;
  readonly activities: Shape<InputOf<'onActivity'>, readonly Activity[], MessageOf<'activities'>>;
  readonly olympics: Shape<Nothing, OlympicsView, MessageOf<'olympics'>>;
  readonly staking: Shape<InputOf<'onStaking'>, StakePoolsView, MessageOf<'staking'>>;
  readonly vaults: Shape<Nothing, readonly VaultSummary[], MessageOf<'vaults'>>;
  readonly vault: Shape<InputOf<'onVault'>, VaultView | null, MessageOf<'vault'>>;
  /** Of the wallet that the connection speaks for: of another session it is another channel. */
  readonly account: Shape<SessionOfAccount, AccountView | null, MessageOf<'account'>>;
}

interface Shape<Input, View, M> {
  readonly input: Input;
  readonly view: View;
  readonly message: M;
}

export type LiveName = keyof LiveChannels;
export type LiveInput<K extends LiveName> = LiveChannels[K]['input'];
export type LiveView<K extends LiveName> = LiveChannels[K]['view'];
export type LiveMessageOf<K extends LiveName> = LiveChannels[K]['message'];

/** The live views of the market, one family of shared channels per subscription of the API. */
export type LiveClient = {
  readonly [K in LiveName]: ChannelFamily<LiveInput<K>, LiveView<K>, LiveMessageOf<K>>;
};

/** Told of views as they are published, to keep other copies of the same in step. */
export type ViewListeners = {
  readonly [K in LiveName]?: (view: LiveView<K>, input: LiveInput<K>) => void;
};

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

export function createLiveClient(
  api: Subscriptions,
  runtime: Runtime,
  onView: ViewListeners = {},
): LiveClient {
  return {
    trades: new ChannelFamily(
      {
        initial: [],
        reduce: reduceTrades,
        onView: onView.trades,
        open: (filter, lastEventId, observer) =>
          api.onTrade.subscribe({ ...filter, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    prices: new ChannelFamily(
      {
        initial: new Map(),
        reduce: reducePrices,
        skipped: skippedPrices,
        onView: onView.prices,
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
        onView: onView.agent,
        open: (selector, lastEventId, observer) =>
          api.onAgent.subscribe({ ...selector, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    graduations: new ChannelFamily(
      {
        initial: [],
        reduce: reduceGraduations,
        onView: onView.graduations,
        open: (_input, lastEventId, observer) =>
          api.onGraduation.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    newAgents: new ChannelFamily(
      {
        initial: [],
        reduce: reduceNewAgents,
        onView: onView.newAgents,
        open: (_input, lastEventId, observer) =>
          api.onAgentCreated.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    kings: new ChannelFamily(
      {
        initial: [],
        reduce: reduceKings,
        onView: onView.kings,
        open: (_input, lastEventId, observer) => api.onKing.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    activities: new ChannelFamily(
      {
        initial: [],
        reduce: reduceActivities,
        onView: onView.activities,
        open: (filter, lastEventId, observer) =>
          api.onActivity.subscribe({ ...filter, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    olympics: new ChannelFamily(
      {
        initial: { season: null, last: null },
        reduce: reduceOlympics,
        skipped: nobodyKnows,
        onView: onView.olympics,
        open: (_input, lastEventId, observer) =>
          api.onOlympics.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    staking: new ChannelFamily(
      {
        initial: new Map(),
        reduce: reduceStaking,
        skipped: nobodyKnows,
        onView: onView.staking,
        open: (filter, lastEventId, observer) =>
          api.onStaking.subscribe({ ...filter, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    vaults: new ChannelFamily(
      {
        initial: [],
        reduce: reduceVaults,
        skipped: nobodyKnows,
        onView: onView.vaults,
        open: (_input, lastEventId, observer) => api.onVaults.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    vault: new ChannelFamily(
      {
        initial: null,
        reduce: reduceVault,
        onView: onView.vault,
        open: (selector, lastEventId, observer) =>
          api.onVault.subscribe({ ...selector, lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
    account: new ChannelFamily(
      {
        initial: null,
        reduce: reduceAccount,
        onView: onView.account,
        open: (_session, lastEventId, observer) =>
          api.onAccount.subscribe({ lastEventId }, callbacks(observer)),
      },
      runtime,
    ),
  };
}

/** A price says how many trades there were: those between two prices had prices of their own. */
export function skippedPrices(prices: PricesView, message: MessageOf<'prices'>): number {
  if (message.type !== 'price_changed') return 0;
  const known = prices.get(message.agentId);
  return known === undefined ? 0 : Math.max(message.trades - known.trades - 1, 0);
}

/** Where values do not count those before them. */
const nobodyKnows = (): number => 0;

/** A channel's observer as the callbacks of a tRPC subscription. */
function callbacks<M>({ onStart, onItem, onError, onEnd }: StreamObserver<M>) {
  return {
    onStarted: onStart,
    onData: (item: Item<M>) => onItem(item),
    onError: (error: unknown) => onError({ message: problemText(error), kind: errorKind(error) }),
    onComplete: onEnd,
  };
}
