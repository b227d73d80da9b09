import superjson from 'superjson';
import { namedWallet } from '../../server/sim/players.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { tradeExecutedSchema } from '../../shared/events.ts';
import { agentId } from '../../shared/ids.ts';

/** The log's name in the fan-out bench. */
export const EPOCH = 'bench';
/** Its first entries: every number has as many digits as this one, so all frames of a run are about as long. */
export const FIRST_SEQ = 1_000_001;

/** Time of the entry with seq 0, ms. */
export const START = 1_760_000_000_000;

export type TradeMessage =
  | TradeExecuted
  | Pick<TradeExecuted, 'type' | 'seq' | 'at' | 'agentId' | 'trader' | 'side' | 'tokens' | 'sol' | 'price'>;

export const TRADERS = Array.from({ length: 16 }, (_, index) => namedWallet(`trader ${index}`));
export const AGENTS = Array.from({ length: 90 }, (_, index) => agentId(`${10 + index}`));

/** A trade as it is published: what subscribers get, and the entry of the log that it is. */
export interface Published {
  readonly message: TradeMessage;
  readonly entry: TradeExecuted;
}

/** Trade number `seq`. Subscribers get the whole entry, or what a tape shows of it, which makes frames of 400 bytes. */
export function published(seq: number, { entries }: { readonly entries: boolean }): Published {
  const entry = tradeExecuted(seq);
  if (entries) return { message: entry, entry };
  const { type, at, agentId: agent, trader, side, tokens, sol, price } = entry;
  return { message: { type, seq, at, agentId: agent, trader, side, tokens, sol, price }, entry };
}

export function tradeExecuted(seq: number): TradeExecuted {
  const vary = BigInt(seq % 99_991);
  return tradeExecutedSchema.parse({
    type: 'trade_executed',
    seq,
    at: START + seq,
    agentId: AGENTS[seq % AGENTS.length],
    trader: TRADERS[seq % TRADERS.length],
    side: seq % 3 === 0 ? 'sell' : 'buy',
    tokens: 34_612_903_225_807n + vary,
    sol: 1_000_000_001n + vary,
    protocolFee: 9_500_001n + vary,
    creatorFee: 3_000_001n + vary,
    virtualSol: 31_000_000_001n + vary,
    virtualTokens: 1_038_387_096_774_193n - vary,
    realSol: 1_200_000_001n + vary,
    realTokens: 758_487_096_774_193n - vary,
    price: 29_853_990n + vary,
  });
}

export const positionOf = (seq: number): string => `${EPOCH}-${seq}`;

/** The text that tRPC sends for a trade to the subscription with request id 1. */
export function frameText(trade: TradeMessage): string {
  const id = positionOf(trade.seq);
  return JSON.stringify({
    id: 1,
    result: { type: 'data', id, data: superjson.serialize({ id, data: trade }) },
  });
}
