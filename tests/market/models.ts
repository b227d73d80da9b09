import { solOf, stakersAccount } from '../../server/market/ledger.ts';
import type { MarketState } from '../../server/market/state.ts';
import type { Vault } from '../../server/market/vaults.ts';
import { POOL_SUPPLY } from '../../shared/curve.ts';
import type { Entry, TradeExecuted } from '../../shared/events.ts';
import { type AgentId, agentId, type WalletAddress } from '../../shared/ids.ts';

/**
 * What the core keeps up with, computed from scratch by the words of the rules. They are slow, and share no arithmetic
 * with it. They throw where they find a difference, for `expect` would cost more than the commands.
 */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what} is ${String(actual)}, not ${String(expected)}`);
}

const SCALE = 10n ** 18n;
const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Price of the whole supply: 10^15 units at the price of one. */
function capOf(state: MarketState, id: AgentId): bigint | undefined {
  const phase = state.agents.get(id)?.phase;
  if (phase?.kind !== 'bonding') return undefined;
  return (phase.curve.virtualSol * 10n ** 15n) / phase.curve.virtualTokens;
}

/** Looks at all agents after every command; only the reigning king is remembered. */
export class NaiveHill {
  king: AgentId | null = null;
  readonly #traded = new Set<AgentId>();

  /** Takes over a command, and compares the core's hill and its change of king. */
  follow(state: MarketState, entries: readonly Entry[]): void {
    for (const entry of entries) if (entry.type === 'trade_executed') this.#traded.add(entry.agentId);
    const former = this.king;
    const others = new Map<AgentId, bigint>();
    for (const id of this.#traded) {
      const cap = capOf(state, id);
      if (cap !== undefined && id !== former) others.set(id, cap);
    }
    const best = highest(others);
    const reigning = former === null ? undefined : capOf(state, former);
    if (reigning === undefined) this.king = best;
    else if (best !== null && 100n * (others.get(best) ?? 0n) >= 101n * reigning) this.king = best;
    this.#compare(state, entries, former);
  }

  #compare(state: MarketState, entries: readonly Entry[], former: AgentId | null): void {
    const { king, challengers } = state.hill;
    same(king?.agentId ?? null, this.king, 'king');
    const changes = entries.filter((entry) => entry.type === 'king_changed');
    same(changes.length, this.king === former ? 0 : 1, 'changes of king');
    const [change] = changes;
    if (change !== undefined) {
      same(change.agentId, this.king, 'crowned');
      same(change.previousAgentId, former, 'dethroned');
      same(change.marketCap, this.king === null ? 0n : capOf(state, this.king), 'market cap of the crowned');
      same(entries.at(-1), change, 'last entry');
    }
    let bonding = 0;
    for (const id of this.#traded) if (capOf(state, id) !== undefined) bonding += 1;
    same(challengers.length + (king === null ? 0 : 1), bonding, 'bonding agents on the hill');
    for (const [place, challenger] of challengers.entries()) {
      same(challenger.place, place, `place of ${challenger.agentId}`);
      same(challenger, state.agents.get(challenger.agentId), 'challenger');
      same(challenger.marketCap, capOf(state, challenger.agentId), `market cap of ${challenger.agentId}`);
      const above = challengers[Math.floor((place - 1) / 2)];
      if (place > 0 && above !== undefined && above.marketCap < challenger.marketCap) {
        throw new Error(`${challenger.agentId} is below ${above.agentId}`);
      }
    }
    if (king !== null) {
      same(king.place, null, 'place of the king');
      same(king, state.agents.get(king.agentId), 'king');
    }
  }
}

/** The agent with the highest cap; of equal ones the oldest. */
function highest(caps: ReadonlyMap<AgentId, bigint>): AgentId | null {
  let best: AgentId | null = null;
  for (const [id, cap] of caps) {
    const most = best === null ? undefined : caps.get(best);
    if (most === undefined || cap > most || (cap === most && Number(id) < Number(best))) best = id;
  }
  return best;
}

export interface NaiveScore {
  readonly agentId: AgentId;
  readonly score: bigint;
  readonly traders: number;
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Keeps every take there was, by the date on the calendar. */
export class NaiveFaucet {
  readonly #takes: string[] = [];
  #lastDate = '';

  /** Whether the faucet has nothing for the wallet at that time of the log. */
  isEmpty(wallet: WalletAddress, at: number): boolean {
    return this.#takes.includes(`${dateOf(at)} ${wallet}`);
  }

  /** Takes over the entries of a command, and compares what the core keeps. */
  follow({ faucet }: MarketState, entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.type !== 'wallet_credited' || entry.source !== 'faucet') continue;
      if (this.isEmpty(entry.wallet, entry.at)) throw new Error(`${entry.wallet} has taken twice on a day`);
      same(entry.sol, 10n ** 10n, 'take');
      this.#lastDate = dateOf(entry.at);
      this.#takes.push(`${this.#lastDate} ${entry.wallet}`);
    }
    const kept = [...faucet.taken].map((wallet) => `${dateOf(faucet.day * 86_400_000)} ${wallet}`);
    const expected = this.#takes.filter((take) => take.startsWith(this.#lastDate));
    same(kept.sort().join(), expected.sort().join(), 'takes of the day');
  }
}

