import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../server/identity/identity.ts';
import { SessionStore } from '../../server/identity/session-store.ts';
import type { WalletAddress } from '../../shared/ids.ts';
import { temporaryDirectory } from '../journal/temporary.ts';
import { ManualClock } from '../support/test-app.ts';
import { ann, bob, SECRET, SITE } from './fixture.ts';

let directory: string;
let clock: ManualClock;
beforeEach(() => {
  directory = temporaryDirectory();
  clock = new ManualClock();
});

/** As a process does that starts. */
const open = (secret = SECRET, operators: readonly WalletAddress[] = []): Identity =>
  new Identity({
    publicUrl: SITE,
    secret,
    store: new SessionStore(directory),
    clock: clock.now,
    operators,
  });

/** All that is in the folder, letter for letter. */
const written = (): string =>
  readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'latin1'))
    .join('\n');

describe('sessions in a folder', () => {
  it('outlive the process', async () => {
    const before = open();
    const anns = await before.vouch(ann.address, 'a browser');
    const used = await before.vouch(bob.address, 'a bot');
    const ended = await before.vouch(bob.address, 'another');
    const bobs = await before.refresh(used.refreshToken);
    if (typeof bobs === 'string') throw new Error(bobs);
    before.revoke(bob.address, ended.sessionId);
    const lists = [before.sessions(ann.address), before.sessions(bob.address)];
    before.close();

    const after = open();
    expect([after.sessions(ann.address), after.sessions(bob.address)]).toEqual(lists);
    expect(await after.sessionOf(anns.accessToken)).toMatchObject({ id: anns.sessionId });
    expect(await after.sessionOf(ended.accessToken)).toBe('revoked');
    expect(await after.refresh(bobs.refreshToken)).toMatchObject({ sessionId: bobs.sessionId });
    // That it was used is not forgotten either.
    expect(await after.refresh(used.refreshToken)).toBe('revoked');
    expect(await after.sessionOf(bobs.accessToken)).toBe('revoked');
    after.close();
  });

  it('are there after the process was killed', async () => {
    const killed = open();
    const { refreshToken, sessionId } = await killed.vouch(ann.address, '');
    // Not closed.
    const after = open();
    expect(await after.refresh(refreshToken)).toMatchObject({ sessionId });
    after.close();
    killed.close();
  });

  it('are nobody’s with another secret', async () => {
    const before = open();
    const { accessToken, refreshToken } = await before.vouch(ann.address, '');
    before.close();
    const after = open(`${SECRET}.`);
    expect(await after.sessionOf(accessToken)).toBe('invalid');
    expect(await after.refresh(refreshToken)).toBe('invalid');
    after.close();
  });

  it('are for their owner to read, whatever the mask of the process', async () => {
    const mask = process.umask(0);
    try {
      const identity = open();
      await identity.vouch(ann.address, '');
      const modes = readdirSync(directory).map((name) => [
        name,
        (statSync(join(directory, name)).mode & 0o777).toString(8),
      ]);
      expect(Object.fromEntries(modes)).toEqual({
        'sessions.db': '600',
        'sessions.db-shm': '600',
        'sessions.db-wal': '600',
      });
      identity.close();
    } finally {
      process.umask(mask);
    }
  });

  it('are written without what they are used with', async () => {
    const identity = open();
    const first = await identity.vouch(ann.address, 'a browser');
    const second = await identity.refresh(first.refreshToken);
    if (typeof second === 'string') throw new Error(second);
    const whileOpen = written();
    identity.close();
    for (const text of [whileOpen, written()]) {
      // This is the file, and it is to be read.
      expect(text).toContain(ann.address);
      expect(text).toContain(first.sessionId);
      for (const { refreshToken, accessToken } of [first, second]) {
        const bytes = Buffer.from(refreshToken, 'base64url');
        // The secret part of it as well, by itself, however it is written.
        const random = bytes.subarray(20);
        for (const secret of [
          refreshToken,
          accessToken,
          accessToken.split('.').at(-1) ?? '',
          bytes.toString('latin1'),
          random.toString('latin1'),
          random.toString('hex'),
          random.toString('base64url'),
        ]) {
          expect(text).not.toContain(secret);
        }
      }
      expect(text).not.toContain(SECRET);
    }
  });

  it('who is an operator is for the configuration to say, not for the folder', async () => {
    const before = open(SECRET, [ann.address]);
    const { accessToken } = await before.vouch(ann.address, '');
    expect(await before.sessionOf(accessToken)).toMatchObject({ operator: true });
    before.close();
    const after = open();
    expect(await after.sessionOf(accessToken)).toMatchObject({ operator: false });
    after.close();
  });

  it('that have expired are removed when somebody signs in', async () => {
    const identity = open();
    const { sessionId } = await identity.vouch(bob.address, '');
    clock.advance(30 * 86_400_000);
    await identity.vouch(ann.address, '');
    identity.close();
    const db = new Database(join(directory, 'sessions.db'));
    const ids: unknown[] = db.prepare('SELECT id FROM sessions').raw(true).all([]);
    db.close();
    expect(ids.flat()).toHaveLength(1);
    expect(ids.flat()).not.toContain(sessionId);
  });

  it('of a later program are not touched', () => {
    const db = new Database(join(directory, 'sessions.db'));
    db.exec('PRAGMA user_version = 2');
    db.close();
    expect(() => new SessionStore(directory)).toThrow(/schema version 2; this program knows 1/);
  });
});
