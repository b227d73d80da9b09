import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Block, checksum, encodeBlocks } from '../../server/journal/blocks.ts';
import { encodeLine } from '../../server/journal/codec.ts';
import { openForWriting } from '../../server/journal/database.ts';
import type { EventLog, LogRecord, LogSelector } from '../../server/journal/log.ts';
import { MemoryLog } from '../../server/journal/memory-log.ts';
import { agentId } from '../../shared/ids.ts';
import {
  agentCreated,
  agentGraduated,
  kingChanged,
  rewardsClaimed,
  sampleEntries,
  seasonEnded,
  seasonStarted,
  staked,
  tradeExecuted,
  trades,
  unstaked,
  vaultCreated,
  vaultDeposited,
  vaultWithdrawn,
  walletCredited,
} from '../support/entries.ts';
import { openUntilFinished, temporaryDirectory } from './temporary.ts';

const ranges = (blocks: readonly Block[]): number[][] => blocks.map(({ first, last }) => [first, last]);

describe('encodeBlocks', () => {
  it('makes one block of a group, and says by what it is found', () => {
    const group = [walletCredited(7), agentCreated(8), ...trades(9, 12).map(({ entry }) => entry)];
    const records = group.map((entry) => ({ entry, order: null }));
    expect(encodeBlocks(records)).toEqual([
      {
        first: 7,
        last: 12,
        data: records.map(encodeLine).join('\n'),
        agents: ['1', '2', '3'],
        types: ['wallet_credited', 'agent_created'],
      },
    ]);
    expect(encodeBlocks([])).toEqual([]);
  });

  it('finds by an agent only what has it in its place', () => {
    const group = [
      kingChanged(1, { agentId: '4', previousAgentId: '5' }),
      kingChanged(2, { agentId: null, previousAgentId: '4' }),
      seasonEnded(3),
      vaultWithdrawn(4),
      staked(5, { agentId: '6' }),
    ];
    const [block, none] = encodeBlocks(group.map((entry) => ({ entry, order: null })));
    expect(block?.agents).toEqual(['4', '6']);
    expect(block?.types).toEqual(['king_changed', 'season_ended', 'vault_withdrawn', 'staked']);
    expect(none).toBeUndefined();
  });

  it('splits a group of more than 1,024 entries', () => {
    const alone = trades(6, 1029).map(({ entry }) => ({ entry, order: null }));
    expect(ranges(encodeBlocks(alone))).toEqual([[6, 1029]]);
    const created = { entry: agentCreated(5, { agentId: '9' }), order: null };
    const [first, second] = encodeBlocks([created, ...alone]);
    expect([first?.first, first?.last, second?.first, second?.last]).toEqual([5, 1028, 1029, 1029]);
    expect([first?.types, second?.types]).toEqual([['agent_created'], []]);
    expect([first?.agents.length, second?.agents]).toEqual([4, ['1']]);
  });

  it('splits a group of more than 256 KiB', () => {
    const long = (seq: number, length: number): LogRecord => ({
      entry: agentCreated(seq, { purpose: 'x'.repeat(length) }),
      order: null,
    });
    const group = [long(1, 100_000), long(2, 100_000), long(3, 100_000), long(4, 900_000), long(5, 10)];
    expect(ranges(encodeBlocks(group))).toEqual([
      [1, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
  });

  it('gives every block another checksum by its place', () => {
    const [block] = encodeBlocks(trades(1, 3));
    if (block === undefined) throw new Error('no block');
    const { data } = block;
    const sums = [
      checksum(1, 3, data),
      checksum(2, 3, data),
      checksum(1, 4, data),
      checksum(1, 3, `${data} `),
    ];
    expect(new Set(sums).size).toBe(4);
    expect(checksum(1, 3, Buffer.from(data))).toBe(checksum(1, 3, data));
  });
});

const ofAgent = [agentCreated, agentGraduated, kingChanged, staked, unstaked, rewardsClaimed] as const;
const ofNoAgent = [
  walletCredited,
  seasonStarted,
  seasonEnded,
  vaultCreated,
  vaultDeposited,
  vaultWithdrawn,
  (seq: number) => kingChanged(seq, { agentId: null, previousAgentId: '2' }),
] as const;

/** Seeded entries of every type among three agents. */
function mixedRecord(seq: number, choice: number): LogRecord {
  const id = { agentId: String(1 + (choice % 3)) };
  const turn = Math.floor(choice / 100);
  if (choice % 10 < 2) {
    const make = ofAgent[turn % ofAgent.length] ?? agentCreated;
    return { entry: make(seq, id), order: null };
  }
  if (choice % 10 < 3) {
    const make = ofNoAgent[turn % ofNoAgent.length] ?? walletCredited;
    return { entry: make(seq), order: null };
  }
  return { entry: tradeExecuted(seq, id), order: null };
}

describe('reading blocks', () => {
  const selectors: readonly LogSelector[] = [
    {},
    { agentId: agentId('2') },
    { agentId: agentId('8') },
    { types: ['trade_executed'] },
    { types: ['agent_created', 'agent_graduated'] },
    { types: ['wallet_credited', 'trade_executed'] },
    { agentId: agentId('1'), types: ['agent_created', 'agent_graduated'] },
    { types: ['king_changed'] },
    { types: ['season_started', 'season_ended', 'vault_created', 'vault_deposited', 'vault_withdrawn'] },
    { agentId: agentId('2'), types: ['king_changed', 'season_ended', 'vault_withdrawn'] },
    { agentId: agentId('3'), types: ['staked', 'unstaked', 'rewards_claimed'] },
  ];

  it('is the same as reading entries, wherever in a block a read begins and ends', async () => {
    const blocks = [1, 1, 5, 1, 40, 2, 1100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 30];
    const [stored, plain] = [await openUntilFinished({ directory: temporaryDirectory() }), new MemoryLog()];
    const choices = fc.sample(fc.nat({ max: 9_999 }), { seed: 42, numRuns: 1_300 });
    for (const size of blocks) {
      const first = stored.head + 1;
      const group = Array.from({ length: size }, (_, index) =>
        mixedRecord(first + index, choices[first + index] ?? 1),
      );
      for (const log of [stored, plain]) await log.append(group);
    }
    const end = stored.head + 3;
    const reads = fc.record({
      edge: fc.oneof(fc.integer({ min: 0, max: end }), fc.integer({ min: 0, max: 60 })),
      through: fc.option(fc.integer({ min: 0, max: end }), { nil: Number.MAX_SAFE_INTEGER }),
      limit: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(1_024, Number.POSITIVE_INFINITY)),
      selector: fc.constantFrom(...selectors),
    });
    await fc.assert(
      fc.asyncProperty(reads, async ({ edge, through, limit, selector }) => {
        const forward = (log: EventLog) => log.read({ after: edge, through, limit, selector });
        const backward = (log: EventLog) => log.readBackward({ before: edge, limit, selector });
        expect(await forward(stored)).toEqual(await forward(plain));
        expect(await backward(stored)).toEqual(await backward(plain));
      }),
      { seed: 42, numRuns: 600 },
    );
  });

  it('finds blocks through the tables beside them, in order', () => {
    const { db } = openForWriting(temporaryDirectory());
    onTestFinished(() => {
      db.close();
    });
    const plans = ['block_agents WHERE agent_id = ?1', 'block_types WHERE type = ?1'].map((source) => {
      const sql = `EXPLAIN QUERY PLAN SELECT first FROM ${source} AND first BETWEEN 1 AND 9 ORDER BY first DESC`;
      return JSON.stringify(db.prepare(sql).all([Object.keys(sampleEntries)[0]]));
    });
    for (const plan of plans) {
      expect(plan).toContain('USING PRIMARY KEY');
      expect(plan).not.toContain('TEMP B-TREE');
    }
  });
});
