import { afterEach, describe, expect, it } from 'vitest';
import { MAX_GROUP, type Outcome, UnavailableError } from '../../server/journal/executor.ts';
import { MemorySnapshotStore } from '../../server/journal/snapshot-store.ts';
import type { Command, CreditWallet } from '../../server/market/command.ts';
import { stateDigest } from '../../server/market/digest.ts';
import { restoreWorld } from '../../server/world.ts';
import type { Entry } from '../../shared/events.ts';
import { agentId } from '../../shared/ids.ts';
import { sol, tokenUnits } from '../../shared/units.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

let market: TestMarket;
afterEach(async () => {
  await market.app.close();
});

const credit = (to: string, amount = '1'): CreditWallet => ({
  kind: 'credit_wallet',
  wallet: wallet('operator'),
  clientOrderId: market.orderId(),
  to: wallet(to),
  sol: sol(amount),
});

const submit = (command: Command) => market.app.services.executor.submit(command);

/** Sends a command, as often as it takes while the market recovers. */
async function submitUntilAnswered(command: Command): Promise<Outcome> {
  for (;;) {
    try {
      return await submit(command);
    } catch (reason) {
      if (!(reason instanceof UnavailableError)) throw reason;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const silent = { warn: () => undefined };

/** The state that a cold start would come to. */
async function durableDigest(): Promise<string> {
  const { world } = await restoreWorld(market.log, new MemorySnapshotStore(), silent);
  return stateDigest(world.market);
}

describe('the executor', () => {
  it('numbers entries 1, 2, 3 … in the order of submission', async () => {
    market = await openMarket();
    const outcomes = await Promise.all(
      Array.from({ length: 3000 }, (_, index) => submit(credit(`w${index}`))),
    );
    const seqs = outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.entries[0].seq : 0));
    expect(seqs).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1));
    expect(market.log.head).toBe(3000);
  });

  it('answers only when the entries are durable, the views show them and the bus has told', async () => {
    market = await openMarket();
    const told: number[] = [];
    market.app.bus.on('wallet_credited', ({ seq }) => {
      expect(market.log.head).toBeGreaterThanOrEqual(seq);
      expect(market.app.views.seq).toBeGreaterThanOrEqual(seq);
      told.push(seq);
    });
    const outcome = await submit(credit('ann'));
    expect(outcome).toMatchObject({ kind: 'accepted', entries: [{ seq: 1 }] });
    expect(told).toEqual([1]);
  });

  it('lets a command of a group see the ones before it', async () => {
    market = await openMarket();
    await submit(credit('ann', '10'));
    const creation: Command = {
      kind: 'create_agent',
      wallet: wallet('ann'),
      clientOrderId: market.orderId(),
      name: 'First',
      symbol: 'ONE',
      purpose: '',
      imageUrl: null,
      firstBuy: null,
    };
    const [created, taken, bought] = await Promise.all([
      submit(creation),
      submit({ ...creation, clientOrderId: market.orderId() }),
      submit({
        kind: 'buy_for_sol',
        wallet: wallet('ann'),
        clientOrderId: market.orderId(),
        agentId: agentId('1'),
        sol: sol('1'),
        minTokens: tokenUnits(0n),
      }),
    ]);
    expect(created.kind).toBe('accepted');
    expect(taken).toMatchObject({ kind: 'rejected', rejection: { reason: 'symbol_taken', agentId: '1' } });
    expect(bought).toMatchObject({
      kind: 'accepted',
      entries: [{ type: 'trade_executed' }, { type: 'king_changed' }],
    });
  });

  it('holds a clock that goes back', async () => {
    market = await openMarket();
    const first = await submit(credit('ann'));
    market.clock.advance(-60_000);
    const second = await submit(credit('ann'));
    const at = (outcome: typeof first) => (outcome.kind === 'accepted' ? outcome.entries[0].at : 0);
    expect(at(second)).toBe(at(first));
  });

  it('gives a repeated order its first answer, even when both are in one group, and refuses a changed one', async () => {
    market = await openMarket();
    const command = credit('ann', '5');
    const [first, again, changed] = await Promise.all([
      submit(command),
      submit(command),
      submit({ ...credit('ann', '6'), clientOrderId: command.clientOrderId }),
    ]);
    if (first.kind !== 'accepted') throw new Error('refused');
    expect(again).toEqual({ ...first, repeated: true });
    expect(changed).toMatchObject({ kind: 'rejected', rejection: { reason: 'order_conflict' } });
    expect(await submit(command)).toEqual({ ...first, repeated: true });
    expect(market.log.head).toBe(1);
  });

  it.each([
    ['was not written', 'not_done', false, 1],
    ['may have been written, and was not', 'unknown', false, 1],
    ['may have been written, and was', 'unknown', true, 2],
  ] as const)(
    'an append that %s: nothing false is said, and work goes on',
    async (_, outcome, stored, head) => {
      market = await openMarket();
      const published: Entry[] = [];
      market.app.bus.on('wallet_credited', (entry) => void published.push(entry));
      await submit(credit('ann'));
      if (outcome === 'not_done') market.log.failNextAppend('not_written');
      else market.log.failNextAppend('unknown', stored);
      const lost = credit('bob');
      const error: unknown = await submit(lost).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toMatchObject({ outcome });

      // Refused while it recovers; the same order may be sent until it gets its answer.
      expect(await submitUntilAnswered(lost)).toMatchObject({
        kind: 'accepted',
        entries: [{ seq: 2 }],
        repeated: stored,
      });
      expect(published.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(head + (stored ? 0 : 1)).toBe(market.log.head);
      expect(await durableDigest()).toBe(stateDigest(market.app.market));
      expect(market.problems.map(({ level }) => level)).toEqual(['error']);
    },
  );

  it('refuses what follows a failed append, and publishes none of it', async () => {
    market = await openMarket();
    market.log.failNextAppend('not_written');
    const many = await Promise.allSettled(Array.from({ length: 5000 }, () => submit(credit('ann'))));
    const failed = many.filter(({ status }) => status === 'rejected').length;
    expect(failed).toBeGreaterThan(0);
    expect(market.app.views.seq).toBe(market.log.head);
    expect(market.log.head).toBe(5000 - failed);
    await submitUntilAnswered(credit('ann'));
    expect(await durableDigest()).toBe(stateDigest(market.app.market));
  });

  it('does not refuse a command for what was never written', async () => {
    market = await openMarket();
    const creation = (): Command => ({
      kind: 'create_agent',
      wallet: wallet('ann'),
      clientOrderId: market.orderId(),
      name: 'First',
      symbol: 'ONE',
      purpose: '',
      imageUrl: null,
      firstBuy: null,
    });
    const first = creation();
    market.log.failNextAppend('not_written');
    // A full group, then one without events: its refusal and its repeat rest on the group that fails.
    const lost = [submit(first), ...Array.from({ length: MAX_GROUP - 1 }, () => submit(credit('ann')))];
    const resting = [submit(creation()), submit(first)];
    for (const result of await Promise.allSettled([...lost, ...resting])) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'UnavailableError' } });
    }
    expect(market.log.head).toBe(0);
    expect(await submitUntilAnswered(creation())).toMatchObject({ kind: 'accepted', entries: [{ seq: 1 }] });
  });

  it('finishes what it accepted when it is closed, then takes no more', async () => {
    market = await openMarket();
    const accepted = Array.from({ length: 100 }, () => submit(credit('ann')));
    await market.app.close();
    const outcomes = await Promise.all(accepted);
    expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
    await expect(submit(credit('ann'))).rejects.toThrow(UnavailableError);
  });
});

