import type { MessageOf } from '../../shared/channels.ts';
import type { AgentCreated, Entry, TradeExecuted } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { OnPriceInput, OnTradeInput } from '../../shared/inputs.ts';
import type { Channel } from '../realtime/channel.ts';
import { ChannelPool } from '../realtime/channel-pool.ts';
import type { Filter } from '../realtime/cursor.ts';
import type { Hub, StreamOptions } from '../realtime/hub.ts';
import type { LiveStream } from '../realtime/live-stream.ts';
import type { EntryHistory } from './history.ts';
import { feedSources } from './sources.ts';
import { newestTrades, type ViewsState } from './views.ts';

/** Agent channels that are kept although nobody is subscribed. */
const MAX_IDLE_AGENT_CHANNELS = 1000;

type ResumeOptions = Pick<StreamOptions<unknown>, 'lastEventId' | 'signal'>;

/** The market's channels: takes committed entries to where they belong, and opens streams. */
export class Feeds {
  readonly #trades: Channel<MessageOf<'trades'>>;
  readonly #prices: Channel<MessageOf<'prices'>>;
  readonly #graduations: Channel<MessageOf<'graduations'>>;
  readonly #agents: Channel<MessageOf<'agents'>>;
  readonly #agent: ChannelPool<AgentId, MessageOf<'agent'>>;

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
    this.#agent = new ChannelPool(hub, sources.agent, MAX_IDLE_AGENT_CHANNELS);
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
      case 'trade_executed': {
        const item = hub.item(entry.seq, entry);
        hub.append(this.#trades, item);
        const agent = this.#agent.peek(entry.agentId);
        if (agent !== undefined) hub.append(agent, item);
        this.#publishPrice(entry);
        break;
      }
      case 'agent_created':
        hub.append(this.#agents, hub.item(entry.seq, entry));
        this.#publishPrice(entry);
        break;
      case 'agent_graduated': {
        const item = hub.item(entry.seq, entry);
        hub.append(this.#graduations, item);
        const agent = this.#agent.peek(entry.agentId);
        if (agent !== undefined) hub.append(agent, item);
        break;
      }
      case 'wallet_credited':
        break;
      default:
        entry satisfies never;
    }
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

  close(): void {
    this.hub.close();
  }
}
