import type { TRPCClient } from '@trpc/client';
import type { Unsubscribable } from '@trpc/server/observable';
import type { AppRouter, Caller } from '../../server/api/router.ts';
import type { ChannelKind, Item, MessageOf } from '../../shared/channels.ts';
import { agentId, vaultId } from '../../shared/ids.ts';
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
import { Inbox } from './streams.ts';

type Resume = { readonly lastEventId: string | undefined };

interface Definition<K extends ChannelKind, V> {
  readonly call: (caller: Caller, resume: Resume) => Promise<AsyncIterable<Item<MessageOf<K>>>>;
  readonly subscribe: (
    client: TRPCClient<AppRouter>,
    resume: Resume,
    handlers: { onData(item: Item<MessageOf<K>>): void; onError(error: unknown): void },
  ) => Unsubscribable;
  readonly empty: V;
  readonly reduce: (view: V, message: MessageOf<K>) => V;
}

/** An item, whatever its channel. */
export interface Received {
  readonly id: string;
  readonly data: { readonly type: string };
}

/** Who has subscribed through the API: everything that came, and the view that the shared reducer made of it. */
export interface Follower {
  readonly received: readonly Received[];
  readonly errors: readonly unknown[];
  readonly view: unknown;
  /** @throws what the subscription fails with */
  until(met: (received: readonly Received[], view: unknown) => boolean): Promise<void>;
}

/** A channel as the API gives it. */
export interface ApiChannel {
  readonly kind: ChannelKind;
  /** Through a direct call; it ends with the market. */
  call(caller: Caller, lastEventId?: string): Promise<Follower>;
  /** Through a client. */
  subscribe(client: TRPCClient<AppRouter>, lastEventId?: string): Follower & Unsubscribable;
}

class Folding<K extends ChannelKind, V> implements Follower {
  readonly #inbox = new Inbox<Item<MessageOf<K>>>();
  readonly errors: unknown[] = [];
  readonly #reduce: Definition<K, V>['reduce'];
  #view: V;

  constructor({ empty, reduce }: Definition<K, V>) {
    this.#view = empty;
    this.#reduce = reduce;
  }

  get view(): V {
    return this.#view;
  }

  get received(): readonly Received[] {
    return this.#inbox.items;
  }

  readonly onData = (item: Item<MessageOf<K>>): void => {
    this.#view = this.#reduce(this.#view, item.data);
    this.#inbox.push(item);
  };

  readonly onError = (error: unknown): void => {
    this.errors.push(error);
    this.#inbox.check();
  };

  async until(met: (received: readonly Received[], view: unknown) => boolean): Promise<void> {
    await this.#inbox.until((items) => this.errors.length > 0 || met(items, this.#view));
    const [error] = this.errors;
    if (error !== undefined) throw error;
  }

  async read(stream: AsyncIterable<Item<MessageOf<K>>>): Promise<void> {
    for await (const item of stream) this.onData(item);
  }
}

function apiChannel<K extends ChannelKind, V>(kind: K, definition: Definition<K, V>): ApiChannel {
  return {
    kind,
    call: async (caller, lastEventId) => {
      const stream = await definition.call(caller, { lastEventId });
      const folding = new Folding(definition);
      folding.read(stream).catch(folding.onError);
      return folding;
    },
    subscribe: (client, lastEventId) => {
      const folding = new Folding(definition);
      const { unsubscribe } = definition.subscribe(client, { lastEventId }, folding);
      return Object.assign(folding, { unsubscribe });
    },
  };
}

const ONE = { agentId: agentId('1') };
const FIRST = { vaultId: vaultId('1') };

/** Every channel there is: those of one agent and one vault of the first. */
export const apiChannels: { readonly [K in ChannelKind]: ApiChannel } = {
  trades: apiChannel('trades', {
    call: (caller, resume) => caller.onTrade(resume),
    subscribe: (client, resume, handlers) => client.onTrade.subscribe(resume, handlers),
    empty: [],
    reduce: reduceTrades,
  }),
  prices: apiChannel('prices', {
    call: (caller, resume) => caller.onPrice(resume),
    subscribe: (client, resume, handlers) => client.onPrice.subscribe(resume, handlers),
    empty: new Map(),
    reduce: reducePrices,
  }),
  graduations: apiChannel('graduations', {
    call: (caller, resume) => caller.onGraduation(resume),
    subscribe: (client, resume, handlers) => client.onGraduation.subscribe(resume, handlers),
    empty: [],
    reduce: reduceGraduations,
  }),
  agents: apiChannel('agents', {
    call: (caller, resume) => caller.onAgentCreated(resume),
    subscribe: (client, resume, handlers) => client.onAgentCreated.subscribe(resume, handlers),
    empty: [],
    reduce: reduceNewAgents,
  }),
  agent: apiChannel('agent', {
    call: (caller, resume) => caller.onAgent({ ...ONE, ...resume }),
    subscribe: (client, resume, handlers) => client.onAgent.subscribe({ ...ONE, ...resume }, handlers),
    empty: null,
    reduce: reduceAgentDetail,
  }),
  kings: apiChannel('kings', {
    call: (caller, resume) => caller.onKing(resume),
    subscribe: (client, resume, handlers) => client.onKing.subscribe(resume, handlers),
    empty: [],
    reduce: reduceKings,
  }),
  activities: apiChannel('activities', {
    call: (caller, resume) => caller.onActivity(resume),
    subscribe: (client, resume, handlers) => client.onActivity.subscribe(resume, handlers),
    empty: [],
    reduce: reduceActivities,
  }),
  olympics: apiChannel('olympics', {
    call: (caller, resume) => caller.onOlympics(resume),
    subscribe: (client, resume, handlers) => client.onOlympics.subscribe(resume, handlers),
    empty: { season: null, last: null },
    reduce: reduceOlympics,
  }),
  staking: apiChannel('staking', {
    call: (caller, resume) => caller.onStaking(resume),
    subscribe: (client, resume, handlers) => client.onStaking.subscribe(resume, handlers),
    empty: new Map(),
    reduce: reduceStaking,
  }),
  vaults: apiChannel('vaults', {
    call: (caller, resume) => caller.onVaults(resume),
    subscribe: (client, resume, handlers) => client.onVaults.subscribe(resume, handlers),
    empty: [],
    reduce: reduceVaults,
  }),
  vault: apiChannel('vault', {
    call: (caller, resume) => caller.onVault({ ...FIRST, ...resume }),
    subscribe: (client, resume, handlers) => client.onVault.subscribe({ ...FIRST, ...resume }, handlers),
    empty: null,
    reduce: reduceVault,
  }),
  account: apiChannel('account', {
    call: (caller, resume) => caller.onAccount(resume),
    subscribe: (client, resume, handlers) => client.onAccount.subscribe(resume, handlers),
    empty: null,
    reduce: reduceAccount,
  }),
};
