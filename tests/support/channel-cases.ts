import type { Feeds } from '../../server/feeds/feeds.ts';
import type { LiveStream } from '../../server/realtime/live-stream.ts';
import { type ChannelKind, channels, type MessageOf } from '../../shared/channels.ts';
import type { Entry } from '../../shared/events.ts';
import { agentId, vaultId, type WalletAddress } from '../../shared/ids.ts';
import { LAMPORTS_PER_SOL } from '../../shared/units.ts';
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
import { wallet } from './wallets.ts';

/** What a subscriber got: enough to compare it with the log, whatever the channel. */
export interface TakenItem {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  /** Of what the item is a value, on a conflated channel. */
  readonly key: string;
}

/** A reader of a channel with its view, whatever its messages are. */
export interface Subscriber {
  /** What the shared reducer has made of everything that was read. */
  readonly view: unknown;
  /** Takes everything that is there. */
  read(): Promise<readonly TakenItem[]>;
  /** A subscriber who resumes with this one's view as it is now. */
  resumed(feeds: Feeds, lastEventId: string): Subscriber;
  close(): void;
}

/** A channel as one of its subscribers has it. */
export interface ChannelCase {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly delivery: 'every' | 'latest';
  /** Whether a message is due for the entry, of `every` channels; `vault` is the address of the first vault. */
  readonly concerns: (entry: Entry, vault: WalletAddress) => boolean;
  subscribe(feeds: Feeds, lastEventId?: string): Subscriber;
}

type Resume = { readonly lastEventId?: string | undefined };

interface Definition<K extends ChannelKind, V> {
  readonly open: (feeds: Feeds, resume: Resume) => LiveStream<MessageOf<K>>;
  readonly empty: V;
  readonly reduce: (view: V, message: MessageOf<K>) => V;
  readonly concerns?: ChannelCase['concerns'];
}

/** Items taken at a time: few, so that reading stops in the middle of things. */
const TAKEN = 7;

class Reading<K extends ChannelKind, V> implements Subscriber {
  readonly #definition: Definition<K, V>;
  readonly #stream: LiveStream<MessageOf<K>>;
  #view: V;

  constructor(definition: Definition<K, V>, stream: LiveStream<MessageOf<K>>, start: V) {
    this.#definition = definition;
    this.#stream = stream;
    this.#view = start;
  }

  get view(): V {
    return this.#view;
  }

  async read(): Promise<readonly TakenItem[]> {
    const taken: TakenItem[] = [];
    for (;;) {
      const items = await this.#stream.cursor.take(TAKEN);
      if (items.length === 0) return taken;
      for (const { id, seq, data } of items) {
        this.#view = this.#definition.reduce(this.#view, data);
        const key = 'agentId' in data ? `${data.type} ${data.agentId}` : data.type;
        taken.push({ id, seq, type: data.type, key });
      }
    }
  }

