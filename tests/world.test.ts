import { deserialize, serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldViews } from '../server/feeds/views.ts';
import { MemorySnapshotStore } from '../server/journal/snapshot-store.ts';
import { carryOut } from '../server/market/carry-out.ts';
import { stateDigest } from '../server/market/digest.ts';
import { decodeWorld, encodeWorld, restoreWorld, type World } from '../server/world.ts';
import { sol } from '../shared/units.ts';
import { commandFrom } from './support/random-commands.ts';
import { preparedMarket, randomGenes, sendCommands } from './support/random-market.ts';
import type { TestMarket } from './support/test-app.ts';

const COMMANDS = 600;
const genes = randomGenes(2 * COMMANDS, { sequences: 1, seed: 77 })[0] ?? new Uint32Array();
const silent = { warn: () => undefined };

let market: TestMarket;
beforeEach(async () => {
  market = await preparedMarket();
  await sendCommands(market, genes, { from: 0, to: COMMANDS, size: 20 });
});
afterEach(() => market.app.close());

const worldOf = ({ app }: TestMarket): World => ({ market: app.market, views: app.views });

/** The bytes of a world of which one thing is another, or missing. */
function changed(change: (value: Record<string, unknown>) => void): Uint8Array {
  const value: unknown = deserialize(encodeWorld(worldOf(market)));
  if (!isRecord(value)) throw new Error('no world');
  change(value);
  return serialize(value);
}
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const inside = (value: Record<string, unknown>, ...path: string[]): Record<string, unknown> =>
  path.reduce<Record<string, unknown>>((at, name) => {
    const next = at[name];
    if (!isRecord(next)) throw new Error(`no ${name}`);
    return next;
  }, value);

/** Carries on with more commands, as an executor and its views would. */
function carryOn({ market: state, views }: World): void {
  let now = state.at;
  for (let index = COMMANDS; index < 2 * COMMANDS; index += 1) {
    now += 1_500;
    const result = carryOut(state, commandFrom(genes, index, state), now);
    if (result.kind === 'accepted') for (const entry of result.entries) foldViews(views, entry);
  }
}

/** A store that has `bytes` as the snapshot of now. */
async function storeOf(bytes: Uint8Array): Promise<MemorySnapshotStore> {
  const store = new MemorySnapshotStore();
  await store.save({ seq: market.log.head, bytes });
  return store;
}

describe('a snapshot of the world', () => {
  it('keeps all of it', () => {
    const world = worldOf(market);
    const decoded = decodeWorld(encodeWorld(world), market.log.epoch);
    expect(decoded).toEqual(world);
    expect(stateDigest(decoded.market)).toBe(stateDigest(world.market));
    // The test would show little if there were little of anything.
    const { views } = world;
    expect(views.kings.length).toBeGreaterThan(1);
    expect(views.season?.scores.size).toBeGreaterThan(0);
    expect(views.lastSeason).not.toBeNull();
    expect(views.poolValues.size).toBeGreaterThan(0);
    expect(views.vaults.byId.size).toBeGreaterThan(1);
    expect(views.vaultChanges.size).toBe(views.vaults.byId.size);
    expect(views.activities.length).toBeGreaterThan(50);
    expect(world.market.faucet.taken.size).toBeGreaterThan(1);
    const wallets = [...views.wallets.values()];
    for (const name of ['holdings', 'stakes', 'shares'] as const) {
      expect(wallets.some((wallet) => wallet[name].size > 0)).toBe(true);
    }
    expect(wallets.some(({ recent, fills }) => recent.length > fills.length && fills.length > 0)).toBe(true);
  });

  it('goes on as the world it was taken of would', async () => {
    const decoded = decodeWorld(encodeWorld(worldOf(market)), market.log.epoch);
    const { world: folded } = await restoreWorld(market.log, new MemorySnapshotStore(), silent);
    for (const world of [decoded, folded]) carryOn(world);
    expect(decoded.market.seq).toBeGreaterThan(market.log.head + COMMANDS / 10);
    expect(stateDigest(decoded.market)).toBe(stateDigest(folded.market));
    expect(decoded.views).toEqual(folded.views);
  });

  it.each<[string, (value: Record<string, unknown>) => void]>([
    [
      'of format 1',
      (value) => {
        value['format'] = 1;
      },
    ],
    [
      'of format 2',
      (value) => {
        value['format'] = 2;
      },
    ],
    [
      'of a format to come',
      (value) => {
        value['format'] = 4;
      },
    ],
    ...['kings', 'activities', 'trades'].map((name): [string, (value: Record<string, unknown>) => void] => [
      `without ${name}`,
      (value) => {
        delete inside(value, 'views')[name];
      },
    ]),
    [
      'without vaults',
      (value) => {
        delete inside(value, 'market')['vaults'];
      },
    ],
    [
      'without the faucet',
      (value) => {
        delete inside(value, 'market')['faucet'];
      },
    ],
    [
      'without who has taken from it',
      (value) => {
        delete inside(value, 'market', 'faucet')['taken'];
      },
    ],
    [
      'without what is at stake',
      (value) => {
        delete inside(value, 'views')['poolValues'];
      },
    ],
    [
      'whose agents know nothing of stakes',
      (value) => {
        const { agents } = inside(value, 'views');
        if (agents instanceof Map) for (const agent of agents.values()) delete agent.staked;
      },
    ],
    [
      'of another log',
      (value) => {
        inside(value, 'market')['epoch'] = '00000000000000bb';
      },
    ],
    [
      'whose parts are apart',
      (value) => {
        inside(value, 'views')['seq'] = 1;
      },
    ],
    [
      'whose ledger does not add up',
      (value) => {
        const { sol: balances } = inside(value, 'market', 'ledger');
        if (balances instanceof Map) balances.set('fees:protocol', 0n);
      },
    ],
  ])('%s is not used: one warning, and the whole log is folded', async (_, change) => {
    const warnings: string[] = [];
    const store = await storeOf(changed(change));
    const restored = await restoreWorld(market.log, store, { warn: (message) => warnings.push(message) });
    expect(restored.snapshotSeq).toBe(0);
    expect(restored.world).toEqual(worldOf(market));
    expect(warnings).toEqual([expect.stringMatching(/^snapshot at \d+ is not used \(.+\); folding/)]);
  });
});

describe('what counts as a whale', () => {
  const whales = ({ views }: World) => views.activities.filter(({ kind }) => kind === 'whale_trade').length;

  it('is the given amount when the log is folded, one SOL when none is given', async () => {
    const restored = async (whaleSol?: ReturnType<typeof sol>) =>
      (await restoreWorld(market.log, new MemorySnapshotStore(), { ...silent, whaleSol })).world;
    const usual = await restored();
    expect(usual.views.whaleSol).toBe(sol('1'));
    expect(whales(usual)).toBeGreaterThan(0);
    expect(whales(await restored(sol('1000')))).toBe(0);
    expect(whales(await restored(sol('0')))).toBeGreaterThan(whales(usual));
  });

  it('is the given amount from the snapshot on, and the snapshot’s own when none is given', async () => {
    const store = await storeOf(encodeWorld(worldOf(market)));
    const other = await restoreWorld(market.log, store, { ...silent, whaleSol: sol('1000') });
    expect(other.snapshotSeq).toBe(market.log.head);
    expect(other.world.views.whaleSol).toBe(sol('1000'));
    // What was told is told.
    expect(other.world.views.activities).toEqual(market.app.views.activities);
    const stored = await storeOf(encodeWorld(other.world));
    const { world } = await restoreWorld(market.log, stored, silent);
    expect(world.views.whaleSol).toBe(sol('1000'));
  });
});
