import { beforeEach, describe, expect, it } from 'vitest';
import { SignInError, type SigningWallet } from '../../shared/client/index.ts';
import { ACCESS_MS, SessionWorld, type Tab } from './session-world.ts';

let world: SessionWorld;
let tab: Tab;

beforeEach(async () => {
  world = new SessionWorld();
  tab = world.open();
  await tab.connect();
});

const signIn = async (name = 'ann', one = tab): Promise<void> => {
  await one.session.signIn(world.wallet(name));
};

describe('before anybody signs in', () => {
  it('the connection opens as if there were no sessions, and no timer runs', () => {
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'never' });
    expect(tab.session.introduces).toBe(false);
    expect(tab.renewals).toBe(0);
    expect(world.timers.waiting).toBe(0);
  });
});

describe('signing in', () => {
  it('has the open connection speak for the wallet before it says so', async () => {
    const heard: unknown[] = [];
    tab.session.state.subscribe(() => heard.push([tab.state.kind, tab.hasRight]));
    await signIn();
    expect(heard).toEqual([
      ['signing_in', false],
      ['signed_in', true],
    ]);
    expect(tab.state).toEqual({
      kind: 'signed_in',
      wallet: 'ann',
      operator: false,
      sessionId: 'session-0',
      // By the clock of the tab, which the server's is far ahead of.
      accessExpiresAt: world.timers.now() + ACCESS_MS,
    });
  });

  it('without a connection waits for none: the next one begins with it', async () => {
    tab.lose();
    await signIn();
    expect(tab.state.kind).toBe('signed_in');
    expect(tab.renewals).toBe(0);
    await tab.connect();
    expect(tab.begun).toBe(world.kept?.accessToken);
    expect(tab.hasRight).toBe(true);
  });

  it('while a connection is being opened is told to it when it is open', async () => {
    tab.lose();
    await tab.session.connecting();
    await signIn();
    tab.token = null;
    tab.session.opened();
    await world.settle();
    expect(tab.hasRight).toBe(true);
  });

  it('that the wallet declines leaves all as it was', async () => {
    const declined = new Error('User rejected the request.');
    const unwilling: SigningWallet = { address: 'ann', signIn: () => Promise.reject(declined) };
    await expect(tab.session.signIn(unwilling)).rejects.toBe(declined);
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'never' });
    await signIn('bob');
    await expect(tab.session.signIn(unwilling)).rejects.toBe(declined);
    expect(tab.state).toMatchObject({ kind: 'signed_in', wallet: 'bob' });
  });

  it('fails when the server cannot be reached', async () => {
    world.network = 'down';
    await expect(signIn()).rejects.toMatchObject({ name: 'SignInError', why: 'unreachable' });
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'never' });
  });

  it('as another wallet ends the session before it', async () => {
    await signIn('ann');
    await signIn('bob');
    await world.settle();
    expect(tab.state).toMatchObject({ kind: 'signed_in', wallet: 'bob' });
    expect(tab.hasRight).toBe(true);
    expect([...world.sessions.values()].map(({ live }) => live)).toEqual([false, true]);
  });

  it('that is overtaken, or given up, ends the session that it opened', async () => {
    let sign = (): void => undefined;
    const slow: SigningWallet = {
      ...world.wallet('ann'),
      signIn: async (challenge) => {
        await new Promise<void>((resolve) => {
          sign = resolve;
        });
        return world.wallet('ann').signIn(challenge);
      },
    };
    for (const overtake of [() => signIn('bob'), () => tab.session.signOut()]) {
      const slowly = tab.session.signIn(slow);
      await world.settle();
      await overtake();
      const before = tab.state;
      sign();
      await expect(slowly).rejects.toBeInstanceOf(SignInError);
      await world.settle();
      expect(tab.state).toEqual(before);
      expect([...world.sessions.values()].filter(({ wallet, live }) => live && wallet === 'ann')).toEqual([]);
    }
  });
});

