import superjson from 'superjson';
import { namedWallet } from '../../server/sim/replay.ts';
import type { TradeExecuted } from '../../shared/events.ts';
import { tradeExecutedSchema } from '../../shared/events.ts';

/** The log's name in the fan-out bench. */
export const EPOCH = 'bench';
/** Its first entries: every number has as many digits as this one, so all frames of a run are about as long. */
export const FIRST_SEQ = 1_000_001;

export type TradeMessage =
  | TradeExecuted
  | Pick<TradeExecuted, 'type' | 'seq' | 'at' | 'agentId' | 'trader' | 'side' | 'tokens' | 'sol' | 'price'>;

const TRADERS = Array.from({ length: 16 }, (_, index) => namedWallet(`trader ${index}`));

/** Trade number `seq`: a whole entry of the log, or just what a tape shows of it, which makes frames of 400 bytes. */
export function tradeMessage(seq: number, { entries }: { readonly entries: boolean }): TradeMessage {
  const vary = BigInt(seq % 99_991);
  const entry = tradeExecutedSchema.parse({
    type: 'trade_executed',
    seq,
    at: 1_760_000_000_000 + seq,
    agentId: String(10 + (seq % 90)),
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
  if (entries) return entry;
  const { type, at, agentId, trader, side, tokens, sol, price } = entry;
  return { type, seq, at, agentId, trader, side, tokens, sol, price };
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
