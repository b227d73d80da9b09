import type { MessageOf, SnapshotReason } from '../../shared/channels.ts';
import type { Entry, TradeExecuted } from '../../shared/events.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { AgentEntry } from '../../shared/views/agent.ts';
import { LATEST_LENGTH } from '../../shared/views/channel-views.ts';
import { TAPE_LENGTH } from '../../shared/views/newest.ts';
import type { ConflatedSource, LosslessSource, Numbered } from '../realtime/source.ts';
import { type EntryHistory, type HistorySelector, readPast } from './history.ts';
import { newestTrades, type ViewsState } from './views.ts';

/** Which channel carries which entry, how its snapshot is taken, and how its past is read back. */
export interface FeedSources {
  readonly trades: LosslessSource<MessageOf<'trades'>>;
  readonly prices: ConflatedSource<MessageOf<'prices'>>;
  readonly graduations: LosslessSource<MessageOf<'graduations'>>;
  readonly agents: LosslessSource<MessageOf<'agents'>>;
  agent(agentId: AgentId): LosslessSource<MessageOf<'agent'>>;
}

export const isTrade = (entry: Entry): entry is TradeExecuted => entry.type === 'trade_executed';

/** Newest trades of one agent with a seq of at most `through`, newest first. */
export async function tradesOf(
  history: EntryHistory,
  agentId: AgentId,
  through: number,
): Promise<TradeExecuted[]> {
  const selector: HistorySelector = { agentId, types: ['trade_executed'] };
  const entries = await history.readBackward({ before: through + 1, limit: TAPE_LENGTH, selector });
  return entries.filter(isTrade);
}

/** What the channel of one agent carries. */
const AGENT_TYPES = [
  'trade_executed',
  'agent_graduated',
  'staked',
  'unstaked',
  'rewards_claimed',
] as const satisfies readonly AgentEntry['type'][];

function agentEntry(entry: Entry): AgentEntry | undefined {
  switch (entry.type) {
    case 'trade_executed':
    case 'agent_graduated':
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
      return entry;
    default:
      // The selector lets nothing else through.
      return undefined;
  }
}

export function feedSources(views: ViewsState, history: EntryHistory): FeedSources {
  const at = <M>(data: M): Numbered<M> => ({ seq: views.seq, data });

  const past = <M>(selector: HistorySelector, select: (entry: Entry) => M | undefined) =>
    readPast(history, selector, select);

  return {
    trades: {
      name: 'trades',
      delivery: 'every',
      snapshot: (reason) => at({ type: 'snapshot', reason, trades: newestTrades(views) }),
      history: past({ types: ['trade_executed'] }, (entry) => (isTrade(entry) ? entry : undefined)),
    },
    prices: {
      name: 'prices',
      delivery: 'latest',
      snapshot: (reason) =>
        at({ type: 'snapshot', reason, prices: [...views.prices.values()].slice(-LATEST_LENGTH) }),
      keyOf: (message) => (message.type === 'snapshot' ? '' : message.agentId),
      latest: (after) =>
        [...views.prices.values()]
          .filter((price) => price.seq > after)
          .slice(-LATEST_LENGTH)
          .map((price) => ({ seq: price.seq, data: price })),
    },
    graduations: {
      name: 'graduations',
      delivery: 'every',
      snapshot: (reason) => at({ type: 'snapshot', reason, graduations: [...views.graduations] }),
      history: past({ types: ['agent_graduated'] }, (entry) =>
        entry.type === 'agent_graduated' ? entry : undefined,
      ),
    },
    agents: {
      name: 'agents',
      delivery: 'every',
      snapshot: (reason) => at({ type: 'snapshot', reason, agents: [...views.newAgents] }),
      history: past({ types: ['agent_created'] }, (entry) =>
        entry.type === 'agent_created' ? entry : undefined,
      ),
    },
    agent: (agentId) => ({
      name: `agent:${agentId}`,
      delivery: 'every',
      snapshot: (reason) => agentSnapshot(views, history, { agentId, reason }),
      history: past({ agentId, types: AGENT_TYPES }, agentEntry),
    }),
  };
}

async function agentSnapshot(
  views: ViewsState,
  history: EntryHistory,
  { agentId, reason }: { agentId: AgentId; reason: SnapshotReason },
): Promise<Numbered<MessageOf<'agent'>>> {
  // Both read before the first await: the view and the seq it stands for belong together.
  const { seq } = views;
  const agent: AgentView | undefined = views.agents.get(agentId);
  if (agent === undefined) throw new RangeError(`no agent ${agentId}`);
  const trades = await tradesOf(history, agentId, seq);
  return { seq, data: { type: 'snapshot', reason, agent, trades } };
}
