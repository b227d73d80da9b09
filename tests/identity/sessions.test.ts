import { Buffer } from 'node:buffer';
import { beforeEach, describe, expect, it } from 'vitest';
import { ann, bob, type OpenIdentity, openIdentity } from './fixture.ts';

const DAY = 86_400_000;

let world: OpenIdentity;
beforeEach(() => {
  world = openIdentity();
});

const idsOf = (signer = ann): string[] => world.identity.sessions(signer.address).map(({ id }) => id);

describe('the sessions of a wallet', () => {
  it('are listed, the oldest first, with what they were signed in with', async () => {
    const first = await world.identity.vouch(ann.address, 'a browser');
    world.clock.advance(1_000);
    const second = await world.identity.vouch(ann.address, 'a bot');
    await world.identity.vouch(bob.address, 'a browser');
    world.clock.advance(1_000);
    await world.identity.refresh(first.refreshToken);
    const now = world.clock.now();
    expect(world.identity.sessions(ann.address)).toMatchObject([
      {
        id: first.sessionId,
        wallet: ann.address,
        device: 'a browser',
        createdAt: now - 2_000,
        refreshedAt: now,
        expiresAt: now - 2_000 + 30 * DAY,
      },
      { id: second.sessionId, device: 'a bot', createdAt: now - 1_000, refreshedAt: now - 1_000 },
    ]);
  });

  it('are twenty at most: one more ends the oldest', async () => {
    const all: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      all.push((await world.identity.vouch(ann.address, '')).sessionId);
      world.clock.advance(1);
    }
    const bobs = (await world.identity.vouch(bob.address, '')).sessionId;
    expect(idsOf()).toEqual(all);
    const last = (await world.identity.vouch(ann.address, '')).sessionId;
    expect(idsOf()).toEqual([...all.slice(1), last]);
    expect(idsOf(bob)).toEqual([bobs]);
  });

  it('are gone when their time is over', async () => {
    await world.identity.vouch(ann.address, '');
    world.clock.advance(30 * DAY - 1);
    expect(idsOf()).toHaveLength(1);
    world.clock.advance(1);
    expect(idsOf()).toEqual([]);
  });

  it('have ids that nobody can guess', async () => {
    const ids = new Set<string>();
    for (let count = 0; count < 50; count += 1) {
      ids.add((await world.identity.vouch(ann.address, '')).sessionId);
    }
    expect(ids.size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ['a name that is too long', 'x'.repeat(5_000), 'x'.repeat(200)],
    ['a name that is cut within a character', `${'x'.repeat(199)}😀`, `${'x'.repeat(199)}\u{fffd}`],
    ['half a character', 'a\u{d83d}b', 'a\u{fffd}b'],
    ['what could end a statement', "'); DROP TABLE sessions; --", "'); DROP TABLE sessions; --"],
    ['no name', '', ''],
  ])('take %s from a client', async (_, device, kept) => {
    await world.identity.vouch(ann.address, device);
    expect(world.identity.sessions(ann.address).map((session) => session.device)).toEqual([kept]);
  });
});

describe('a session that is revoked', () => {
  it('has ended at once', async () => {
    const [first, second] = [await world.signIn(), await world.signIn()];
    expect(world.identity.revoke(ann.address, first.sessionId)).toBe(true);
    expect(await world.identity.sessionOf(first.accessToken)).toBe('revoked');
    expect(await world.identity.refresh(first.refreshToken)).toBe('revoked');
    expect(await world.identity.sessionOf(second.accessToken)).toMatchObject({ id: second.sessionId });
    // There is none any more.
    expect(world.identity.revoke(ann.address, first.sessionId)).toBe(false);
  });

  it('is one of the wallet that revokes it', async () => {
    const { sessionId, accessToken } = await world.signIn(ann);
    await world.signIn(bob);
    expect(world.identity.revoke(bob.address, sessionId)).toBe(false);
    expect(await world.identity.sessionOf(accessToken)).toMatchObject({ id: sessionId });
  });
});

describe('a session of a connection that signs in anew each time', () => {
  it('lasts as long as an access token, and cannot be refreshed', () => {
    const { text } = world.identity.challenge(ann.address);
    const { signature } = ann.prove(text);
    const proof = {
      walletAddress: ann.address,
      message: text,
      signature: Buffer.from(signature).toString('base64'),
    };
    expect(world.identity.signInOnce(proof, 'a bot')).toMatchObject({
      wallet: ann.address,
      expiresAt: world.clock.now() + 900_000,
      operator: false,
    });
    expect(world.identity.signInOnce(proof, 'a bot')).toBeNull();
    world.clock.advance(900_000);
    expect(idsOf()).toEqual([]);
  });

  it('is opened by the same proof as any other', () => {
    const { text } = world.identity.challenge(ann.address);
    const signature = Buffer.from(bob.prove(text).signature).toString('base64');
    expect(
      world.identity.signInOnce({ walletAddress: ann.address, message: text, signature }, ''),
    ).toBeNull();
    expect(idsOf()).toEqual([]);
  });
});
