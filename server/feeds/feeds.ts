import type { MessageOf } from '../../shared/channels.ts';
import type { AgentCreated, Entry, TradeExecuted, WalletCredited } from '../../shared/events.ts';
import type { AgentId, VaultId, WalletAddress } from '../../shared/ids.ts';
import type { OnActivityInput, OnPriceInput, OnStakingInput, OnTradeInput } from '../../shared/inputs.ts';
import { accountsOf } from '../../shared/views/account.ts';
import { activityOf, type Names } from '../../shared/views/activity.ts';
import { ACTIVITIES_LENGTH, newestFirst } from '../../shared/views/newest.ts';
import type { Channel } from '../realtime/channel.ts';
import { ChannelPool } from '../realtime/channel-pool.ts';
import type { Filter } from '../realtime/cursor.ts';
import type { Hub, StreamOptions } from '../realtime/hub.ts';
import type { Item } from '../realtime/item.ts';
import type { LiveStream } from '../realtime/live-stream.ts';
import type { EntryHistory } from './history.ts';
import { platformSources } from './platform-sources.ts';
import { feedSources } from './sources.ts';
import { namesOf, newestTrades, type ViewsState } from './views.ts';

/** Channels of one agent, vault or wallet that are kept although nobody is subscribed, of each kind. */
const MAX_IDLE_CHANNELS = 1000;

type ResumeOptions = Pick<StreamOptions<unknown>, 'lastEventId' | 'signal'>;

/** The market's channels: takes committed entries to where they belong, and opens streams. */
export class Feeds {
  readonly #trades: Channel<MessageOf<'trades'>>;
  readonly #prices: Channel<MessageOf<'prices'>>;
  readonly #graduations: Channel<MessageOf<'graduations'>>;
  readonly #agents: Channel<MessageOf<'agents'>>;
  readonly #agent: ChannelPool<AgentId, MessageOf<'agent'>>;
  readonly #kings: Channel<MessageOf<'kings'>>;
  readonly #activities: Channel<MessageOf<'activities'>>;
  readonly #olympics: Channel<MessageOf<'olympics'>>;
  readonly #staking: Channel<MessageOf<'staking'>>;
  readonly #vaults: Channel<MessageOf<'vaults'>>;
  readonly #vault: ChannelPool<VaultId, MessageOf<'vault'>>;
  readonly #account: ChannelPool<WalletAddress, MessageOf<'account'>>;
  readonly #names: Names;

  constructor(
    private readonly hub: Hub,
    private readonly views: ViewsState,
    history: EntryHistory,
  ) {
    const sources = feedSources(views, history);
    this.#trades = hub.channel(sources.trades);
    this.#prices = hub.channel(sources.prices);
    this.#graduations = hub.channel(sources.graduations);
    this.#agents = hub.channel(sources.agents);
    this.#agent = new ChannelPool(hub, sources.agent, MAX_IDLE_CHANNELS);
    const platform = platformSources(views, history);
    this.#kings = hub.channel(platform.kings);
    this.#activities = hub.channel(platform.activities);
    this.#olympics = hub.channel(platform.olympics);
    this.#staking = hub.channel(platform.staking);
    this.#vaults = hub.channel(platform.vaults);
    this.#vault = new ChannelPool(hub, platform.vault, MAX_IDLE_CHANNELS);
    this.#account = new ChannelPool(hub, platform.account, MAX_IDLE_CHANNELS);
    this.#names = namesOf(views);
  }

  /** Publishes a committed group, in order, as one batch. The views must have folded it already. */
  publish(entries: readonly Entry[]): void {
    for (const entry of entries) this.#route(entry);
    const last = entries.at(-1);
    if (last !== undefined) this.hub.commit(last.seq);
  }

