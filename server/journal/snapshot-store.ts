import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SnapshotStore, StoredSnapshot } from './log.ts';
import { decodeHeader, decodeSnapshot, encodeSnapshot, HEADER_BYTES } from './snapshot-file.ts';

/** How many snapshots are kept: the newest, and one to fall back on should it be damaged. */
const KEPT = 2;
const NAME = /^snapshot-(\d{1,16})\.bin$/;
const UNFINISHED = /^snapshot-\d{1,16}\.bin\.tmp$/;

export interface SnapshotStoreOptions {
  /** The epoch of the log the snapshots are of. */
  readonly epoch: string;
  /** Told of each snapshot that is passed over, and why. */
  readonly warn: (message: string) => void;
}

/** Snapshots as files `snapshot-<seq>.bin` of one directory, which one store writes to at a time. */
export class FileSnapshotStore implements SnapshotStore {
  readonly #directory: string;
  /** Settles, never rejects, when the saves so far are done. */
  #saves: Promise<unknown> = Promise.resolve();

  constructor(
    directory: string,
    private readonly options: SnapshotStoreOptions,
  ) {
    this.#directory = resolve(directory);
  }

  /**
   * Stores atomically and durably: after a crash the file is there whole or not at all. Saves run one after another.
   * A snapshot of this log with a greater seq goes too: the log grows, so it is of a future the log has lost, as after
   * the return to a backup.
   */
  save(snapshot: StoredSnapshot): Promise<void> {
    const saved = this.#saves.then(() => this.#save(snapshot));
    this.#saves = saved.catch(() => undefined);
    return saved;
  }

  async load(atMost: number): Promise<StoredSnapshot | undefined> {
    for (const { name, seq } of await this.#list()) {
      if (seq > atMost) continue;
      try {
        const snapshot = decodeSnapshot(this.options.epoch, await readFile(join(this.#directory, name)));
        if (snapshot.seq !== seq) throw new RangeError(`it is of entry ${snapshot.seq}`);
        return snapshot;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.options.warn(`${join(this.#directory, name)} is not used: ${reason}`);
      }
    }
    return undefined;
  }

  async #save(snapshot: StoredSnapshot): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const path = join(this.#directory, `snapshot-${snapshot.seq}.bin`);
    await writeDurably(`${path}.tmp`, encodeSnapshot(this.options.epoch, snapshot));
    await rename(`${path}.tmp`, path);
    await syncDirectory(this.#directory);
    await this.#prune(snapshot.seq);
  }

  async #prune(newest: number): Promise<void> {
    let kept = 0;
    for (const { name, seq } of await this.#list()) {
      // Another log's file is not ours to remove, and one we cannot tell apart neither.
      if ((await this.#epochOf(name)) !== this.options.epoch) continue;
      if (seq <= newest && kept < KEPT) kept += 1;
      else await rm(join(this.#directory, name), { force: true });
    }
    for (const name of await readdir(this.#directory)) {
      if (UNFINISHED.test(name)) await rm(join(this.#directory, name), { force: true });
    }
  }

  async #epochOf(name: string): Promise<string | undefined> {
    const file = await open(join(this.#directory, name), 'r');
    try {
      const header = Buffer.alloc(HEADER_BYTES);
      const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
      return decodeHeader(header.subarray(0, bytesRead)).epoch;
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Newest first. */
  async #list(): Promise<{ name: string; seq: number }[]> {
    await mkdir(this.#directory, { recursive: true });
    const names = await readdir(this.#directory);
    return names
      .flatMap((name) => {
        const seq = NAME.exec(name)?.[1];
        return seq === undefined ? [] : [{ name, seq: Number(seq) }];
      })
      .sort((a, b) => b.seq - a.seq);
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in the directory durable. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Snapshots in memory, for tests. */
export class MemorySnapshotStore implements SnapshotStore {
  #newestFirst: StoredSnapshot[] = [];

  async save({ seq, bytes }: StoredSnapshot): Promise<void> {
    const older = this.#newestFirst.filter((stored) => stored.seq < seq);
    this.#newestFirst = [{ seq, bytes: bytes.slice() }, ...older].slice(0, KEPT);
  }

  async load(atMost: number): Promise<StoredSnapshot | undefined> {
    return this.#newestFirst.find(({ seq }) => seq <= atMost);
  }
}
