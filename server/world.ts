import { deserialize, serialize } from 'node:v8';
import { stakePoolChangedSchema } from '../shared/platform-schemas.ts';
import type { Lamports } from '../shared/units.ts';
import {
  agentViewSchema,
  candleSeriesSchema,
  holdingSchema,
  priceChangedSchema,
} from '../shared/view-schemas.ts';
import { emptyViews, foldViews, type ViewsState } from './feeds/views.ts';
import type { EventLog, LogRecord, SnapshotStore } from './journal/log.ts';
import { replayLog } from './journal/recovery.ts';
import { evolve } from './market/evolve.ts';
import { ledgerSums } from './market/ledger.ts';
import { initialState, type MarketState } from './market/state.ts';

/** Both folds of the log: what decisions depend on, and what readers see. */
export interface World {
  readonly market: MarketState;
  readonly views: ViewsState;
}

/** Raise it whenever the market state or a view changes its shape or meaning: older snapshots are then ignored. */
const FORMAT = 3;

export const emptyWorld = (epoch: string): World => ({ market: initialState(epoch), views: emptyViews() });

export function foldWorld(world: World, { entry, order }: LogRecord): void {
  evolve(world.market, entry, order);
  foldViews(world.views, entry);
}

export const encodeWorld = (world: World): Uint8Array => serialize({ format: FORMAT, ...world });

/** @throws Error when the bytes are not a world of this format and epoch, or its ledger does not add up. */
export function decodeWorld(bytes: Uint8Array, epoch: string): World {
  const value: unknown = deserialize(bytes);
  if (!isWorld(value)) throw new Error('not a snapshot of this format');
  const { market, views } = value;
  if (market.epoch !== epoch) throw new Error(`snapshot of another log, ${market.epoch}`);
  if (market.seq !== views.seq) throw new Error('market and views are at different entries');
  for (const [asset, sum] of ledgerSums(market.ledger)) {
    if (sum !== 0n) throw new Error(`ledger of ${asset} does not add up`);
  }
  return { market, views };
}

/**
 * The store vouches for the bytes with a checksum, and FORMAT for who wrote them; what is left to catch is a shape
 * that changed while FORMAT did not, for which one value of each kind is enough.
 */
function isWorld(value: unknown): value is World & { format: number } {
  if (!isRecord(value) || value['format'] !== FORMAT) return false;
  const { market, views } = value;
  if (!isRecord(market) || !isRecord(views) || !isRecord(market['ledger'])) return false;
  const maps = [
    ...['agents', 'symbols', 'pools'].map((name) => market[name]),
    ...['recent', 'previous'].map((name) =>
      isRecord(market['orders']) ? market['orders'][name] : undefined,
    ),
    ...['sol', 'tokens'].map((name) => (isRecord(market['ledger']) ? market['ledger'][name] : undefined)),
    ...['byId', 'byAddress'].map((name) => (isRecord(market['vaults']) ? market['vaults'][name] : undefined)),
    ...['agents', 'prices', 'candles', 'holders', 'wallets', 'pools', 'poolValues'].map(
      (name) => views[name],
    ),
  ];
  if (!maps.every((map) => map instanceof Map)) return false;
  if (!isRecord(market['faucet']) || !(market['faucet']['taken'] instanceof Set)) return false;
  if (
    !['trades', 'newAgents', 'graduations', 'kings', 'activities'].every((name) => Array.isArray(views[name]))
  )
    return false;
  const candles = sample(views['candles']);
  const wallet = sample(views['wallets']);
  return (
    fits(agentViewSchema, sample(views['agents'])) &&
    fits(priceChangedSchema, sample(views['prices'])) &&
    fits(candleSeriesSchema, isRecord(candles) ? candles['1m'] : undefined) &&
    fits(holdingSchema, isRecord(wallet) ? sample(wallet['holdings']) : undefined) &&
    fits(stakePoolChangedSchema, sample(views['poolValues']))
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function sample(map: unknown): unknown {
  if (!(map instanceof Map)) return undefined;
  for (const value of map.values()) return value;
  return undefined;
}

const fits = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown): boolean =>
  value === undefined || schema.safeParse(value).success;

export interface Restored {
  readonly world: World;
  /** The entry up to which the world came from a snapshot; 0 without one. */
  readonly snapshotSeq: number;
}

export interface RestoreOptions {
  readonly warn: (message: string) => void;
  /** The least SOL that makes a trade an activity, from the first entry on that no snapshot covers. */
  readonly whaleSol?: Lamports | undefined;
}

/** Folds the log from its newest usable snapshot; without one, from the beginning. */
export async function restoreWorld(
  log: Pick<EventLog, 'epoch' | 'head' | 'read'>,
  snapshots: SnapshotStore,
  { warn, whaleSol }: RestoreOptions,
): Promise<Restored> {
  const world = (await loadWorld(log, snapshots, warn)) ?? emptyWorld(log.epoch);
  if (whaleSol !== undefined) world.views.whaleSol = whaleSol;
  const snapshotSeq = world.market.seq;
  await replayLog(log, snapshotSeq, (record) => foldWorld(world, record));
  return { world, snapshotSeq };
}

async function loadWorld(
  { epoch, head }: Pick<EventLog, 'epoch' | 'head'>,
  snapshots: SnapshotStore,
  warn: (message: string) => void,
): Promise<World | undefined> {
  const stored = await snapshots.load(head);
  if (stored === undefined) return undefined;
  try {
    const world = decodeWorld(stored.bytes, epoch);
    if (world.market.seq !== stored.seq) throw new Error(`holds entry ${world.market.seq}`);
    return world;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn(`snapshot at ${stored.seq} is not used (${reason}); folding the whole log`);
    return undefined;
  }
}
