import { Buffer } from 'node:buffer';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyFor } from '../../server/identity/secret.ts';
import type { Tokens } from '../../shared/auth.ts';
import { ann, bob, type OpenIdentity, openIdentity, SECRET, SITE } from './fixture.ts';

const KEY = keyFor('access', SECRET);
const HEADER = { alg: 'HS256', typ: 'at+jwt' };

let world: OpenIdentity;
let tokens: Tokens;
beforeEach(async () => {
  world = openIdentity();
  tokens = await world.identity.vouch(ann.address, 'a test');
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Made {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: Uint8Array;
  readonly hash?: string;
}

/** What the server's own tokens say. */
function claims(): Record<string, unknown> {
  const now = world.clock.now() / 1000;
  return {
    iss: 'agent.fun',
    aud: SITE,
    sub: ann.address,
    sid: tokens.sessionId,
    iat: now,
    nbf: now,
    exp: now + 900,
  };
}

/** Written without the library that reads it. */
function make({ header = HEADER, claims: said = claims(), key = KEY, hash = 'sha256' }: Made = {}): string {
  const signed = `${part(header)}.${part(said)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

const without = (name: string): object =>
  Object.fromEntries(Object.entries(claims()).filter(([each]) => each !== name));

describe('an access token', () => {
  it('is of its session, for a quarter of an hour', async () => {
    expect(await world.identity.sessionOf(tokens.accessToken)).toEqual({
      id: tokens.sessionId,
      wallet: ann.address,
      expiresAt: world.clock.now() + 900_000,
      operator: false,
    });
    expect(tokens.accessExpiresAt).toBe(world.clock.now() + 900_000);
  });

  it('is what these tests make, but for what each changes', async () => {
    expect(await world.identity.sessionOf(make())).toEqual(
      await world.identity.sessionOf(tokens.accessToken),
    );
  });

  it('expires at its second', async () => {
    world.clock.advance(899_999);
    expect(await world.identity.sessionOf(tokens.accessToken)).toMatchObject({ wallet: ann.address });
    world.clock.advance(1);
    expect(await world.identity.sessionOf(tokens.accessToken)).toBe('expired');
  });

  it('lives no longer than its session', async () => {
    world.clock.advance(30 * 86_400_000 - 60_000);
    const refreshed = await world.identity.refresh(tokens.refreshToken);
    expect(refreshed).toMatchObject({
      accessExpiresAt: world.clock.now() + 60_000,
      refreshExpiresAt: tokens.refreshExpiresAt,
    });
  });

  it('is for nothing when its session has ended', async () => {
    world.identity.revoke(ann.address, tokens.sessionId);
    expect(await world.identity.sessionOf(tokens.accessToken)).toBe('revoked');
    expect(await world.identity.sessionOf(make())).toBe('revoked');
  });
});

describe('a token is not valid', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unsigned = (alg: string): string => `${part({ ...HEADER, alg })}.${part(claims())}.`;

  it.each<[string, () => string]>([
    ['without a signature, alg none', () => unsigned('none')],
    ['without a signature, alg None', () => unsigned('None')],
    ['without a signature, alg HS256', () => unsigned('HS256')],
    ['that says none, signed all the same', () => make({ header: { ...HEADER, alg: 'none' } })],
    ['signed with HS384', () => make({ header: { ...HEADER, alg: 'HS384' }, hash: 'sha384' })],
    ['signed with HS512', () => make({ header: { ...HEADER, alg: 'HS512' }, hash: 'sha512' })],
    ['that says HS512, signed with HS256', () => make({ header: { ...HEADER, alg: 'HS512' } })],
    ['that says RS256, signed with the key of HS256', () => make({ header: { ...HEADER, alg: 'RS256' } })],
    [
      'signed with RS256',
      () => {
        const signed = `${part({ ...HEADER, alg: 'RS256' })}.${part(claims())}`;
        return `${signed}.${sign('sha256', Buffer.from(signed), rsa.privateKey).toString('base64url')}`;
      },
    ],
    ['that says no algorithm', () => make({ header: { typ: 'at+jwt' } })],
    [
      'that brings its own key',
      () => make({ header: { ...HEADER, jwk: { kty: 'oct', k: 'AAAA' } }, key: Buffer.alloc(3) }),
    ],
    ['with a header that must be understood', () => make({ header: { ...HEADER, crit: ['x'], x: 1 } })],
    ['of another type', () => make({ header: { ...HEADER, typ: 'JWT' } })],
    ['of no type', () => make({ header: { alg: 'HS256' } })],
    ['of another issuer', () => make({ claims: { ...claims(), iss: 'evil' } })],
    ['for another site', () => make({ claims: { ...claims(), aud: 'https://evil.example' } })],
    ...['iss', 'aud', 'sub', 'sid', 'iat', 'nbf', 'exp'].map((name): [string, () => string] => [
      `that says no ${name}`,
      () => make({ claims: without(name) }),
    ]),
    ['of what is no wallet', () => make({ claims: { ...claims(), sub: 'ann' } })],
    ['of what is no session', () => make({ claims: { ...claims(), sid: '../../x' } })],
    ['whose session is no text', () => make({ claims: { ...claims(), sid: 7 } })],
    ['whose end is no number', () => make({ claims: { ...claims(), exp: '9999999999' } })],
    [
      'whose end is within a second',
      () => make({ claims: { ...claims(), exp: world.clock.now() / 1000 + 900.5 } }),
    ],
    ['of the future', () => make({ claims: { ...claims(), nbf: world.clock.now() / 1000 + 1 } })],
    ['with another secret', () => make({ key: keyFor('access', `${SECRET}.`) })],
    ['with the key of refresh tokens', () => make({ key: keyFor('refresh', SECRET) })],
    ['with the secret itself', () => make({ key: Buffer.from(SECRET) })],
    ['with no key', () => make({ key: Buffer.alloc(0) })],
    [
      'that names another wallet than was signed',
      () => {
        const [header, , signature] = tokens.accessToken.split('.');
        return `${header}.${part({ ...claims(), sub: bob.address })}.${signature}`;
      },
    ],
    [
      'that lasts longer than was signed',
      () => {
        const [header, , signature] = tokens.accessToken.split('.');
        return `${header}.${part({ ...claims(), exp: 4e9 })}.${signature}`;
      },
    ],
    ['with a part more', () => `${tokens.accessToken}.x`],
    ['with a part less', () => tokens.accessToken.split('.').slice(0, 2).join('.')],
    ['that is a refresh token', () => tokens.refreshToken],
    ['that is nothing', () => ''],
    ['that is a long text', () => 'x'.repeat(2_000)],
  ])('%s', async (_, forged) => {
    expect(await world.identity.sessionOf(forged())).toBe('invalid');
    // The right one is none the worse for it.
    expect(await world.identity.sessionOf(tokens.accessToken)).toMatchObject({ wallet: ann.address });
  });

  it('of another kind when it has also expired: what is none of ours is told nothing', async () => {
    const forged = make({ key: keyFor('refresh', SECRET), claims: { ...claims(), exp: 1 } });
    expect(await world.identity.sessionOf(forged)).toBe('invalid');
  });

  it('of a session that there is not, however well it is signed', async () => {
    const forged = make({ claims: { ...claims(), sid: 'A'.repeat(22) } });
    expect(await world.identity.sessionOf(forged)).toBe('revoked');
  });
});

describe('operators', () => {
  it('are the wallets that the server was told of, by whatever way they came', async () => {
    const { identity, signIn } = openIdentity({ operators: [bob.address] });
    const [anns, bobs] = [await signIn(ann), await signIn(bob)];
    expect([anns.operator, bobs.operator]).toEqual([false, true]);
    expect(await identity.sessionOf(anns.accessToken)).toMatchObject({ operator: false });
    expect(await identity.sessionOf(bobs.accessToken)).toMatchObject({ operator: true });
    expect(await identity.refresh(bobs.refreshToken)).toMatchObject({ operator: true });
    expect((await identity.vouch(ann.address, '')).operator).toBe(false);
  });

  it('are none because their token says so', async () => {
    const forged = make({ claims: { ...claims(), operator: true } });
    expect(await world.identity.sessionOf(forged)).toMatchObject({ operator: false });
  });
});
