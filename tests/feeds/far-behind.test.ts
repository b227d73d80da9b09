import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECENT_LENGTH } from '../../server/feeds/views.ts';
import { MAX_BEHIND } from '../../server/realtime/cursor.ts';
import type { LiveStream } from '../../server/realtime/live-stream.ts';
import { type AgentId, clientOrderId, type VaultId, type WalletAddress } from '../../shared/ids.ts';
import { lamports, sol } from '../../shared/units.ts';
import { FILLS_LENGTH } from '../../shared/views/account.ts';
import { TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

let market: TestMarket;
let ann: WalletAddress;
let agent: AgentId;
let vault: VaultId;

beforeEach(async () => {
  market = await new TestMarket().open({ ringCapacity: 4 });
  ann = await market.fund('ann', '100000');
  agent = await market.createAgent('ONE');
  const opened = await market.as(ann).createVault({ clientOrderId: market.orderId(), name: 'Slow' });
  vault = opened.vault.vaultId;
  await market.as(ann).vaultDeposit({ clientOrderId: market.orderId(), vaultId: vault, sol: sol('100') });
});
afterEach(() => market.app.close());

const idOf = (seq: number): string => `${market.log.epoch}-${seq}`;

/** Entries of others, which no account here has anything to do with. */
async function others(count: number): Promise<void> {
  const { executor } = market.app.services;
  const before = market.log.head;
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      executor.submit({
        kind: 'credit_wallet',
        wallet: wallet('operator'),
        clientOrderId: clientOrderId(`other-${before}-${index}`),
        to: wallet('somebody else'),
        sol: lamports(1n),
      }),
    ),
  );
  expect(market.log.head).toBe(before + count);
}

const subjects = {
  account: {
    read: (lastEventId: string) => taken(market.app.services.feeds.account(ann, { lastEventId })),
    act: async () => (await market.buy(ann, agent, '0.01')).trade.seq,
  },
  vault: {
    read: (lastEventId: string) => taken(market.app.services.feeds.vault(vault, { lastEventId })),
    act: async () => {
      const bought = await market.as(ann).vaultBuy({
        clientOrderId: market.orderId(),
        vaultId: vault,
        agentId: agent,
        exact: 'sol',
        sol: sol('0.01'),
      });
      return bought.trade.seq;
    },
  },
};

interface Taken {
  readonly id: string;
  readonly data: { readonly type: string };
}

/** Everything that is there. */
async function taken<M extends Taken['data']>(stream: LiveStream<M>): Promise<Taken[]> {
  const all: Taken[] = [];
  for (;;) {
    const items = await stream.cursor.take(10);
    if (items.length === 0) break;
    all.push(...items);
  }
  await stream.return();
  return all;
}

describe.each(['account', 'vault'] as const)('the %s of somebody', (name) => {
  const { read, act } = subjects[name];

  it.each([false, true])('is read back whole however much has come, restarted: %s', async (restarts) => {
    const before = market.log.head;
    const seqs: number[] = [];
    const count = 4 * RECENT_LENGTH + 5;
    for (let done = 0; done < count; done += 1) {
      seqs.push(await act());
      if (done % 7 === 0) await others(3);
    }
    if (restarts) await market.restart({ ringCapacity: 4 });
    // From the entry before any of the last, found by their seqs as far as these are known and in the log beyond.
    for (const behind of [
      count,
      3 * RECENT_LENGTH,
      2 * RECENT_LENGTH,
      RECENT_LENGTH + 1,
      RECENT_LENGTH,
      3,
      0,
    ]) {
      const due = seqs.slice(count - behind);
      const after = behind === count ? before : (due[0] ?? market.log.head + 1) - 1;
      const items = await read(idOf(after));
      expect(items.map(({ id }) => id)).toEqual(due.map(idOf));
    }
  });

  it('goes on without a gap after more than that of others, when few entries are its own', async () => {
    const before = market.log.head;
    const seqs = [await act(), await act()];
    await others(MAX_BEHIND + 10);
    seqs.push(await act());
    const items = await read(idOf(before));
    expect(items.map(({ id }) => id)).toEqual(seqs.map(idOf));
  });

  it('gets a snapshot of now in place of what is too far behind', async () => {
    const before = market.log.head;
    // More than are known by their seqs, so that the log would have to be read, all of it.
    for (let done = 0; done < 2 * RECENT_LENGTH + 1; done += 1) await act();
    await others(MAX_BEHIND + 10);
    const last = await act();
    const [snapshot, ...rest] = await read(idOf(before));
    expect(rest).toEqual([]);
    expect(snapshot).toMatchObject({ id: idOf(last), data: { type: 'snapshot', reason: 'gap' } });
    // What it shows is what there is.
    const [fresh] = await read('unknown');
    expect(snapshot?.data).toEqual(fresh?.data);
  });
});

it('of a wallet so many seqs are kept and no more, however much it does', async () => {
  for (let done = 0; done < 5 * RECENT_LENGTH; done += 1) await subjects.account.act();
  const { recent = [], fills = [] } = market.app.views.wallets.get(ann) ?? {};
  expect(recent.length).toBeGreaterThanOrEqual(RECENT_LENGTH);
  expect(recent.length).toBeLessThan(2 * RECENT_LENGTH);
  expect(fills.length).toBeGreaterThanOrEqual(FILLS_LENGTH);
  expect(fills.length).toBeLessThan(2 * FILLS_LENGTH);
});

it('an account goes on without a gap when its own entries since are known by their seqs', async () => {
  for (let done = 0; done < 2 * RECENT_LENGTH + 1; done += 1) await subjects.account.act();
  const before = market.log.head;
  await others(MAX_BEHIND + 10);
  const seqs = [await subjects.account.act()];
  expect((await subjects.account.read(idOf(before))).map(({ id }) => id)).toEqual(seqs.map(idOf));
});
