import type { EntryOf, EventType } from '../../shared/events.ts';
import { MEDALS } from '../../shared/olympics.ts';
import type { FieldReader } from './field-reader.ts';

type Read<T extends EventType> = (fields: FieldReader, seq: number, at: number) => EntryOf<T>;

const stakeMoved = (fields: FieldReader) => ({
  agentId: fields.agent(),
  wallet: fields.wallet(),
  tokens: fields.tokenUnits(),
  stake: fields.tokenUnits(),
  totalStaked: fields.tokenUnits(),
  rewardPerUnit: fields.rate(),
});

const vaultMoved = (fields: FieldReader) => ({
  vaultId: fields.noAgent().vault(),
  address: fields.wallet(),
  manager: fields.wallet(),
  wallet: fields.wallet(),
  shares: fields.shares(),
  feeShares: fields.shares(),
  totalShares: fields.shares(),
  highWaterMark: fields.rate(),
  netAssetValue: fields.lamports(),
  sol: fields.lamports(),
});

/**
 * Reads back what `writeFields` wrote, in the same order: an object literal is evaluated from top to bottom.
 */
export const readFields = {
  agent_created: (fields, seq, at) => ({
    type: 'agent_created',
    seq,
    at,
    agentId: fields.agent(),
    name: fields.text(),
    symbol: fields.text(),
    purpose: fields.text(),
    imageUrl: fields.textOrNull(),
    creator: fields.wallet(),
    mint: fields.mint(),
  }),
  trade_executed: (fields, seq, at) => ({
    type: 'trade_executed',
    seq,
    at,
    agentId: fields.agent(),
    trader: fields.wallet(),
    side: fields.oneOf('buy', 'sell'),
    tokens: fields.tokenUnits(),
    sol: fields.lamports(),
    protocolFee: fields.lamports(),
    creatorFee: fields.lamports(),
    virtualSol: fields.lamports(),
    virtualTokens: fields.tokenUnits(),
    realSol: fields.lamports(),
    realTokens: fields.tokenUnits(),
    price: fields.price(),
  }),
  agent_graduated: (fields, seq, at) => ({
    type: 'agent_graduated',
    seq,
    at,
    agentId: fields.agent(),
    poolId: fields.pool(),
    sol: fields.lamports(),
    tokens: fields.tokenUnits(),
  }),
  wallet_credited: (fields, seq, at) => ({
    type: 'wallet_credited',
    seq,
    at,
    wallet: fields.noAgent().wallet(),
    sol: fields.lamports(),
    // What can be there instead, the wallet of an order, is no such word.
    source: fields.skipped('faucet') ? 'faucet' : 'operator',
  }),
  king_changed: (fields, seq, at) => ({
    type: 'king_changed',
    seq,
    at,
    agentId: fields.agentOrNull(),
    previousAgentId: fields.agentOrNull(),
    marketCap: fields.lamports(),
  }),
  season_started: (fields, seq, at) => ({
    type: 'season_started',
    seq,
    at,
    season: fields.noAgent().integer(),
    endsAt: fields.integer(),
  }),
  season_ended: (fields, seq, at) => ({
    type: 'season_ended',
    seq,
    at,
    season: fields.noAgent().integer(),
    protocolFees: fields.lamports(),
    medals: fields.list((medal) => ({
      medal: medal.oneOf(...MEDALS),
      agentId: medal.agent(),
      creator: medal.wallet(),
      score: medal.lamports(),
      traders: medal.integer(),
      prize: medal.lamports(),
    })),
  }),
  staked: (fields, seq, at) => ({ type: 'staked', seq, at, ...stakeMoved(fields) }),
  unstaked: (fields, seq, at) => ({ type: 'unstaked', seq, at, ...stakeMoved(fields) }),
  rewards_claimed: (fields, seq, at) => ({
    type: 'rewards_claimed',
    seq,
    at,
    agentId: fields.agent(),
    wallet: fields.wallet(),
    sol: fields.lamports(),
    rewardPerUnit: fields.rate(),
  }),
  vault_created: (fields, seq, at) => ({
    type: 'vault_created',
    seq,
    at,
    vaultId: fields.noAgent().vault(),
    address: fields.wallet(),
    manager: fields.wallet(),
    name: fields.text(),
    performanceFeeBps: fields.integer(),
  }),
  vault_deposited: (fields, seq, at) => ({ type: 'vault_deposited', seq, at, ...vaultMoved(fields) }),
  vault_withdrawn: (fields, seq, at) => ({
    type: 'vault_withdrawn',
    seq,
    at,
    ...vaultMoved(fields),
    tokens: fields.list((position) => ({
      agentId: position.agent(),
      tokens: position.tokenUnits(),
      value: position.lamports(),
    })),
  }),
} satisfies { readonly [T in EventType]: Read<T> };
