import { describe, expect, it } from 'vitest';
import type { Entry, EventType } from '../../shared/events.ts';
import { ACTIVITY_KINDS } from '../../shared/inputs.ts';
import { activitySchema } from '../../shared/platform-schemas.ts';
import { lamports } from '../../shared/units.ts';
import { activityOf } from '../../shared/views/activity.ts';
import { kingChanged, sampleEntries } from '../support/entries.ts';
import { frozen } from './fixtures.ts';

const names = {
  symbolOf: (agentId: string) => `SYM${agentId}`,
  vaultNameOf: (vaultId: string) => `Vault ${vaultId}`,
};
/** As told of with no limit to how small a trade may be. */
const told = (entry: Entry, whaleSol = lamports(0n)) => activityOf(frozen(entry), names, whaleSol);

const {
  agent_created: created,
  agent_graduated: graduated,
  trade_executed: trade,
  season_ended: ended,
  staked,
  unstaked,
  vault_created: opened,
  vault_deposited: deposited,
  vault_withdrawn: withdrawn,
} = sampleEntries;
const stakeParts = { agentId: '1', symbol: 'SYM1', wallet: staked.wallet, tokens: staked.tokens };

const expected = {
  agent_created: {
    kind: 'agent_created',
    parts: {
      agentId: '1',
      symbol: created.symbol,
      name: created.name,
      purpose: created.purpose,
      mint: created.mint,
      creator: created.creator,
    },
  },
  agent_graduated: {
    kind: 'agent_graduated',
    parts: { agentId: '1', symbol: 'SYM1', poolId: graduated.poolId },
  },
  trade_executed: {
    kind: 'whale_trade',
    parts: {
      agentId: '1',
      symbol: 'SYM1',
      trader: trade.trader,
      side: trade.side,
      tokens: trade.tokens,
      sol: trade.sol,
    },
  },
  king_changed: {
    kind: 'king_changed',
    parts: {
      agentId: '1',
      symbol: 'SYM1',
      previousAgentId: null,
      previousSymbol: null,
      marketCap: sampleEntries.king_changed.marketCap,
    },
  },
  staked: { kind: 'staked', parts: stakeParts },
  unstaked: { kind: 'unstaked', parts: { ...stakeParts, tokens: unstaked.tokens } },
  vault_created: {
    kind: 'vault_created',
    parts: { vaultId: '1', name: opened.name, wallet: opened.manager },
  },
  vault_deposited: {
    kind: 'vault_deposited',
    parts: { vaultId: '1', name: 'Vault 1', wallet: deposited.wallet, sol: deposited.sol },
  },
  vault_withdrawn: {
    kind: 'vault_withdrawn',
    parts: { vaultId: '1', name: 'Vault 1', wallet: withdrawn.wallet, sol: withdrawn.sol, positions: 2 },
  },
  season_ended: {
    kind: 'medals',
    parts: {
      season: 1,
      medals: ended.medals.map(({ medal, agentId, score, prize }) => ({
        medal,
        agentId,
        symbol: `SYM${agentId}`,
        score,
        prize,
      })),
    },
  },
  wallet_credited: null,
  season_started: null,
  rewards_claimed: null,
} satisfies Record<EventType, { kind: string; parts: object } | null>;

describe('an activity', () => {
  it.each(Object.values(sampleEntries))('of $type has the parts of a sentence about it', (entry) => {
    const activity = told(entry);
    const parts = expected[entry.type];
    expect(activity ?? null).toEqual(
      parts === null ? null : { type: 'activity', seq: entry.seq, at: entry.at, ...parts },
    );
    if (activity !== undefined) expect(activitySchema.parse(activity)).toEqual(activity);
  });

  it('is there of every kind', () => {
    const kinds = Object.values(sampleEntries).flatMap((entry) => told(entry)?.kind ?? []);
    expect(new Set(kinds)).toEqual(new Set(ACTIVITY_KINDS));
  });

  it('is made of a trade from the given amount on, fees not counted', () => {
    expect(told(trade, trade.sol)?.kind).toBe('whale_trade');
    expect(told(trade, lamports(trade.sol + 1n))).toBeUndefined();
  });

  it('tells who was king, and that nobody is', () => {
    expect(told(kingChanged(5, { agentId: null, previousAgentId: '3' }))?.parts).toMatchObject({
      agentId: null,
      symbol: null,
      previousAgentId: '3',
      previousSymbol: 'SYM3',
    });
  });
});