  resumed(feeds: Feeds, lastEventId: string): Reading<K, V> {
    return new Reading(this.#definition, this.#definition.open(feeds, { lastEventId }), this.#view);
  }

  close(): void {
    void this.#stream.return();
  }
}

function channelCase<K extends ChannelKind, V>(
  name: string,
  kind: K,
  definition: Definition<K, V>,
): ChannelCase {
  return {
    name,
    kind,
    delivery: channels[kind].delivery,
    concerns: definition.concerns ?? (() => false),
    subscribe: (feeds, lastEventId) =>
      new Reading(definition, definition.open(feeds, { lastEventId }), definition.empty),
  };
}

const [one, four] = [agentId('1'), agentId('4')];
const [ann, bob] = [wallet('ann'), wallet('bob')];
const firstVault = vaultId('1');

const stakeTypes: ReadonlySet<string> = new Set(['staked', 'unstaked', 'rewards_claimed']);
const isOfAgentOne = (entry: Entry): boolean =>
  'agentId' in entry &&
  entry.agentId === one &&
  (entry.type === 'trade_executed' || entry.type === 'agent_graduated' || stakeTypes.has(entry.type));

/** The log's own story of whom an entry touches: what moves, and who gets shares or prizes. */
function touches(entry: Entry, who: WalletAddress): boolean {
  switch (entry.type) {
    case 'trade_executed':
      return entry.trader === who;
    case 'wallet_credited':
    case 'staked':
    case 'unstaked':
    case 'rewards_claimed':
      return entry.wallet === who;
    case 'vault_deposited':
    case 'vault_withdrawn':
      return entry.wallet === who || entry.address === who || (entry.manager === who && entry.feeShares > 0n);
    case 'season_ended':
      return entry.medals.some(({ creator }) => creator === who);
    default:
      return false;
  }
}

const quiet: ReadonlySet<string> = new Set(['wallet_credited', 'season_started', 'rewards_claimed']);
/** With the usual size of whales. */
const isActivity = (entry: Entry): boolean =>
  entry.type === 'trade_executed' ? entry.sol >= LAMPORTS_PER_SOL : !quiet.has(entry.type);

const account = (who: WalletAddress) => ({
  open: (feeds: Feeds, resume: Resume) => feeds.account(who, resume),
  empty: null,
  reduce: reduceAccount,
  concerns: (entry: Entry) => touches(entry, who),
});

/** A subscriber of every channel, by its kind. */
const whole: { readonly [K in ChannelKind]: ChannelCase } = {
  trades: channelCase('trades', 'trades', {
    open: (feeds, resume) => feeds.trades(resume),
    empty: [],
    reduce: reduceTrades,
    concerns: ({ type }) => type === 'trade_executed',
  }),
  prices: channelCase('prices', 'prices', {
    open: (feeds, resume) => feeds.prices(resume),
    empty: new Map(),
    reduce: reducePrices,
  }),
  graduations: channelCase('graduations', 'graduations', {
    open: (feeds, resume) => feeds.graduations(resume),
    empty: [],
    reduce: reduceGraduations,
    concerns: ({ type }) => type === 'agent_graduated',
  }),
  agents: channelCase('agents', 'agents', {
    open: (feeds, resume) => feeds.agents(resume),
    empty: [],
    reduce: reduceNewAgents,
    concerns: ({ type }) => type === 'agent_created',
  }),
  agent: channelCase('agent:1', 'agent', {
    open: (feeds, resume) => feeds.agent(one, resume),
    empty: null,
    reduce: reduceAgentDetail,
    concerns: isOfAgentOne,
  }),
  kings: channelCase('kings', 'kings', {
    open: (feeds, resume) => feeds.kings(resume),
    empty: [],
    reduce: reduceKings,
    concerns: ({ type }) => type === 'king_changed',
  }),
  activities: channelCase('activities', 'activities', {
    open: (feeds, resume) => feeds.activities(resume),
    empty: [],
    reduce: reduceActivities,
    concerns: isActivity,
  }),
  olympics: channelCase('olympics', 'olympics', {
    open: (feeds, resume) => feeds.olympics(resume),
    empty: { season: null, last: null },
    reduce: reduceOlympics,
  }),
  staking: channelCase('staking', 'staking', {
    open: (feeds, resume) => feeds.staking(resume),
    empty: new Map(),
    reduce: reduceStaking,
  }),
  vaults: channelCase('vaults', 'vaults', {
    open: (feeds, resume) => feeds.vaults(resume),
    empty: [],
    reduce: reduceVaults,
  }),
  vault: channelCase('vault:1', 'vault', {
    open: (feeds, resume) => feeds.vault(firstVault, resume),
    empty: null,
    reduce: reduceVault,
    concerns: touches,
  }),
  account: channelCase('account of ann', 'account', account(ann)),
};

/** Every channel, and every filter of one that makes a view of its own. */
export const channelCases: readonly ChannelCase[] = [
  ...Object.values(whole),
  channelCase('prices of some agents', 'prices', {
    open: (feeds, resume) => feeds.prices({ agentIds: [one, four], ...resume }),
    empty: new Map(),
    reduce: reducePrices,
  }),
  channelCase('staking in agent 1', 'staking', {
    open: (feeds, resume) => feeds.staking({ agentId: one, ...resume }),
    empty: new Map(),
    reduce: reduceStaking,
  }),
  channelCase('account of bob', 'account', account(bob)),
];
