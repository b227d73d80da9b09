import type { Medal, SeasonEnded, SeasonStarted, TradeExecuted } from '../../shared/events.ts';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { MEDALS, prizeOf, ROUND_TRIP_MS } from '../../shared/olympics.ts';
import { type Lamports, lamports } from '../../shared/units.ts';
import type { Agent } from './agent.ts';
import type { TurnSeason } from './command.ts';
import { accepted, type Decision, rejected, type Stamp } from './decision.ts';
import { LedgerError } from './ledger.ts';

/** A season of the olympics, while it runs. A trade belongs to the season in which the log has it. */
export interface Season {
  readonly season: number;
  readonly endsAt: number;
  /** Of all trades so far. */
  protocolFees: Lamports;
  readonly scores: Map<AgentId, Score>;
}

export interface Score {
  /** SOL volume that counts. */
  score: Lamports;
  /** By each wallet that has traded: what it has lately bought or sold and not yet turned around, if anything. */
  readonly open: Map<WalletAddress, OpenVolume>;
}

/** Only one side can be open: a trade first closes what is open on the other. */
interface OpenVolume {
  side: TradeExecuted['side'];
  /** Oldest first. */
  readonly lots: { readonly at: number; sol: bigint }[];
}

/** One agent's place in the standings. */
export interface Ranked {
  readonly agentId: AgentId;
  readonly score: Lamports;
  readonly traders: number;
}

/** What the olympics depend on, of the market's state. */
interface OlympicsState {
  readonly agents: ReadonlyMap<AgentId, Agent>;
  readonly season: Season | null;
}

/** Ends the season that the command names when its time has come, and starts the next one. */
export function decideTurn(state: OlympicsState, { season, lengthMs }: TurnSeason, stamp: Stamp): Decision {
  const running = state.season;
  if (season !== (running?.season ?? 0)) return rejected({ reason: 'season_over', season });
  if (running !== null && stamp.at < running.endsAt) {
    return rejected({ reason: 'season_running', season, endsAt: running.endsAt });
  }
  const ended = running === null ? [] : [endOf(state, running, stamp)];
  const started: SeasonStarted = {
    type: 'season_started',
    seq: stamp.seq + ended.length,
    at: stamp.at,
    season: season + 1,
    endsAt: (Math.floor(stamp.at / lengthMs) + 1) * lengthMs,
  };
  const [first] = ended;
  return accepted(first === undefined ? [started] : [first, started]);
}

function endOf(state: OlympicsState, season: Season, { seq, at }: Stamp): SeasonEnded {
  const { protocolFees } = season;
  const medals = ranking(season, MEDALS.length).map(({ agentId, score, traders }, place): Medal => {
    const agent = state.agents.get(agentId);
    const medal = MEDALS[place];
    if (agent === undefined || medal === undefined) throw new LedgerError(`no medal for agent ${agentId}`);
    return { medal, agentId, creator: agent.creator, score, traders, prize: prizeOf(medal, protocolFees) };
  });
  return { type: 'season_ended', seq, at, season: season.season, protocolFees, medals };
}

export const startSeason = ({ season, endsAt }: SeasonStarted): Season => ({
  season,
  endsAt,
  protocolFees: lamports(0n),
  scores: new Map(),
});

/** Counts a trade. */
export function scoreTrade(season: Season, trade: TradeExecuted): void {
  const { agentId, protocolFee } = trade;
  season.protocolFees = lamports(season.protocolFees + protocolFee);
  let score = season.scores.get(agentId);
  if (score === undefined) {
    score = { score: lamports(0n), open: new Map() };
    season.scores.set(agentId, score);
  }
  score.score = lamports(score.score + countedVolume(score.open, trade));
}

/**
 * The part of a trade's volume that counts: what turns around a trade of the same wallet in the minute before does not,
 * for that has been counted already.
 */
function countedVolume(
  open: Map<WalletAddress, OpenVolume>,
  { trader, side, sol, at }: TradeExecuted,
): bigint {
  const volume = open.get(trader);
  if (volume === undefined) {
    open.set(trader, { side, lots: [{ at, sol }] });
    return sol;
  }
  const { lots } = volume;
  while (lots[0] !== undefined && at - lots[0].at >= ROUND_TRIP_MS) lots.shift();
  let counted: bigint = sol;
  if (volume.side !== side) {
    for (let [lot] = lots; lot !== undefined && counted > 0n; [lot] = lots) {
      const closed = lot.sol < counted ? lot.sol : counted;
      lot.sol -= closed;
      counted -= closed;
      if (lot.sol === 0n) lots.shift();
    }
  }
  if (counted > 0n) {
    volume.side = side;
    lots.push({ at, sol: counted });
  }
  return counted;
}

/** The best of the agents that scored, best first: by score, then by distinct traders, then by age. */
export function ranking({ scores }: Season, length: number): Ranked[] {
  const best: Ranked[] = [];
  for (const [agentId, { score, open }] of scores) {
    // A sale that brings nothing is a trade, but no volume.
    if (score === 0n) continue;
    const ranked = { agentId, score, traders: open.size };
    const last = best[length - 1];
    if (last !== undefined && compare(last, ranked) < 0) continue;
    const place = best.findIndex((other) => compare(ranked, other) < 0);
    best.splice(place === -1 ? best.length : place, 0, ranked);
    if (best.length > length) best.pop();
  }
  return best;
}

/** Below zero when `a` is better. */
function compare(a: Ranked, b: Ranked): number {
  if (a.score !== b.score) return a.score > b.score ? -1 : 1;
  return b.traders - a.traders || Number(a.agentId) - Number(b.agentId);
}
