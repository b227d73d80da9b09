import { describe, expect, it } from 'vitest';
import type { EventLog, LogRecord, LogSelector } from '../../server/journal/log.ts';
import { MemoryLog } from '../../server/journal/memory-log.ts';
import type { Entry } from '../../shared/events.ts';
import { agentId } from '../../shared/ids.ts';
import {
  agentCreated,
  agentGraduated,
  kingChanged,
  rewardsClaimed,
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

const alone = (entry: Entry): LogRecord => ({ entry, order: null });
const seqs = (entries: readonly Entry[]): number[] => entries.map(({ seq }) => seq);

/** Ten entries of what wallets do on curves, with trades of agents 1, 2 and 3 between them. */
const mixed: readonly LogRecord[] = [
  alone(walletCredited(1)),
  alone(agentCreated(2, { agentId: '1' })),
  alone(agentCreated(3, { agentId: '2' })),
  ...trades(4, 7),
  alone(agentGraduated(8, { agentId: '2' })),
  alone(tradeExecuted(9, { agentId: '1' })),
  alone(walletCredited(10)),
];

/** Thirteen entries of the platform's types, of agents 1 and 2, with trades of agents 1 to 3 between them. */
const platform: readonly LogRecord[] = [
  alone(seasonStarted(1)),
  alone(kingChanged(2, { agentId: '1' })),
  alone(vaultCreated(3)),
  ...trades(4, 5),
  alone(staked(6, { agentId: '2' })),
  alone(kingChanged(7, { agentId: '2', previousAgentId: '1' })),
  alone(vaultDeposited(8)),
  alone(unstaked(9, { agentId: '2' })),
  alone(rewardsClaimed(10, { agentId: '1' })),
  alone(kingChanged(11, { agentId: null, previousAgentId: '2' })),
  alone(vaultWithdrawn(12)),
  alone(seasonEnded(13)),
];

async function filled(log: EventLog): Promise<EventLog> {
  await log.append(mixed);
  return log;
}

/** Reads all of the log by the selector, in both directions, with pages of several sizes. */
async function expectFound(log: EventLog, selector: LogSelector, found: readonly number[]): Promise<void> {
  for (const limit of [1, 2, 3, 100]) {
    const forward: number[] = [];
    for (let after = 0; after < log.head; ) {
      const page = await log.read({ after, limit, selector });
      forward.push(...seqs(page.records.map(({ entry }) => entry)));
      expect(page.through).toBeGreaterThan(after);
      after = page.through;
    }
    expect(forward).toEqual(found);
    const backward: number[] = [];
    for (let before = log.head + 1; ; ) {
      const page = seqs(await log.readBackward({ before, limit, selector }));
      backward.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      before = last;
    }
    expect(backward).toEqual(found.toReversed());
  }
}

describe.each<{ name: string; open: () => Promise<EventLog> }>([
  { name: 'MemoryLog', open: async () => new MemoryLog() },
  { name: 'SqliteLog', open: () => openUntilFinished({ directory: temporaryDirectory() }) },
])('the contract of EventLog: $name', ({ open }) => {
  it('begins empty, with a name', async () => {
    const log = await open();
    expect(log.epoch).toMatch(/^[0-9a-f]{16}$/);
    expect(log.head).toBe(0);
    expect(await log.read({ after: 0, limit: 10 })).toEqual({ records: [], through: 0 });
    expect(await log.readBackward({ before: 1, limit: 10 })).toEqual([]);
  });

  it('gives back what was appended, with its order', async () => {
    const log = await filled(await open());
    expect(log.head).toBe(10);
    expect(await log.read({ after: 0, limit: 100 })).toEqual({ records: mixed, through: 10 });
    const newestFirst = mixed.map(({ entry }) => entry).reverse();
    expect(await log.readBackward({ before: 11, limit: 100 })).toEqual(newestFirst);
  });

  it('runs pipelined appends in the order of the calls', async () => {
    const log = await open();
    const finished: number[] = [];
    const append = (first: number, last: number) =>
      log.append(trades(first, last)).then(() => {
        finished.push(last);
        expect(log.head).toBeGreaterThanOrEqual(last);
      });
    const appends = [append(1, 1), append(2, 40), append(41, 41), append(42, 50)];
    expect(log.head).toBe(0);
    await Promise.all(appends);
    expect(finished).toEqual([1, 40, 41, 50]);
    const { records } = await log.read({ after: 0, limit: 100 });
    expect(records).toEqual(trades(1, 50));
  });

  it('takes an empty group for done', async () => {
    const log = await open();
    await log.append([]);
    expect(log.head).toBe(0);
  });

  it.each([
    { name: 'a group that leaves a hole', group: trades(12, 13) },
    { name: 'a group that repeats an entry', group: trades(10, 11) },
    { name: 'a group with a hole inside', group: [...trades(11, 11), ...trades(13, 13)] },
  ])('refuses $name and keeps nothing of it', async ({ group }) => {
    const log = await filled(await open());
    await expect(log.append(group)).rejects.toMatchObject({
      code: 'out_of_sequence',
      outcome: 'not_written',
    });
    expect(log.head).toBe(10);
    await log.append(trades(11, 12));
    expect((await log.read({ after: 10, limit: 9 })).records).toEqual(trades(11, 12));
  });

  it('refuses what was queued behind a refused group, and takes what fits', async () => {
    const log = await open();
    const outcomes = await Promise.allSettled([
      log.append(trades(1, 2)),
      log.append(trades(4, 5)),
      log.append(trades(6, 6)),
      log.append(trades(3, 3)),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'out_of_sequence' } },
      { status: 'rejected', reason: { code: 'out_of_sequence' } },
      { status: 'fulfilled' },
    ]);
    expect((await log.read({ after: 0, limit: 9 })).records).toEqual(trades(1, 3));
  });

  it.each<{ name: string; after: number; limit: number; through?: number; found: number[]; to: number }>([
    { name: 'ends at the limit', after: 0, limit: 3, found: [1, 2, 3], to: 3 },
    { name: 'ends at the head', after: 7, limit: 100, found: [8, 9, 10], to: 10 },
    { name: 'ends at the head when just full', after: 7, limit: 3, found: [8, 9, 10], to: 10 },
    { name: 'ends at through', after: 2, through: 5, limit: 100, found: [3, 4, 5], to: 5 },
    { name: 'ends at the limit before through', after: 2, through: 5, limit: 2, found: [3, 4], to: 4 },
    { name: 'ends at the head before through', after: 8, through: 99, limit: 100, found: [9, 10], to: 10 },
    { name: 'stays at the head', after: 10, limit: 100, found: [], to: 10 },
    { name: 'never goes back to the head', after: 12, limit: 100, found: [], to: 12 },
    { name: 'never goes back to through', after: 6, through: 4, limit: 100, found: [], to: 6 },
    { name: 'moves nowhere with limit 0', after: 3, limit: 0, found: [], to: 3 },
    { name: 'takes a limit without end', after: 8, limit: Number.POSITIVE_INFINITY, found: [9, 10], to: 10 },
  ])('reads forward: $name', async ({ found, to, name: _, ...query }) => {
    const log = await filled(await open());
    const page = await log.read(query);
    expect(seqs(page.records.map(({ entry }) => entry))).toEqual(found);
    expect(page.through).toBe(to);
  });

  it.each<{ name: string; selector: LogSelector; limit: number; found: number[]; to: number }>([
    {
      name: 'ends at the last match the limit allows',
      selector: { types: ['trade_executed'] },
      limit: 2,
      found: [4, 5],
      to: 5,
    },
    {
      name: 'ends at the head past the last match',
      selector: { types: ['agent_created'] },
      limit: 9,
      found: [2, 3],
      to: 10,
    },
    {
      name: 'ends at the head when nothing matches',
      selector: { agentId: agentId('77') },
      limit: 9,
      found: [],
      to: 10,
    },
    { name: 'finds nothing among no types', selector: { types: [] }, limit: 9, found: [], to: 10 },
    {
      name: 'finds a type named twice once',
      selector: { types: ['agent_created', 'agent_created'] },
      limit: 9,
      found: [2, 3],
      to: 10,
    },
  ])('reads forward by selector: $name', async ({ selector, limit, found, to }) => {
    const log = await filled(await open());
    const page = await log.read({ after: 0, limit, selector });
    expect(seqs(page.records.map(({ entry }) => entry))).toEqual(found);
    expect(page.through).toBe(to);
  });

  it.each<{ before: number; limit: number; found: number[] }>([
    { before: 11, limit: 3, found: [10, 9, 8] },
    { before: 3, limit: 100, found: [2, 1] },
    { before: 99, limit: 2, found: [10, 9] },
    { before: 1, limit: 100, found: [] },
    { before: 5, limit: 0, found: [] },
  ])('reads backward before $before up to $limit', async ({ before, limit, found }) => {
    const log = await filled(await open());
    expect(seqs(await log.readBackward({ before, limit }))).toEqual(found);
  });

  it.each<{ selector: LogSelector; found: number[] }>([
    { selector: {}, found: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    { selector: { agentId: agentId('1') }, found: [2, 6, 9] },
    { selector: { agentId: agentId('2') }, found: [3, 4, 7, 8] },
    { selector: { types: ['wallet_credited'] }, found: [1, 10] },
    { selector: { types: ['wallet_credited', 'agent_graduated', 'agent_created'] }, found: [1, 2, 3, 8, 10] },
    { selector: { types: ['agent_graduated', 'trade_executed'] }, found: [4, 5, 6, 7, 8, 9] },
    { selector: { agentId: agentId('2'), types: ['trade_executed'] }, found: [4, 7] },
    { selector: { agentId: agentId('2'), types: ['agent_graduated', 'agent_created'] }, found: [3, 8] },
    { selector: { agentId: agentId('3'), types: ['agent_created'] }, found: [] },
  ])('finds $found by $selector with pages of any size', async ({ selector, found }) => {
    await expectFound(await filled(await open()), selector, found);
  });

  it('gives back entries of the platform, that no wallet ordered', async () => {
    const log = await open();
    await log.append(platform);
    expect(await log.read({ after: 0, limit: 100 })).toEqual({ records: platform, through: 13 });
  });

  it.each<{ selector: LogSelector; found: number[] }>([
    { selector: { agentId: agentId('1') }, found: [2, 10] },
    { selector: { agentId: agentId('2') }, found: [4, 6, 7, 9] },
    { selector: { types: ['king_changed'] }, found: [2, 7, 11] },
    { selector: { types: ['season_ended', 'season_started'] }, found: [1, 13] },
    { selector: { types: ['vault_created', 'vault_deposited', 'vault_withdrawn'] }, found: [3, 8, 12] },
    { selector: { types: ['trade_executed', 'staked', 'unstaked'] }, found: [4, 5, 6, 9] },
    { selector: { agentId: agentId('2'), types: ['king_changed'] }, found: [7] },
    { selector: { agentId: agentId('1'), types: ['rewards_claimed', 'staked'] }, found: [10] },
    { selector: { agentId: agentId('1'), types: ['season_started', 'season_ended'] }, found: [] },
    { selector: { agentId: agentId('2'), types: ['vault_withdrawn'] }, found: [] },
  ])('finds $found of the platform by $selector', async ({ selector, found }) => {
    const log = await open();
    for (const record of platform) await log.append([record]);
    await expectFound(log, selector, found);
  });

  it('closes after the running appends, once, and is closed then', async () => {
    const log = await open();
    const append = log.append(trades(1, 3));
    await Promise.all([log.close(), log.close()]);
    await expect(append).resolves.toBeUndefined();
    await log.close();
    const closed = { name: 'JournalError', code: 'closed', outcome: 'not_written' };
    await expect(log.append(trades(4, 4))).rejects.toMatchObject(closed);
    await expect(log.read({ after: 0, limit: 1 })).rejects.toMatchObject(closed);
    await expect(log.readBackward({ before: 9, limit: 1 })).rejects.toMatchObject(closed);
  });
});

describe('MemoryLog', () => {
  it('fails the next append as told, and only that one', async () => {
    const log = new MemoryLog();
    log.failNextAppend('not_written');
    const outcomes = await Promise.allSettled([log.append(trades(1, 2)), log.append(trades(3, 3))]);
    expect(outcomes).toMatchObject([
      { reason: { code: 'write_failed', outcome: 'not_written' } },
      { reason: { code: 'out_of_sequence' } },
    ]);
    expect(log.head).toBe(0);
    log.failNextAppend('unknown', true);
    await expect(log.append(trades(1, 2))).rejects.toMatchObject({
      code: 'write_failed',
      outcome: 'unknown',
    });
    expect(log.head).toBe(2);
    log.failNextAppend('unknown', false);
    await expect(log.append(trades(3, 3))).rejects.toMatchObject({
      code: 'write_failed',
      outcome: 'unknown',
    });
    expect(log.head).toBe(2);
    await log.append(trades(3, 3));
    expect(log.head).toBe(3);
  });
});
