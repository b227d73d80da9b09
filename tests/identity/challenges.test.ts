import { describe, expect, it } from 'vitest';
import { CHALLENGE_MS, Challenges, SKEW_MS, textOf } from '../../server/identity/challenges.ts';
import { ManualClock } from '../support/test-app.ts';
import { ann, openIdentity, SITE } from './fixture.ts';

/** What {@link Challenges} says it keeps. */
const MOST = 50_000;

describe('a challenge', () => {
  it('lives five minutes, by clocks that are two minutes apart', () => {
    expect([CHALLENGE_MS, SKEW_MS]).toEqual([300_000, 120_000]);
  });

  it.each([
    ['at once', 0, true],
    ['when it expires', CHALLENGE_MS, true],
    ['as late as clocks may differ', CHALLENGE_MS + SKEW_MS, true],
    ['a millisecond later', CHALLENGE_MS + SKEW_MS + 1, false],
    ['after a day', 86_400_000, false],
    ['before it was given, as early as clocks may differ', -SKEW_MS, true],
    ['a millisecond earlier', -SKEW_MS - 1, false],
  ])('that comes back %s', async (_, after, held) => {
    const { asked, accepts, clock } = openIdentity();
    const proof = ann.prove(asked());
    clock.advance(after);
    expect(await accepts(proof)).toBe(held);
    clock.advance(-after);
    expect(await accepts(proof)).toBe(false);
  });

  it('is another each time, of a nonce that cannot be guessed', () => {
    const challenges = new Challenges(() => 0);
    const nonces = Array.from({ length: 500 }, () => challenges.give(ann.address, SITE).nonce);
    expect(new Set(nonces).size).toBe(500);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    // Each digit takes each value: none is fixed.
    for (let at = 0; at < 32; at += 1) expect(new Set(nonces.map((nonce) => nonce[at])).size).toBe(16);
  });
});

describe('the challenges that wait', () => {
  it('are forgotten when they are used', () => {
    const challenges = new Challenges(() => 0);
    const text = textOf(challenges.give(ann.address, SITE));
    expect(challenges.size).toBe(1);
    expect(challenges.take(text)).toBeDefined();
    expect(challenges.size).toBe(0);
    expect(challenges.take(text)).toBeUndefined();
  });

  it('are forgotten when their time is over, and not before', () => {
    const clock = new ManualClock();
    const challenges = new Challenges(clock.now);
    const first = challenges.give(ann.address, SITE);
    clock.advance(60_000);
    challenges.give(ann.address, SITE);
    clock.advance(CHALLENGE_MS + SKEW_MS - 60_000);
    challenges.give(ann.address, SITE);
    expect(challenges.size).toBe(3);
    clock.advance(1);
    challenges.give(ann.address, SITE);
    expect(challenges.size).toBe(3);
    expect(challenges.take(textOf(first))).toBeUndefined();
  });

  it('are no more than so many: the oldest goes', () => {
    const challenges = new Challenges(() => 0);
    const first = challenges.give(ann.address, SITE);
    const second = challenges.give(ann.address, SITE);
    for (let given = 2; given < MOST; given += 1) challenges.give(ann.address, SITE);
    expect(challenges.size).toBe(MOST);
    const last = challenges.give(ann.address, SITE);
    expect(challenges.size).toBe(MOST);
    expect(challenges.take(textOf(first))).toBeUndefined();
    expect(challenges.take(textOf(second))).toBeDefined();
    expect(challenges.take(textOf(last))).toBeDefined();
  });
});
