import type { Unsubscribable } from '@trpc/server/observable';
import type { Feeds } from '../../server/feeds/feeds.ts';
import type { ChannelKind, DeliveryOf, Item, MessageOf } from '../../shared/channels.ts';
import { type ApiClient, type Followed, type FollowHandlers, follow } from '../../shared/client/index.ts';
import { agentId, vaultId, type WalletAddress } from '../../shared/ids.ts';
import { reduceAccount } from '../../shared/views/account.ts';
import {
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
} from '../../shared/views/channel-views.ts';
import { reduceVault } from '../../shared/views/vault.ts';
import { Inbox } from '../support/streams.ts';

/** Agent 1 and vault 1 are those that the tests are about. */
export const ONE = agentId('1');
export const VAULT = vaultId('1');

/** A channel that is followed, with the view that it folds to. */
export interface Watched {
  readonly followed: Followed;
  /** Ids of what the consumer was given, snapshots included. */
  readonly given: Inbox<string>;
  view(): unknown;
}

export interface WatchedChannel {
  readonly delivery: DeliveryOf<ChannelKind>;
  watch(client: ApiClient): Watched;
  /** The view that somebody has who subscribes now. */
  fresh(feeds: Feeds, wallet: WalletAddress): Promise<unknown>;
}

interface Spec<M, V> {
  readonly delivery: DeliveryOf<ChannelKind>;
  readonly subscribe: (client: ApiClient, handlers: FollowHandlers<M>) => Unsubscribable;
  readonly stream: (feeds: Feeds, wallet: WalletAddress) => AsyncIterable<Item<M>>;
  readonly initial: V;
  readonly reduce: (view: V, message: M) => V;
}

function channel<M extends { readonly type: string }, V>(spec: Spec<M, V>): WatchedChannel {
  const { delivery, initial, reduce } = spec;
  return {
    delivery,
    watch: (client) => {
      const given = new Inbox<string>();
      let view = initial;
      const followed = follow<M>(
        (handlers) => spec.subscribe(client, handlers),
        ({ id, data }) => {
          view = reduce(view, data);
          given.push(id);
        },
      );
      return { followed, given, view: () => view };
    },
    fresh: async (feeds, wallet) => {
      for await (const { data } of spec.stream(feeds, wallet)) return reduce(initial, data);
      throw new Error('the stream has ended');
    },
  };
}

/** Every channel there is. */
export const watchedChannels: { readonly [K in ChannelKind]: WatchedChannel } = {
  trades: channel<MessageOf<'trades'>, ReturnType<typeof reduceTrades>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onTrade.subscribe({}, handlers),
    stream: (feeds) => feeds.trades({}),
    initial: [],
    reduce: reduceTrades,
  }),
  prices: channel<MessageOf<'prices'>, ReturnType<typeof reducePrices>>({
    delivery: 'latest',
    subscribe: (client, handlers) => client.onPrice.subscribe({}, handlers),
    stream: (feeds) => feeds.prices({}),
    initial: new Map(),
    reduce: reducePrices,
  }),
  graduations: channel<MessageOf<'graduations'>, ReturnType<typeof reduceGraduations>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onGraduation.subscribe({}, handlers),
    stream: (feeds) => feeds.graduations({}),
    initial: [],
    reduce: reduceGraduations,
  }),
  agents: channel<MessageOf<'agents'>, ReturnType<typeof reduceNewAgents>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onAgentCreated.subscribe({}, handlers),
    stream: (feeds) => feeds.agents({}),
    initial: [],
    reduce: reduceNewAgents,
  }),
  agent: channel<MessageOf<'agent'>, ReturnType<typeof reduceAgentDetail>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onAgent.subscribe({ agentId: ONE }, handlers),
    stream: (feeds) => feeds.agent(ONE, {}),
    initial: null,
    reduce: reduceAgentDetail,
  }),
  kings: channel<MessageOf<'kings'>, ReturnType<typeof reduceKings>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onKing.subscribe({}, handlers),
    stream: (feeds) => feeds.kings({}),
    initial: [],
    reduce: reduceKings,
  }),
  activities: channel<MessageOf<'activities'>, ReturnType<typeof reduceActivities>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onActivity.subscribe({}, handlers),
    stream: (feeds) => feeds.activities({}),
    initial: [],
    reduce: reduceActivities,
  }),
  olympics: channel<MessageOf<'olympics'>, ReturnType<typeof reduceOlympics>>({
    delivery: 'latest',
    subscribe: (client, handlers) => client.onOlympics.subscribe({}, handlers),
    stream: (feeds) => feeds.olympics({}),
    initial: { season: null, last: null },
    reduce: reduceOlympics,
  }),
  staking: channel<MessageOf<'staking'>, ReturnType<typeof reduceStaking>>({
    delivery: 'latest',
    subscribe: (client, handlers) => client.onStaking.subscribe({}, handlers),
    stream: (feeds) => feeds.staking({}),
    initial: new Map(),
    reduce: reduceStaking,
  }),
  vaults: channel<MessageOf<'vaults'>, ReturnType<typeof reduceVaults>>({
    delivery: 'latest',
    subscribe: (client, handlers) => client.onVaults.subscribe({}, handlers),
    stream: (feeds) => feeds.vaults({}),
    initial: [],
    reduce: reduceVaults,
  }),
  vault: channel<MessageOf<'vault'>, ReturnType<typeof reduceVault>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onVault.subscribe({ vaultId: VAULT }, handlers),
    stream: (feeds) => feeds.vault(VAULT, {}),
    initial: null,
    reduce: reduceVault,
  }),
  account: channel<MessageOf<'account'>, ReturnType<typeof reduceAccount>>({
    delivery: 'every',
    subscribe: (client, handlers) => client.onAccount.subscribe({}, handlers),
    stream: (feeds, wallet) => feeds.account(wallet, {}),
    initial: null,
    reduce: reduceAccount,
  }),
};
