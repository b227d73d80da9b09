import { Feeds } from '../../server/feeds/feeds.ts';
import { emptyViews, foldViews, type ViewsState } from '../../server/feeds/views.ts';
import type { Reader } from '../../server/realtime/channel.ts';
import type { Cursor } from '../../server/realtime/cursor.ts';
import { Hub } from '../../server/realtime/hub.ts';
import type { LiveStream } from '../../server/realtime/live-stream.ts';
import { namedWallet } from '../../server/sim/players.ts';
import { entrySchema, type TradeExecuted } from '../../shared/events.ts';
import { agentId, vaultId } from '../../shared/ids.ts';
import { LAMPORTS_PER_SOL, lamports, tokenUnits } from '../../shared/units.ts';
import { AGENTS, EPOCH, FIRST_SEQ, START, TRADERS, tradeExecuted } from './trades.ts';

/** More SOL and tokens than the trades of a bench move. */
const PLENTY = 10n ** 16n;
const STAKE = 10n ** 12n;
const VAULT = vaultId('1');
const VAULT_ADDRESS = namedWallet('vault');
/** Agents the vault holds tokens of. */
const POSITIONS = 10;
/** Trades published together while warming up. */
const BATCH = 10;

/**
 * The whole platform beside the trades: every channel there is, each with a subscriber that keeps up, and all that a
 * trade moves: the standings of a season, stakes in every agent, a vault that holds some, accounts and activities.
 */
export class Platform {
  readonly #views: ViewsState;
  readonly #feeds: Feeds;
  readonly #readers: readonly KeptUp[];

  constructor(hub: Hub) {
    this.#views = marketBefore(FIRST_SEQ);
    // No log is kept: what was before the bench is asked for by snapshots alone.
    const feeds = new Feeds(hub, this.#views, {
      read: async () => ({ records: [], through: FIRST_SEQ - 1 }),
      readBackward: async () => [],
    });
    this.#feeds = feeds;
    const streams: readonly LiveStream<unknown>[] = [
      feeds.trades({}),
      feeds.prices({}),
      feeds.graduations({}),
      feeds.agents({}),
      feeds.agent(agentId('10'), {}),
      feeds.kings({}),
      feeds.activities({}),
      feeds.olympics({}),
      feeds.staking({}),
      feeds.vaults({}),
      feeds.vault(VAULT, {}),
      ...TRADERS.map((trader) => feeds.account(trader, {})),
    ];
    this.#readers = streams.map((stream) => new KeptUp(stream));
  }

  close(): void {
    this.#feeds.close();
  }

  /** What the app does with a group that is durable. */
  publish(entries: readonly TradeExecuted[]): void {
    for (const entry of entries) foldViews(this.#views, entry);
    this.#feeds.publish(entries);
    for (const reader of this.#readers) reader.read();
  }
}

/** Trades after which the code that they run through is compiled for good; a server has seen more within a minute. */
const WARM_UP = 10_000;

/** Has the code of the platform compiled, on a market of its own that is thrown away. */
export async function warmUpPlatform(): Promise<void> {
  const platform = new Platform(new Hub({ epoch: EPOCH, head: FIRST_SEQ - 1 }));
  for (let done = 0; done < WARM_UP; done += BATCH) {
    platform.publish(Array.from({ length: BATCH }, (_, index) => tradeExecuted(FIRST_SEQ + done + index)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  platform.close();
}

/** A subscriber that keeps up, without a socket: it reads as the WebSocket handler does. */
class KeptUp implements Reader {
  readonly #cursor: Cursor<unknown>;
  #due = true;
  #reading = false;

  constructor(stream: LiveStream<unknown>) {
    this.#cursor = stream.cursor;
    stream.handOver(this);
  }

  wake(): void {
    this.#due = true;
  }

  read(): void {
    if (!this.#due || this.#reading) return;
    this.#due = false;
    const taken = this.#cursor.take(BATCH);
    if (!(taken instanceof Promise)) return;
    // A snapshot is being made: what comes behind it is read with the next trades.
    this.#reading = true;
    void taken.then(() => {
      this.#reading = false;
      this.wake();
    });
  }
}

/** The views of a market in which any trade of the bench is possible. */
function marketBefore(firstSeq: number): ViewsState {
  const events = beginnings();
  const views: ViewsState = { ...emptyViews(), seq: firstSeq - 1 - events.length };
  for (const event of events) {
    const seq = views.seq + 1;
    foldViews(views, entrySchema.parse({ at: START + seq, ...event, seq }));
  }
  for (const trader of TRADERS) {
    const holdings = views.wallets.get(trader)?.holdings;
    for (const id of AGENTS) {
      const holding = {
        tokens: tokenUnits(PLENTY),
        staked: tokenUnits(0n),
        cost: lamports(0n),
        realised: 0n,
      };
      views.holders.get(id)?.set(trader, holding.tokens);
      holdings?.set(id, holding);
    }
  }
  for (const id of AGENTS.slice(0, POSITIONS)) {
    views.vaults.byId.get(VAULT)?.positions.set(id, tokenUnits(STAKE));
    views.vaults.held.set(id, 1);
  }
  return views;
}

/** Wallets with plenty of SOL, agents that have been bought, a stake in each, a season and a vault. */
function beginnings(): readonly object[] {
  const [trader] = TRADERS;
  const common = {
    agentId: AGENTS[0],
    wallet: trader,
    manager: trader,
    vaultId: VAULT,
    address: VAULT_ADDRESS,
  };
  return [
    ...TRADERS.map((wallet) => ({ type: 'wallet_credited', wallet, sol: PLENTY, source: 'operator' })),
    ...AGENTS.map((id) => ({
      type: 'agent_created',
      agentId: id,
      name: `Agent ${id}`,
      symbol: `AG${id}`,
      purpose: '',
      imageUrl: null,
      creator: VAULT_ADDRESS,
      mint: VAULT_ADDRESS,
    })),
    ...AGENTS.map((id) => ({ ...tradeExecuted(1), side: 'buy', agentId: id, trader })),
    ...AGENTS.map((id) => ({
      ...common,
      type: 'staked',
      agentId: id,
      tokens: STAKE,
      stake: STAKE,
      totalStaked: STAKE,
      rewardPerUnit: 0n,
    })),
    { type: 'season_started', season: 1, endsAt: START },
    { ...common, type: 'king_changed', previousAgentId: null, marketCap: 29_853_990n },
    { ...common, type: 'vault_created', name: 'Vault', performanceFeeBps: 0 },
    {
      ...common,
      type: 'vault_deposited',
      shares: PLENTY,
      feeShares: 0n,
      totalShares: PLENTY,
      highWaterMark: 0n,
      netAssetValue: 0n,
      sol: LAMPORTS_PER_SOL,
    },
  ];
}
