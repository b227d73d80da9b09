import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import type { WalletAddress } from '../../shared/ids.ts';
import { walletAddressSchema } from '../../shared/schema.ts';

const SESSIONS_FILE = 'sessions.db';
const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    wallet TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    refreshed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    refresh_hash TEXT NOT NULL,
    device TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_of_wallet ON sessions (wallet, created_at);
  CREATE INDEX sessions_by_end ON sessions (expires_at);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;
const COLUMNS = 'id, wallet, created_at, refreshed_at, expires_at, generation, refresh_hash, device';

/** A session with the refresh token that is good for it. Times are milliseconds since the epoch. */
export interface StoredSession {
  readonly id: string;
  readonly wallet: WalletAddress;
  readonly createdAt: number;
  readonly refreshedAt: number;
  /** When it ends, however often it is refreshed. */
  readonly expiresAt: number;
  readonly generation: number;
  readonly refreshHash: string;
  /** What it was signed in with, as that calls itself. */
  readonly device: string;
}

const rowSchema = z
  .tuple([z.string(), walletAddressSchema, z.int(), z.int(), z.int(), z.int(), z.string(), z.string()])
  .transform(
    ([id, wallet, createdAt, refreshedAt, expiresAt, generation, refreshHash, device]): StoredSession => ({
      id,
      wallet,
      createdAt,
      refreshedAt,
      expiresAt,
      generation,
      refreshHash,
      device,
    }),
  );

/**
 * The sessions that have not ended, in SQLite: a session that is not there has. What is written survives the process;
 * of a machine that loses power the last moments may be missing, as commits are not synced one by one: they are made on
 * the thread that serves the sockets.
 */
export class SessionStore {
  readonly #db: Database.Database;

  /** @param directory `undefined` keeps the sessions in memory. @throws Error when the file cannot be used */
  constructor(directory?: string) {
    const file = directory === undefined ? ':memory:' : join(directory, SESSIONS_FILE);
    this.#db = new Database(file);
    try {
      if (directory !== undefined) chmodSync(file, 0o600);
      this.#prepare(file);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  add(session: StoredSession): void {
    const { id, wallet, createdAt, refreshedAt, expiresAt, generation, refreshHash, device } = session;
    this.#db
      .prepare(`INSERT INTO sessions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
      .run([id, wallet, createdAt, refreshedAt, expiresAt, generation, refreshHash, device]);
  }

  get(id: string): StoredSession | undefined {
    const row: unknown = this.#db.prepare(`SELECT ${COLUMNS} FROM sessions WHERE id = ?`).raw(true).get([id]);
    return row === undefined ? undefined : rowSchema.parse(row);
  }

  /** Of a wallet, the oldest first. */
  list(wallet: WalletAddress): readonly StoredSession[] {
    const rows: unknown = this.#db
      .prepare(`SELECT ${COLUMNS} FROM sessions WHERE wallet = ? ORDER BY created_at, id`)
      .raw(true)
      .all([wallet]);
    return z.array(rowSchema).parse(rows);
  }

  /** The next generation takes the place of the one before. */
  rotate(id: string, next: { readonly refreshHash: string; readonly refreshedAt: number }): void {
    this.#db
      .prepare(
        'UPDATE sessions SET generation = generation + 1, refresh_hash = ?, refreshed_at = ? WHERE id = ?',
      )
      .run([next.refreshHash, next.refreshedAt, id]);
  }

  /** @returns whether it was there */
  remove(id: string): boolean {
    return this.#db.prepare('DELETE FROM sessions WHERE id = ?').run([id]).changes > 0;
  }

  removeExpired(now: number): void {
    this.#db.prepare('DELETE FROM sessions WHERE expires_at <= ?').run([now]);
  }

  close(): void {
    this.#db.close();
  }

  #prepare(file: string): void {
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 1000');
    const row: unknown = this.#db.prepare('PRAGMA user_version').raw(true).get([]);
    const version = z.tuple([z.int()]).parse(row)[0];
    if (version === 0) this.#db.exec(SCHEMA);
    else if (version !== SCHEMA_VERSION) {
      throw new Error(`${file} has schema version ${version}; this program knows ${SCHEMA_VERSION}`);
    }
  }
}
