import type { LogRecord } from '../../server/journal/log.ts';
import {
  type AgentCreated,
  type AgentGraduated,
  agentCreatedSchema,
  agentGraduatedSchema,
  type Entry,
  type EventType,
  type TradeExecuted,
  tradeExecutedSchema,
  type WalletCredited,
  walletCreditedSchema,
} from '../../shared/events.ts';
import { type ClientOrderId, clientOrderId } from '../../shared/ids.ts';

/** Valid entries and records for tests, made by parsing, with plain values wherever a test says nothing. */
export const WALLETS = [
  '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU',
  'So11111111111111111111111111111111111111112',
  'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
] as const;
const MINT = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
const POOL = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL';
const NOON = Date.UTC(2025, 0, 1, 12);

type Given<T> = Partial<Record<keyof T, unknown>>;

const recorded = (seq: number) => ({ seq, at: NOON + seq * 10 });

export const agentCreated = (seq: number, given: Given<AgentCreated> = {}): AgentCreated =>
  agentCreatedSchema.parse({
    type: 'agent_created',
    ...recorded(seq),
    agentId: '1',
    name: 'Oracle',
    symbol: 'ORCL',
    purpose: 'Reads "markets" – and tells\nwhat it sees',
    imageUrl: null,
    creator: WALLETS[0],
    mint: MINT,
    ...given,
  });

export const tradeExecuted = (seq: number, given: Given<TradeExecuted> = {}): TradeExecuted =>
  tradeExecutedSchema.parse({
    type: 'trade_executed',
    ...recorded(seq),
    agentId: '1',
    trader: WALLETS[1],
    side: 'buy',
    tokens: 34_612_903_225_807n,
    sol: 1_000_000_001n,
    protocolFee: 9_500_001n,
    creatorFee: 3_000_001n,
    virtualSol: 31_000_000_001n,
    virtualTokens: 1_038_387_096_774_193n,
    realSol: 1_000_000_001n,
    realTokens: 758_487_096_774_193n,
    price: 29_853_990n,
    ...given,
  });

export const agentGraduated = (seq: number, given: Given<AgentGraduated> = {}): AgentGraduated =>
  agentGraduatedSchema.parse({
    type: 'agent_graduated',
    ...recorded(seq),
    agentId: '1',
    poolId: POOL,
    sol: 85_005_359_057n,
    tokens: 206_900_000_000_000n,
    ...given,
  });

export const walletCredited = (seq: number, given: Given<WalletCredited> = {}): WalletCredited =>
  walletCreditedSchema.parse({
    type: 'wallet_credited',
    ...recorded(seq),
    wallet: WALLETS[2],
    sol: 5_000_000_000n,
    ...given,
  });

/** One valid entry of each event type. */
export const sampleEntries = {
  agent_created: agentCreated(1),
  trade_executed: tradeExecuted(2),
  agent_graduated: agentGraduated(3),
  wallet_credited: walletCredited(4),
} satisfies { readonly [T in EventType]: Entry & { type: T } };

/** The order id `order-<n>`. */
export const orderId = (n: number): ClientOrderId => clientOrderId(`order-${n}`);

/** The records of trades `first` … `last`, each with the order it came with. */
export const trades = (first: number, last: number): LogRecord[] =>
  Array.from({ length: last - first + 1 }, (_, index) => {
    const seq = first + index;
    const entry = tradeExecuted(seq, { agentId: String(1 + (seq % 3)) });
    const order = { wallet: entry.trader, clientOrderId: orderId(seq), entries: 1 };
    return { entry, order: { ...order, request: `{"kind":"buy","tokens":"${entry.tokens}"}` } };
  });