describe('the access token', () => {
  it('is refreshed one to two minutes before its end, and the connection goes on with the new one', async () => {
    for (const [random, early] of [
      [0, 60_000],
      [0.5, 90_000],
    ] as const) {
      const one = world.open(() => random);
      await one.connect();
      await signIn('ann', one);
      const sent = world.refreshesSent.length;
      await world.pass(ACCESS_MS - early - 1);
      expect(world.refreshesSent).toHaveLength(sent);
      const before = one.token;
      await world.pass(1);
      expect(world.refreshesSent).toHaveLength(sent + 1);
      expect(one.token).not.toBe(before);
      expect(one.hasRight).toBe(true);
      expect(one.openings).toBe(1);
      await one.session.signOut();
      one.session.close();
    }
  });

  it('is good at every moment of many hours', async () => {
    await signIn();
    for (let minute = 0; minute < 300; minute += 1) {
      await world.pass(60_000);
      expect(tab.hasRight).toBe(true);
    }
    expect(tab.openings).toBe(1);
    expect(new Set(world.refreshesSent).size).toBe(world.refreshesSent.length);
    expect(world.refreshesSent.length).toBeGreaterThan(20);
  });

  it('that is old is refreshed before a connection is opened with it', async () => {
    await signIn();
    tab.lose();
    world.timers.advance(ACCESS_MS - 60_000 - 1);
    await tab.connect();
    expect(world.refreshesSent).toHaveLength(0);
    tab.lose();
    world.network = 'down';
    await world.pass(60_000);
    expect(await tab.connect()).toBe(false);
    world.network = 'up';
    expect(await tab.connect()).toBe(true);
    expect(world.refreshesSent).toHaveLength(1);
    expect(tab.hasRight).toBe(true);
  });

  it('is used as it is when the answer takes too long', async () => {
    await signIn();
    tab.lose();
    const old = world.kept?.accessToken;
    world.nextRefresh = 'held';
    world.timers.advance(ACCESS_MS - 30_000);
    const connecting = tab.connect();
    await world.settle();
    expect(tab.openings).toBe(1);
    world.timers.advance(5_000);
    await connecting;
    expect(tab.token).toBe(old);
    world.release();
    await world.settle();
    expect(tab.token).not.toBe(old);
    expect(tab.hasRight).toBe(true);
  });

  it('that the server calls expired, whatever the clock says, is renewed or refreshed', async () => {
    await signIn();
    // The connection has an older one: the one that is held will do.
    tab.token = 'older';
    expect(await tab.session.renewed()).toBe(true);
    expect(world.refreshesSent).toHaveLength(0);
    expect(tab.hasRight).toBe(true);
    // It is the server's clock that has gone fast.
    for (const [token, { sessionId }] of [...world.accessTokens]) {
      world.accessTokens.set(token, { sessionId, expiresAt: world.serverNow });
    }
    expect(await tab.session.renewed()).toBe(true);
    expect(world.refreshesSent).toHaveLength(1);
    expect(tab.hasRight).toBe(true);
  });

  it('is refreshed once for all who find out that it has expired', async () => {
    await signIn();
    for (const [token, { sessionId }] of [...world.accessTokens]) {
      world.accessTokens.set(token, { sessionId, expiresAt: world.serverNow });
    }
    world.nextRefresh = 'held';
    const first = tab.session.renewed();
    await world.settle();
    const second = tab.session.renewed();
    await world.settle();
    world.release();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(world.refreshesSent).toHaveLength(1);
    expect(tab.hasRight).toBe(true);
  });

  it('that is refreshed while the connection is told of it is told to it once more', async () => {
    await signIn();
    let arrive = (): void => undefined;
    tab.slowly = new Promise((resolve) => {
      arrive = resolve;
    });
    const renewed = tab.session.renewed();
    tab.slowly = undefined;
    const other = world.open();
    world.timers.advance(ACCESS_MS);
    await world.settle();
    arrive();
    expect(await renewed).toBe(true);
    expect(world.refreshesSent).toHaveLength(1);
    expect(tab.hasRight).toBe(true);
    other.session.close();
  });

  it('that is expired as soon as it comes is not refreshed for ever', async () => {
    await signIn();
    tab.token = 'older';
    world.sessionOf = () => 'expired';
    expect(await tab.session.renewed()).toBe(false);
    expect(world.refreshesSent).toHaveLength(1);
  });

  it('of nobody is not renewed', async () => {
    expect(await tab.session.renewed()).toBe(false);
    expect(tab.renewals).toBe(0);
  });
});

