import { Buffer } from 'node:buffer';
import { beforeEach, describe, expect, it } from 'vitest';
import { RefreshTokens } from '../../server/identity/refresh-tokens.ts';
import { keyFor } from '../../server/identity/secret.ts';
import type { StoredSession } from '../../server/identity/session-store.ts';
import type { Tokens } from '../../shared/auth.ts';
import { ann, type OpenIdentity, openIdentity, SECRET } from './fixture.ts';

const DAY = 86_400_000;

let world: OpenIdentity;
let tokens: Tokens;
let reused: StoredSession[];
beforeEach(async () => {
  reused = [];
  world = openIdentity({ onReuse: (session) => reused.push(session) });
  tokens = await world.signIn(ann);
});

async function refreshed(refreshToken: string): Promise<Tokens> {
  const next = await world.identity.refresh(refreshToken);
  if (typeof next === 'string') throw new Error(next);
  return next;
}
const isLive = async ({ accessToken }: Tokens): Promise<boolean> =>
  typeof (await world.identity.sessionOf(accessToken)) === 'object';

describe('a refresh token', () => {
  it('is good for new tokens of the same session, which are good in turn', async () => {
    let latest = tokens;
    for (let times = 0; times < 10; times += 1) {
      world.clock.advance(15 * 60_000);
      const next = await refreshed(latest.refreshToken);
      expect(next).toMatchObject({ sessionId: tokens.sessionId, wallet: ann.address });
      expect(next.refreshToken).not.toBe(latest.refreshToken);
      expect(await isLive(latest)).toBe(false);
      expect(await isLive(next)).toBe(true);
      latest = next;
    }
    expect(reused).toEqual([]);
  });

  it('ends its session when it comes a second time, and with it the access tokens', async () => {
    const next = await refreshed(tokens.refreshToken);
    expect(await world.identity.refresh(tokens.refreshToken)).toBe('revoked');
    expect(await world.identity.sessionOf(next.accessToken)).toBe('revoked');
    expect(await world.identity.sessionOf(tokens.accessToken)).toBe('revoked');
    expect(await world.identity.refresh(next.refreshToken)).toBe('revoked');
    expect(world.identity.sessions(ann.address)).toEqual([]);
    // Told once: what comes after has no session to end.
    expect(reused.map(({ id, wallet }) => [id, wallet])).toEqual([[tokens.sessionId, ann.address]]);
  });

  it.each([0, 1, 2])('ends its session however old it is: the one of generation %d of 4', async (old) => {
    const all = [tokens];
    for (let times = 0; times < 3; times += 1) {
      all.push(await refreshed(all.at(-1)?.refreshToken ?? ''));
    }
    const newest = all.at(-1) ?? tokens;
    expect(await isLive(newest)).toBe(true);
    expect(await world.identity.refresh(all[old]?.refreshToken ?? '')).toBe('revoked');
    expect(await isLive(newest)).toBe(false);
    expect(reused).toHaveLength(1);
  });

  it('ends no session but its own', async () => {
    const other = await world.signIn(ann);
    await refreshed(tokens.refreshToken);
    await world.identity.refresh(tokens.refreshToken);
    expect(await isLive(other)).toBe(true);
    expect(await refreshed(other.refreshToken)).toMatchObject({ sessionId: other.sessionId });
  });

  it('used twice at the same time is good for one, and ends the session all the same', async () => {
    const [first, second] = await Promise.all([
      world.identity.refresh(tokens.refreshToken),
      world.identity.refresh(tokens.refreshToken),
    ]);
    expect([first, second].filter((each) => each === 'revoked')).toHaveLength(1);
    const won = [first, second].find((each) => typeof each === 'object');
    if (typeof won !== 'object') throw new Error('neither was good');
    expect(await world.identity.sessionOf(won.accessToken)).toBe('revoked');
    expect(world.identity.sessions(ann.address)).toEqual([]);
  });

  it('ends with its session, a month after the sign-in, however often it was refreshed', async () => {
    let latest = tokens;
    for (let day = 1; day < 30; day += 1) {
      world.clock.advance(DAY);
      latest = await refreshed(latest.refreshToken);
    }
    expect(latest.refreshExpiresAt).toBe(tokens.refreshExpiresAt);
    world.clock.advance(DAY - 1);
    latest = await refreshed(latest.refreshToken);
    world.clock.advance(1);
    expect(await world.identity.refresh(latest.refreshToken)).toBe('expired');
    // Nobody has used it twice.
    expect(reused).toEqual([]);
  });
});

describe('what is no refresh token', () => {
  const bytesOf = ({ refreshToken }: Tokens): Buffer => Buffer.from(refreshToken, 'base64url');
  const changed = (at: number): string => {
    const bytes = bytesOf(tokens);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64url');
  };

  it.each<[string, () => string]>([
    ['with another session', () => changed(0)],
    ['with another generation', () => changed(19)],
    ['with another random part', () => changed(20)],
    ['with another code, at its first byte', () => changed(36)],
    ['with another code, at its last byte', () => changed(51)],
    ['without its last byte', () => bytesOf(tokens).subarray(0, 51).toString('base64url')],
    ['without a code', () => bytesOf(tokens).subarray(0, 36).toString('base64url')],
    ['with a byte more', () => Buffer.concat([bytesOf(tokens), Buffer.of(0)]).toString('base64url')],
    ['written another way', () => `${tokens.refreshToken}=`],
    ['of another secret', () => new RefreshTokens(keyFor('refresh', `${SECRET}.`)).make(tokens.sessionId, 0)],
    [
      'with the key of access tokens',
      () => new RefreshTokens(keyFor('access', SECRET)).make(tokens.sessionId, 0),
    ],
    ['an access token', () => tokens.accessToken],
    ['the id of the session', () => tokens.sessionId],
    ['nothing', () => ''],
  ])('is invalid, and ends nothing: %s', async (_, forged) => {
    expect(await world.identity.refresh(forged())).toBe('invalid');
    expect(reused).toEqual([]);
    expect(await isLive(tokens)).toBe(true);
    expect(await refreshed(tokens.refreshToken)).toMatchObject({ wallet: ann.address });
  });

  it.each([0, 1, 7])(
    'but is made with the key, for generation %d, ends the session: somebody has the key',
    async (generation) => {
      const forged = new RefreshTokens(keyFor('refresh', SECRET)).make(tokens.sessionId, generation);
      expect(await world.identity.refresh(forged)).toBe('revoked');
      expect(await isLive(tokens)).toBe(false);
    },
  );
});