/** By score, then by distinct traders, then by age. */
function byRank(a: NaiveScore, b: NaiveScore): number {
  if (a.score !== b.score) return a.score > b.score ? -1 : 1;
  return b.traders - a.traders || Number(a.agentId) - Number(b.agentId);
}

/**
 * Scores of a list of trades, best first. Every trade keeps what of it has not been turned around; a later one of the same wallet
 * on the other side, less than a minute after it, takes from that, the oldest first, and counts with the rest.
 */
export function naiveScores(trades: readonly TradeExecuted[]): NaiveScore[] {
  const scores = new Map<AgentId, { score: bigint; traders: Set<string> }>();
  const earlier = new Map<string, { trade: TradeExecuted; left: bigint }[]>();
  for (const trade of trades) {
    const key = `${trade.agentId} ${trade.trader}`;
    const own = earlier.get(key) ?? [];
    let counted: bigint = trade.sol;
    for (const before of own) {
      if (before.trade.side === trade.side || trade.at - before.trade.at >= 60_000) continue;
      const turned = before.left < counted ? before.left : counted;
      before.left -= turned;
      counted -= turned;
    }
    own.push({ trade, left: counted });
    earlier.set(key, own);
    const score = scores.get(trade.agentId) ?? { score: 0n, traders: new Set() };
    score.score += counted;
    score.traders.add(trade.trader);
    scores.set(trade.agentId, score);
  }
  return [...scores]
    .map(([id, { score, traders }]) => ({ agentId: id, score, traders: traders.size }))
    .sort(byRank);
}

/** The scores that the core has, in the order of {@link naiveScores}. */
export function scoresOf({ season }: MarketState): NaiveScore[] {
  return [...(season?.scores ?? [])]
    .map(([id, { score, open }]) => ({ agentId: id, score: BigInt(score), traders: open.size }))
    .sort(byRank);
}

/** What came in is what was claimed, what is owed and what is carried over, to the last 10^-18 lamport. */
export function checkPool(state: MarketState, id: AgentId): void {
  const found = state.pools.get(id);
  if (found === undefined) return;
  const { pool, stakes, rewards, claimed } = found;
  const account = stakersAccount(id);
  const sol = solOf(state.ledger, account);
  let owed = 0n;
  let staked = 0n;
  for (const stake of stakes.values()) {
    owed += stake.owed + stake.staked * (pool.rewardPerUnit - stake.rewardPerUnit);
    staked += stake.staked;
    if (stake.staked === 0n && stake.owed < SCALE) throw new Error(`an empty stake in ${id} is kept`);
  }
  same(sol * SCALE, owed + pool.carry, `SOL of the stakers of ${id}`);
  same(pool.staked, staked, `stakes in ${id}`);
  same(state.ledger.tokens.get(id)?.get(account) ?? 0n, staked, `tokens of the stakers of ${id}`);
  same(rewards, claimed + sol, `rewards of ${id}`);
}