describe('a refresh', () => {
  beforeEach(async () => {
    await signIn();
    world.timers.advance(ACCESS_MS - 60_001);
  });

  it('is put off without a network: no token is sent, and none lost', async () => {
    world.network = 'down';
    tab.lose();
    await world.pass(10 * 60_000);
    expect(world.refreshesSent).toEqual([]);
    expect(tab.state.kind).toBe('signed_in');
    world.network = 'up';
    await world.pass(30_000);
    expect(world.refreshesSent).toHaveLength(1);
    await tab.connect();
    expect(tab.hasRight).toBe(true);
  });

  it('that was turned away before anything was done is sent again, with the same token', async () => {
    const token = world.kept?.refreshToken;
    world.nextRefresh = 'turned_away';
    await world.pass(1);
    expect(world.kept?.refreshToken).toBe(token);
    await world.pass(2_000);
    expect(world.refreshesSent).toEqual([token]);
    expect(tab.hasRight).toBe(true);
  });

  it.each(['answer_lost', 'request_lost'] as const)(
    'with %s ends the session: the token is not sent again',
    async (fate) => {
      world.nextRefresh = fate;
      await world.pass(1);
      expect(tab.state).toEqual({ kind: 'signed_out', why: 'lost' });
      expect(world.kept).toBeNull();
      // The server may not know, so the connection is given up.
      expect(tab.token).toBeUndefined();
      await world.pass(ACCESS_MS);
      expect(world.refreshesSent).toHaveLength(1);
      expect(world.stolen).toEqual([]);
    },
  );

  it('that a page did not live to see the answer of is not made again by the next one', async () => {
    world.nextRefresh = 'held';
    await world.pass(1);
    expect(world.kept?.refreshToken).toBeNull();
    // Its lock goes with it.
    world.release();
    const kept = world.kept;
    await world.settle();
    const next = new SessionWorld();
    if (kept !== null) next.storageOf().save(kept);
    const reloaded = next.open();
    await next.pass(ACCESS_MS);
    expect(reloaded.state).toEqual({ kind: 'signed_out', why: 'lost' });
    expect(next.refreshesSent).toEqual([]);
  });

  it.each(['revoked', 'expired', 'invalid'] as const)(
    'that is refused as %s ends the session',
    async (problem) => {
      world.calls.refresh = async () => ({ kind: 'over', problem });
      await world.pass(1);
      expect(tab.state).toEqual({ kind: 'signed_out', why: problem });
      expect(world.kept).toBeNull();
    },
  );

  it('that was under way when the client was closed sets no timer', async () => {
    world.nextRefresh = 'held';
    await world.pass(1);
    tab.session.close();
    world.release();
    await world.settle();
    expect(world.timers.waiting).toBe(0);
  });

  it('of a session that has been cleared away meanwhile ends it', async () => {
    world.nextRefresh = 'held';
    await world.pass(1);
    world.storageOf().clear();
    await world.settle();
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'left' });
    expect(world.sessions.get('session-0')?.live).toBe(true);
    world.release();
    await world.settle();
    expect(world.sessions.get('session-0')?.live).toBe(false);
    expect(world.kept).toBeNull();
  });

  it('does not outlive the client', async () => {
    tab.session.close();
    await world.pass(ACCESS_MS);
    expect(world.refreshesSent).toEqual([]);
    expect(world.timers.waiting).toBe(0);
  });
});

describe('signing out', () => {
  it('forgets the session, ends it on the server and gives the connection up', async () => {
    await signIn();
    expect(await tab.session.signOut()).toBe(true);
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'left' });
    expect(world.kept).toBeNull();
    expect(tab.token).toBeUndefined();
    expect(world.sessions.get('session-0')?.live).toBe(false);
    expect(world.timers.waiting).toBe(0);
    await tab.connect();
    expect(tab.token).toBeNull();
  });

  it('is done here at once, and says when the server does not know', async () => {
    await signIn();
    world.network = 'down';
    const ended = tab.session.signOut();
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'left' });
    expect(world.kept).toBeNull();
    expect(await ended).toBe(false);
  });

  it('with an expired access token gets another to end the session with', async () => {
    await signIn();
    tab.session.close();
    world.timers.advance(ACCESS_MS);
    expect(await tab.session.signOut()).toBe(true);
    expect(world.sessions.get('session-0')?.live).toBe(false);
    expect(world.kept).toBeNull();
  });

  it('while it is refreshed ends what the refresh brings', async () => {
    await signIn();
    world.nextRefresh = 'held';
    await world.pass(ACCESS_MS - 60_000);
    const leaving = tab.session.signOut();
    world.release();
    await leaving;
    await world.settle();
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'left' });
    expect(world.kept).toBeNull();
    expect(world.sessions.get('session-0')?.live).toBe(false);
  });
});