  #route(entry: Entry): void {
    const { hub } = this;
    switch (entry.type) {
      case 'trade_executed':
        this.#routeTrade(entry);
        break;
      case 'agent_created':
        hub.append(this.#agents, hub.item(entry.seq, entry));
        this.#publishPrice(entry);
        break;
      case 'agent_graduated': {
        const item = hub.item(entry.seq, entry);
        hub.append(this.#graduations, item);
        this.#append(this.#agent.peek(entry.agentId), item);
        break;
      }
      case 'king_changed':
        hub.append(this.#kings, hub.item(entry.seq, entry));
        break;
      case 'staked':
      case 'unstaked':
      case 'rewards_claimed': {
        const item = hub.item(entry.seq, entry);
        this.#append(this.#agent.peek(entry.agentId), item);
        this.#append(this.#account.peek(entry.wallet), item);
        this.#publishPool(entry);
        break;
      }
      case 'vault_created':
        hub.touch(this.#vaults);
        break;
      case 'vault_deposited':
      case 'vault_withdrawn': {
        const item = hub.item(entry.seq, entry);
        this.#append(this.#vault.peek(entry.vaultId), item);
        for (const wallet of accountsOf(entry)) this.#append(this.#account.peek(wallet), item);
        hub.touch(this.#vaults);
        break;
      }
      case 'wallet_credited':
        this.#routeCredit(entry);
        break;
      case 'season_started':
        hub.touch(this.#olympics);
        break;
      case 'season_ended': {
        const item = hub.item(entry.seq, entry);
        for (const wallet of accountsOf(entry)) this.#append(this.#account.peek(wallet), item);
        hub.touch(this.#olympics);
        break;
      }
      default:
        entry satisfies never;
    }
    const activity = activityOf(entry, this.#names, this.views.whaleSol);
    if (activity !== undefined) hub.append(this.#activities, hub.item(entry.seq, activity));
  }

  #routeTrade(trade: TradeExecuted): void {
    const { hub, views } = this;
    const { seq, agentId, trader } = trade;
    const item = hub.item(seq, trade);
    hub.append(this.#trades, item);
    this.#append(this.#agent.peek(agentId), item);
    this.#append(this.#account.peek(trader), item);
    this.#publishPrice(trade);
    this.#publishPool(trade);
    if (views.season !== null) hub.touch(this.#olympics);
    const { byAddress, held } = views.vaults;
    const vault = byAddress.get(trader);
    // One that has sold its last tokens of the agent holds them no more, but has changed.
    if (vault !== undefined || held.has(agentId)) hub.touch(this.#vaults);
    if (vault !== undefined) this.#append(this.#vault.peek(vault.vaultId), item);
  }

  #routeCredit(credit: WalletCredited): void {
    const { hub, views } = this;
    const item = hub.item(credit.seq, credit);
    this.#append(this.#account.peek(credit.wallet), item);
    const vault = views.vaults.byAddress.get(credit.wallet);
    if (vault === undefined) return;
    this.#append(this.#vault.peek(vault.vaultId), item);
    hub.touch(this.#vaults);
  }

  /** A channel of a pool is there only when somebody has asked for it. */
  #append<M>(channel: Channel<M> | undefined, item: Item<M>): void {
    if (channel !== undefined) this.hub.append(channel, item);
  }

  /** As for prices: only the newest value of a pool goes out. */
  #publishPool({ seq, agentId }: { readonly seq: number; readonly agentId: AgentId }): void {
    const newest = this.views.poolValues.get(agentId);
    if (newest?.seq === seq) this.hub.append(this.#staking, this.hub.item(seq, newest));
  }

  /** Only the newest price of an agent goes out; one that a later entry of the batch has replaced need not. */
  #publishPrice({ seq, agentId }: AgentCreated | TradeExecuted): void {
    const newest = this.views.prices.get(agentId);
    if (newest?.seq === seq) this.hub.append(this.#prices, this.hub.item(seq, newest));
  }

  trades({
    agentId,
    side,
    trader,
    minSol,
    ...resume
  }: OnTradeInput & ResumeOptions): LiveStream<MessageOf<'trades'>> {
    const filtered =
      agentId !== undefined || side !== undefined || trader !== undefined || minSol !== undefined;
    const matches = (trade: TradeExecuted): boolean =>
      (agentId === undefined || trade.agentId === agentId) &&
      (side === undefined || trade.side === side) &&
      (trader === undefined || trade.trader === trader) &&
      (minSol === undefined || trade.sol >= minSol);
    const filter: Filter<MessageOf<'trades'>> = {
      accepts: (message) => message.type !== 'trade_executed' || matches(message),
      snapshot: (reason) => ({
        seq: this.views.seq,
        data: { type: 'snapshot', reason, trades: newestTrades(this.views).filter(matches) },
      }),
    };
    return this.hub.stream(this.#trades, { ...resume, filter: filtered ? filter : undefined });
  }

  prices({ agentIds, ...resume }: OnPriceInput & ResumeOptions): LiveStream<MessageOf<'prices'>> {
    if (agentIds === undefined) return this.hub.stream(this.#prices, resume);
    const wanted = new Set(agentIds);
    return this.hub.stream(this.#prices, {
      ...resume,
      filter: {
        accepts: (message) => message.type !== 'price_changed' || wanted.has(message.agentId),
        snapshot: (reason) => ({
          seq: this.views.seq,
          data: {
            type: 'snapshot',
            reason,
            prices: [...wanted]
              .flatMap((id) => this.views.prices.get(id) ?? [])
              .sort((a, b) => a.seq - b.seq),
          },
        }),
      },
    });
  }

  graduations(resume: ResumeOptions): LiveStream<MessageOf<'graduations'>> {
    return this.hub.stream(this.#graduations, resume);
  }

  agents(resume: ResumeOptions): LiveStream<MessageOf<'agents'>> {
    return this.hub.stream(this.#agents, resume);
  }

  /** The agent must exist. */
  agent(agentId: AgentId, resume: ResumeOptions): LiveStream<MessageOf<'agent'>> {
    return this.hub.stream(this.#agent.open(agentId), resume);
  }

  kings(resume: ResumeOptions): LiveStream<MessageOf<'kings'>> {
    return this.hub.stream(this.#kings, resume);
  }

  activities({ kinds, ...resume }: OnActivityInput & ResumeOptions): LiveStream<MessageOf<'activities'>> {
    if (kinds === undefined) return this.hub.stream(this.#activities, resume);
    const wanted: ReadonlySet<string> = new Set(kinds);
    const { views } = this;
    return this.hub.stream(this.#activities, {
      ...resume,
      filter: {
        accepts: (message) => message.type !== 'activity' || wanted.has(message.kind),
        snapshot: (reason) => ({
          seq: views.seq,
          data: {
            type: 'snapshot',
            reason,
            activities: newestFirst(views.activities, ACTIVITIES_LENGTH).filter(({ kind }) =>
              wanted.has(kind),
            ),
          },
        }),
      },
    });
  }

  olympics(resume: ResumeOptions): LiveStream<MessageOf<'olympics'>> {
    return this.hub.stream(this.#olympics, resume);
  }

  staking({ agentId, ...resume }: OnStakingInput & ResumeOptions): LiveStream<MessageOf<'staking'>> {
    if (agentId === undefined) return this.hub.stream(this.#staking, resume);
    const { views } = this;
    return this.hub.stream(this.#staking, {
      ...resume,
      filter: {
        accepts: (message) => message.type === 'snapshot' || message.agentId === agentId,
        snapshot: (reason) => {
          const pool = views.poolValues.get(agentId);
          return {
            seq: views.seq,
            data: { type: 'snapshot', reason, pools: pool === undefined ? [] : [pool] },
          };
        },
      },
    });
  }

  vaults(resume: ResumeOptions): LiveStream<MessageOf<'vaults'>> {
    return this.hub.stream(this.#vaults, resume);
  }

  /** The vault must exist. */
  vault(vaultId: VaultId, resume: ResumeOptions): LiveStream<MessageOf<'vault'>> {
    return this.hub.stream(this.#vault.open(vaultId), resume);
  }

  /** For the wallet's owner alone. */
  account(wallet: WalletAddress, resume: ResumeOptions): LiveStream<MessageOf<'account'>> {
    return this.hub.stream(this.#account.open(wallet), resume);
  }

  close(): void {
    this.hub.close();
  }
}
