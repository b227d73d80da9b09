import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCESS_MS, SessionWorld } from './session-world.ts';

/** What happens to the tabs of a browser, one after the other. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.integer({ min: 1, max: ACCESS_MS }) }),
  },
  // The machine sleeps: time goes by, and all timers that are due go off at once when it wakes.
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('sleep'), ms: fc.integer({ min: 1, max: 3 * ACCESS_MS }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('network'), up: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refresh'),
      fate: fc.constantFrom('answer_lost', 'request_lost', 'turned_away', 'held'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('lose', 'connect', 'expired'), tab: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('sign_in', 'sign_out'), tab: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release') }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Waits for nothing that a test has to let go on. */
async function happen(world: SessionWorld, one: Happening): Promise<void> {
  const tab = 'tab' in one ? world.tabs[one.tab] : undefined;
  switch (one.kind) {
    case 'pass':
      await world.pass('ms' in one ? one.ms : 0);
      break;
    case 'sleep':
      // What a machine that sleeps had open is gone.
      for (const each of world.tabs) each.lose();
      world.timers.advance('ms' in one ? one.ms : 0);
      break;
    case 'network':
      world.network = 'up' in one && one.up ? 'up' : 'down';
      if (world.network === 'down') for (const each of world.tabs) each.lose();
      break;
    case 'refresh':
      if ('fate' in one) world.nextRefresh = one.fate;
      break;
    case 'release':
      world.release();
      break;
    case 'revoke':
      for (const id of world.sessions.keys()) world.revoke(id);
      break;
    case 'lose':
      tab?.lose();
      break;
    case 'connect':
      if (tab?.token === undefined) void tab?.connect();
      break;
    case 'expired':
      void tab?.session.renewed();
      break;
    case 'sign_in':
      void tab?.session.signIn(world.wallet(`wallet-${world.sessions.size % 2}`)).catch(() => undefined);
      break;
    case 'sign_out':
      void tab?.session.signOut();
      break;
  }
  await world.settle();
}

/** All is well again, and the tabs have had the time to find out. */
async function recover(world: SessionWorld): Promise<void> {
  world.network = 'up';
  world.nextRefresh = 'answered';
  for (let round = 0; round < 3; round += 1) {
    world.release();
    await world.pass(60_000);
    for (const tab of world.tabs) if (tab.token === undefined) await tab.connect();
  }
}

describe('over any schedule of expiries, sleep, disconnects, lost answers, sign-ins and sign-outs', () => {
  it('no refresh token is sent twice, and who is signed in has the right to their streams', async () => {
    let refreshes = 0;
    let rights = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 5, maxLength: 40 }),
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
          minLength: 3,
          maxLength: 3,
        }),
        async (happenings, jitters) => {
          const world = new SessionWorld();
          for (const jitter of jitters) await world.open(() => jitter).connect();
          await world.tabs[0]?.session.signIn(world.wallet('wallet-0'));
          for (const one of happenings) {
            await happen(world, one);
            expect(new Set(world.refreshesSent).size).toBe(world.refreshesSent.length);
            expect(world.stolen).toEqual([]);
          }
          await recover(world);
          // Everybody agrees, and is what they say.
          const [first, ...others] = world.tabs;
          for (const { state } of others) expect(state.kind).toBe(first?.state.kind);
          for (const tab of world.tabs) expect(tab.hasRight).toBe(tab.state.kind === 'signed_in');
          expect(world.kept === null).toBe(first?.state.kind === 'signed_out');
          expect(new Set(world.refreshesSent).size).toBe(world.refreshesSent.length);
          expect(world.stolen).toEqual([]);
          // From here on nothing goes wrong, and no stream is without its right for a moment.
          for (let minute = 0; minute < 20 && first?.state.kind === 'signed_in'; minute += 1) {
            await world.pass(60_000);
            for (const tab of world.tabs) expect(tab.hasRight).toBe(true);
            rights += 1;
          }
          refreshes += world.refreshesSent.length;
          for (const { session } of world.tabs) session.close();
        },
      ),
      { numRuns: 150, seed: 20_260_301 },
    );
    // It was about something.
    expect(refreshes).toBeGreaterThan(150);
    expect(rights).toBeGreaterThan(100);
  }, 60_000);
});