describe('a session that the server ends', () => {
  it('is over as soon as the next connection has asked, whether or not this one was told', async () => {
    for (const connected of [true, false]) {
      await signIn();
      if (!connected) tab.lose();
      for (const id of world.sessions.keys()) world.revoke(id);
      expect(tab.token).toBeUndefined();
      await tab.connect();
      expect(tab.state).toEqual({ kind: 'signed_out', why: 'revoked' });
      expect(world.kept).toBeNull();
    }
  });

  it('is not taken for the one that has come after it', async () => {
    await signIn('ann');
    await signIn('bob');
    world.revoke('session-0');
    await tab.connect();
    expect(tab.state).toMatchObject({ kind: 'signed_in', wallet: 'bob' });
  });

  it('is over when a call finds out', async () => {
    await signIn();
    const session = world.sessions.get('session-0');
    if (session !== undefined) session.live = false;
    tab.session.doubted();
    await world.settle();
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'revoked' });
  });
});

describe('several tabs', () => {
  let other: Tab;
  beforeEach(async () => {
    other = world.open();
    await other.connect();
    await signIn();
    await world.settle();
  });

  it('sign in and out together, without a new connection for the former', async () => {
    expect(other.state).toMatchObject({ kind: 'signed_in', wallet: 'ann' });
    expect(other.hasRight).toBe(true);
    expect(other.openings).toBe(1);
    await other.session.signOut();
    await world.settle();
    expect(tab.state).toEqual({ kind: 'signed_out', why: 'left' });
    expect(tab.hasRight).toBe(false);
  });

  it('refresh once for all, though their timers go off together', async () => {
    await world.pass(ACCESS_MS - 60_000);
    expect(world.refreshesSent).toHaveLength(1);
    expect(tab.token).toBe(other.token);
    for (const one of [tab, other]) expect(one.hasRight).toBe(true);
  });

  it('change hands together', async () => {
    await signIn('bob', other);
    await world.settle();
    for (const one of [tab, other]) {
      expect(one.state).toMatchObject({ kind: 'signed_in', wallet: 'bob' });
      expect(one.hasRight).toBe(true);
    }
  });

  it('sign out though one of them is refreshing, and stay signed out', async () => {
    world.nextRefresh = 'held';
    await world.pass(ACCESS_MS - 60_000);
    const leaving = other.session.signOut();
    await world.settle();
    world.release();
    expect(await leaving).toBe(true);
    await world.settle();
    for (const one of [tab, other]) expect(one.state.kind).toBe('signed_out');
    expect(world.kept).toBeNull();
    expect(world.sessions.get('session-0')?.live).toBe(false);
  });

  it('do not bring a session back that was signed out of', async () => {
    world.nextRefresh = 'held';
    await world.pass(ACCESS_MS - 60_000);
    const kept = world.kept;
    const leaving = other.session.signOut();
    // As when the other tab was about to write just then.
    world.accessTokens.set('another', { sessionId: 'session-0', expiresAt: world.serverNow + ACCESS_MS });
    if (kept !== null) tab.storage.save({ ...kept, accessToken: 'another' });
    await world.settle();
    expect(other.state).toEqual({ kind: 'signed_out', why: 'left' });
    world.release();
    await leaving;
    await world.settle();
    expect(world.kept).toBeNull();
    for (const one of [tab, other]) expect(one.state.kind).toBe('signed_out');
  });

  it('start with what the others have', async () => {
    const third = world.open();
    expect(third.state).toMatchObject({ kind: 'signed_in', wallet: 'ann' });
    await third.connect();
    expect(third.begun).toBe(tab.token);
    expect(third.hasRight).toBe(true);
  });
});
