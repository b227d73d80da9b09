import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyFor, SecretError, storedSecret, weaknessOf } from '../../server/identity/secret.ts';
import { temporaryDirectory } from '../journal/temporary.ts';
import { SECRET } from './fixture.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory, 'session.secret');
});

describe('the secret of a folder', () => {
  it('is made once, of 32 random bytes, and used again', () => {
    const secret = storedSecret(directory);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(readFileSync(file, 'utf8')).toBe(`${secret}\n`);
    expect(storedSecret(directory)).toBe(secret);
    expect(storedSecret(temporaryDirectory())).not.toBe(secret);
  });

  it('is in a folder that need not be there', () => {
    const deep = join(directory, 'not', 'yet');
    expect(storedSecret(deep)).toBe(storedSecret(deep));
  });

  it('is made although an earlier start has died while it made one', () => {
    writeFileSync(`${file}.new`, 'half', { mode: 0o644 });
    const secret = storedSecret(directory);
    expect(readFileSync(file, 'utf8')).toBe(`${secret}\n`);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(directory)).toEqual(['session.secret']);
  });

  it.each([0, 0o277])('is for its owner to read, with a mask of %o', (mask) => {
    const before = process.umask(mask);
    try {
      storedSecret(directory);
    } finally {
      process.umask(before);
    }
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(storedSecret(directory)).toHaveLength(43);
  });

  it.each([0o640, 0o620, 0o604, 0o602, 0o610, 0o644, 0o666])('is refused when its mode is %o', (mode) => {
    const secret = storedSecret(directory);
    chmodSync(file, mode);
    expect(() => storedSecret(directory)).toThrow(SecretError);
    expect(() => storedSecret(directory)).toThrow(/^[^\n]*session\.secret can be read by others[^\n]*$/);
    chmodSync(file, 0o600);
    expect(storedSecret(directory)).toBe(secret);
  });

  it.each([
    ['', 'is shorter than 32 characters'],
    ['hunter2hunter2hunter2', 'is shorter than 32 characters'],
    ['0123456789'.repeat(5), 'has fewer than 12 different characters'],
  ])('is refused when it is %j', (weak, why) => {
    writeFileSync(file, `${weak}\n`, { mode: 0o600 });
    expect(() => storedSecret(directory)).toThrow(SecretError);
    expect(() => storedSecret(directory)).toThrow(why);
    if (weak !== '') expect(() => storedSecret(directory)).not.toThrow(weak);
  });
});

describe('a secret', () => {
  it.each([
    ['x'.repeat(31), 'is shorter than 32 characters'],
    ['x'.repeat(100), 'has fewer than 12 different characters'],
    [`${'x'.repeat(40)}0123456789`, 'has fewer than 12 different characters'],
    [`${'x'.repeat(40)}0123456789y`, undefined],
    ['abcdefghijklmnopqrstuvwxyz012345', undefined],
    [SECRET, undefined],
  ])('%j: %s', (secret, weakness) => {
    expect(weaknessOf(secret)).toBe(weakness);
  });

  it('gives a key for each purpose, none of which is another or the secret', () => {
    const keys = [keyFor('access', SECRET), keyFor('refresh', SECRET), keyFor('access', `${SECRET}.`)];
    for (const key of keys) expect(key).toHaveLength(32);
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
    expect(keyFor('access', SECRET)).toEqual(keys[0]);
  });
});
