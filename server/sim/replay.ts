import { walletSol } from '../../shared/curve.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { type AgentId, clientOrderId, type MintAddress, type WalletAddress } from '../../shared/ids.ts';
import { lamports } from '../../shared/units.ts';
import type { Player, Players } from './players.ts';
import type { RecordedTrade } from './recorded-trades.ts';

export interface ReplayOptions {
  /** Those who trade, named by the wallets that did. */
  readonly players: Players;
  /** Symbols of agents begin with this, letters and digits; others must not be in the market yet. */
  readonly symbolPrefix?: string;
  /** Called before each trade; may set the market's clock, or wait. */
  readonly before?: (trade: RecordedTrade) => void | Promise<void>;
  readonly onMismatch?: (problem: string) => void;
}

export interface ReplayResult {
  readonly agents: number;
  readonly trades: number;
  /** Trades whose amounts, fees or reserves differ from the recording. */
  readonly mismatches: number;
  /** The log's entries of the trades, in order. */
  readonly seqs: readonly number[];
}

/**
 * Carries out recorded trades through the procedures, as the wallets that made them: each mint becomes an agent, each
 * wallet is first given exactly the SOL that it needs. Every trade is compared with the recording.
 */
export async function replayTrades(
  trades: readonly RecordedTrade[],
  { players, before, onMismatch, symbolPrefix = 'MAIN' }: ReplayOptions,
): Promise<ReplayResult> {
  const needs = solNeeds(trades);
  const funded = new Set<WalletAddress>();
  const agents = new Map<MintAddress, AgentId>();
  const seqs: number[] = [];
  let mismatches = 0;
  for (const [index, trade] of trades.entries()) {
    await before?.(trade);
    const { wallet, api } = await players.player(trade.trader);
    let agentId = agents.get(trade.mint);
    if (agentId === undefined) {
      const number = agents.size + 1;
      const names = { name: `Mainnet ${number}`, symbol: `${symbolPrefix}${number}` };
      agentId = await createRecorded(await players.player(trade.creator), trade, names);
      agents.set(trade.mint, agentId);
    }
    if (!funded.has(trade.trader)) {
      funded.add(trade.trader);
      const sol = lamports(needs.get(trade.trader) ?? 0n);
      if (sol > 0n) {
        await players.fund({ clientOrderId: clientOrderId(`credit-${wallet}`), wallet, sol });
      }
    }
    const { tokens } = trade;
    const order = { clientOrderId: clientOrderId(`replay-${index}`), agentId, tokens };
    const { trade: executed } =
      trade.side === 'buy'
        ? await api.buy({ ...order, exact: 'tokens', maxSol: walletSol(trade) })
        : await api.sell({ ...order, minSol: walletSol(trade) });
    seqs.push(executed.seq);
    const problems = differences(trade, executed);
    if (problems.length === 0) continue;
    mismatches += 1;
    onMismatch?.(`trade ${index + 1} (${trade.signature}): ${problems.join(', ')}`);
  }
  return { agents: agents.size, trades: seqs.length, mismatches, seqs };
}

async function createRecorded(
  { api }: Player,
  { mint }: RecordedTrade,
  names: { readonly name: string; readonly symbol: string },
): Promise<AgentId> {
  const { agent } = await api.createAgent({
    clientOrderId: `create-${mint.slice(0, 40)}`,
    ...names,
    purpose: `Recorded trades of the mainnet token ${mint}.`,
  });
  return agent.agentId;
}

/** What each wallet must be given so that its SOL never falls below zero. */
function solNeeds(trades: readonly RecordedTrade[]): ReadonlyMap<WalletAddress, bigint> {
  const balances = new Map<WalletAddress, bigint>();
  const needs = new Map<WalletAddress, bigint>();
  for (const trade of trades) {
    const moved = walletSol(trade);
    const balance = (balances.get(trade.trader) ?? 0n) + (trade.side === 'buy' ? -moved : moved);
    balances.set(trade.trader, balance);
    if (-balance > (needs.get(trade.trader) ?? 0n)) needs.set(trade.trader, -balance);
  }
  return needs;
}

function differences(recorded: RecordedTrade, executed: TradeExecuted): string[] {
  const pairs: [string, bigint, bigint][] = [
    ['tokens', recorded.tokens, executed.tokens],
    ['sol', recorded.sol, executed.sol],
    ['protocol fee', recorded.protocolFee, executed.protocolFee],
    ['creator fee', recorded.creatorFee, executed.creatorFee],
    ['virtual SOL', recorded.after.virtualSol, executed.virtualSol],
    ['virtual tokens', recorded.after.virtualTokens, executed.virtualTokens],
    ['real SOL', recorded.after.realSol, executed.realSol],
    ['real tokens', recorded.after.realTokens, executed.realTokens],
  ];
  return pairs
    .filter(([, expected, actual]) => expected !== actual)
    .map(([name, expected, actual]) => `${name} is ${actual} instead of ${expected}`);
}