/** What a vault says it has is what its wallet has, and its shares are those of its holders. */
export function checkVault({ ledger, agents }: MarketState, vault: Vault): void {
  same(vault.sol, solOf(ledger, vault.address), `SOL of vault ${vault.vaultId}`);
  let positions = 0;
  for (const id of agents.keys()) {
    const tokens = ledger.tokens.get(id)?.get(vault.address);
    same(vault.positions.get(id), tokens, `tokens of ${id} in vault ${vault.vaultId}`);
    if (tokens !== undefined) positions += 1;
  }
  same(vault.positions.size, positions, `positions of vault ${vault.vaultId}`);
  if (positions > 20) throw new Error(`vault ${vault.vaultId} has ${positions} positions`);
  let shares = 0n;
  for (const held of vault.holders.values()) {
    if (held <= 0n) throw new Error(`a holder of vault ${vault.vaultId} has ${held} shares`);
    shares += held;
  }
  same(vault.totalShares, shares, `shares of vault ${vault.vaultId}`);
}

/** In how many vaults each agent is held. */
export function checkHeld({ vaults }: MarketState): void {
  const held = new Map<AgentId, number>();
  for (const { positions } of vaults.byId.values()) {
    for (const id of positions.keys()) held.set(id, (held.get(id) ?? 0) + 1);
  }
  same(vaults.held.size, held.size, 'agents that vaults hold');
  for (const [id, count] of held) same(vaults.held.get(id), count, `vaults that hold ${id}`);
}

/** What tokens would sell for now, fees taken off. */
export function naiveWorth({ agents }: MarketState, id: AgentId, tokens: bigint): bigint {
  const phase = agents.get(id)?.phase;
  if (phase === undefined) throw new Error(`no agent ${id}`);
  if (phase.kind === 'graduated') return (tokens * phase.poolSol) / (POOL_SUPPLY + tokens);
  const { virtualSol, virtualTokens } = phase.curve;
  const gross = (tokens * virtualSol) / (virtualTokens + tokens);
  const net = gross - ceilDiv(gross * 95n, 10_000n) - ceilDiv(gross * 30n, 10_000n);
  return net > 0n ? net : 0n;
}

export function naiveValue(state: MarketState, { sol, positions }: Vault): bigint {
  let value: bigint = sol;
  for (const [id, tokens] of positions) value += naiveWorth(state, id, tokens);
  return value;
}

export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/**
 * What a share is worth when the performance fee that is due is taken off, exactly. 1,000 shares that nobody has
 * and a lamport that nobody paid in count in.
 */
export function naiveShareValue(state: MarketState, vault: Vault): Fraction {
  const worth = naiveValue(state, vault) + 1n;
  const shares = vault.totalShares + 1_000n;
  const scaled = worth * SCALE;
  const mark = vault.highWaterMark * shares;
  const fee = scaled > mark ? (scaled - mark) * BigInt(vault.performanceFeeBps) : 0n;
  return { over: scaled * 10_000n - fee, under: shares * SCALE * 10_000n };
}

/**
 * The most, in lamports, that rounding takes from those who stay when another withdraws: less than three for each
 * position on its curve (what a sale brings is rounded down, and either of its fees up), less than one for each on
 * its pool.
 */
export function roundingOf(state: MarketState, { positions }: Vault): bigint {
  let most = 0n;
  for (const id of positions.keys()) most += state.agents.get(id)?.phase.kind === 'bonding' ? 3n : 1n;
  return most;
}

/** All agents that can be in a state, in order of age. */
export const agentIds = (state: MarketState): AgentId[] =>
  Array.from({ length: state.agents.size }, (_, index) => agentId(`${index + 1}`));
