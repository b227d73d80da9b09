import { base58 } from '@scure/base';
import fc from 'fast-check';
import type { LogRecord } from '../../server/journal/log.ts';
import { CREDIT_SOURCES, type Entry, type EventType, entrySchema } from '../../shared/events.ts';
import { walletAddress } from '../../shared/ids.ts';
import { MEDALS } from '../../shared/olympics.ts';
import { orderId } from '../support/entries.ts';

const amount = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const positive = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const address = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => base58.encode(bytes));
/** As wide as it is read; such a one is not to be expected. */
const rate = fc.bigInt({ min: 0n, max: 10n ** 60n - 1n });
const anyText = fc.string({ unit: 'binary' });
const agent = fc.integer({ min: 1, max: 999_999_999_999_999 }).map(String);
const recorded = { seq: fc.integer({ min: 1, max: 2 ** 52 }), at: fc.integer({ min: 0, max: 2 ** 45 }) };

const stakeMoved = {
  ...recorded,
  agentId: agent,
  wallet: address,
  tokens: positive,
  stake: amount,
  totalStaked: amount,
  rewardPerUnit: rate,
};
const vaultMoved = {
  ...recorded,
  vaultId: agent,
  address,
  manager: address,
  wallet: address,
  shares: positive,
  feeShares: amount,
  totalShares: amount,
  highWaterMark: rate,
  netAssetValue: amount,
};
const medal = fc.record({
  medal: fc.constantFrom(...MEDALS),
  agentId: agent,
  creator: address,
  score: amount,
  traders: fc.nat(),
  prize: amount,
});

const entryArbitraries = {
  agent_created: fc.record({
    type: fc.constant('agent_created'),
    ...recorded,
    agentId: agent,
    name: anyText,
    symbol: anyText,
    purpose: anyText,
    imageUrl: fc.option(anyText),
    creator: address,
    mint: address,
  }),
  trade_executed: fc.record({
    type: fc.constant('trade_executed'),
    ...recorded,
    agentId: agent,
    trader: address,
    side: fc.constantFrom('buy', 'sell'),
    tokens: positive,
    sol: amount,
    protocolFee: amount,
    creatorFee: amount,
    virtualSol: amount,
    virtualTokens: amount,
    realSol: amount,
    realTokens: amount,
    price: amount,
  }),
  agent_graduated: fc.record({
    type: fc.constant('agent_graduated'),
    ...recorded,
    agentId: agent,
    poolId: address,
    sol: amount,
    tokens: amount,
  }),
  wallet_credited: fc.record({
    type: fc.constant('wallet_credited'),
    ...recorded,
    wallet: address,
    sol: positive,
    source: fc.constantFrom(...CREDIT_SOURCES),
  }),
  king_changed: fc.record({
    type: fc.constant('king_changed'),
    ...recorded,
    agentId: fc.option(agent, { freq: 2 }),
    previousAgentId: fc.option(agent, { freq: 2 }),
    marketCap: amount,
  }),
  season_started: fc.record({
    type: fc.constant('season_started'),
    ...recorded,
    season: recorded.seq,
    endsAt: recorded.at,
  }),
  season_ended: fc.record({
    type: fc.constant('season_ended'),
    ...recorded,
    season: recorded.seq,
    protocolFees: amount,
    medals: fc.array(medal, { maxLength: 3 }),
  }),
  staked: fc.record({ type: fc.constant('staked'), ...stakeMoved }),
  unstaked: fc.record({ type: fc.constant('unstaked'), ...stakeMoved }),
  rewards_claimed: fc.record({
    type: fc.constant('rewards_claimed'),
    ...recorded,
    agentId: agent,
    wallet: address,
    sol: positive,
    rewardPerUnit: rate,
  }),
  vault_created: fc.record({
    type: fc.constant('vault_created'),
    ...recorded,
    vaultId: agent,
    address,
    manager: address,
    name: anyText,
    performanceFeeBps: fc.integer({ min: 0, max: 2_000 }),
  }),
  vault_deposited: fc.record({ type: fc.constant('vault_deposited'), ...vaultMoved, sol: positive }),
  vault_withdrawn: fc.record({
    type: fc.constant('vault_withdrawn'),
    ...vaultMoved,
    sol: amount,
    tokens: fc.array(fc.record({ agentId: agent, tokens: positive, value: amount }), { maxLength: 12 }),
  }),
} satisfies Record<EventType, fc.Arbitrary<unknown>>;

/** Any entry that its schema allows. */
export const entries: fc.Arbitrary<Entry> = fc
  .oneof(...Object.values(entryArbitraries))
  .map((value) => entrySchema.parse(value));
/** Objects as literals make them. */
export const plain = { noNullPrototype: true };
const orders = fc.record(
  {
    wallet: address.map(walletAddress),
    clientOrderId: fc.nat().map(orderId),
    request: anyText,
    entries: fc.integer({ min: 1, max: 9 }),
  },
  plain,
);
/** Any record: an entry with any order or none, whoever may have ordered it. */
export const records: fc.Arbitrary<LogRecord> = fc.record(
  { entry: entries, order: fc.option(orders) },
  plain,
);