describe('the bus', () => {
  it('tells a listener that throws or rejects apart from the others', async () => {
    market = await openMarket();
    const heard: string[] = [];
    market.app.bus.on('wallet_credited', () => {
      throw new Error('bad listener');
    });
    market.app.bus.on('wallet_credited', () => Promise.reject(new Error('bad promise')));
    market.app.bus.on('wallet_credited', ({ wallet: to }) => void heard.push(to));
    const leave = market.app.bus.on('wallet_credited', () => void heard.push('left'));
    leave();
    await submit(credit('ann'));
    expect(heard).toEqual([wallet('ann')]);
    expect(market.problems.map(({ message }) => message)).toEqual([
      'a bus listener failed',
      'a bus listener failed',
    ]);
  });
});

describe('a cold start', () => {
  it('saves a snapshot on closing and needs nothing else of what it covers', async () => {
    market = await openMarket();
    await market.fund('ann');
    const agent = await market.createAgent('ONE');
    await market.buy(wallet('ann'), agent);
    const digest = stateDigest(market.app.market);
    const { views } = market.app;
    await market.app.close();
    const stored = await market.snapshots.load(market.log.head);
    expect(stored?.seq).toBe(4);
    // A log that cannot be read shows that nothing was read.
    const unread = { epoch: market.log.epoch, head: 4, read: () => Promise.reject(new Error('read')) };
    const { world } = await restoreWorld(unread, market.snapshots, silent);
    expect(stateDigest(world.market)).toBe(digest);
    expect(world.views).toEqual(views);
  });

  it('does without a snapshot that is not its own, and says so', async () => {
    market = await openMarket();
    await market.fund('ann');
    const snapshots = new MemorySnapshotStore();
    await snapshots.save({ seq: 1, bytes: new Uint8Array([1, 2, 3]) });
    const warnings: string[] = [];
    const { world } = await restoreWorld(market.log, snapshots, {
      warn: (message) => warnings.push(message),
    });
    expect(world.market.seq).toBe(1);
    expect(warnings).toHaveLength(1);
  });
});
