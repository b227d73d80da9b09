import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Visitor } from '../../server/identity/principal.ts';
import type { SignedSession } from '../../server/identity/session.ts';
import { MAX_SESSIONS } from '../../server/identity/sessions.ts';
import { eventually, Gate, nextTurn } from '../support/gate.ts';
import { GatewayWorld } from './fixture.ts';
import { challengeFor, Person, signIn } from './people.ts';

const ann = new Person('ann');

let world: GatewayWorld;
let revoked: () => number;

beforeEach(async () => {
  world = await GatewayWorld.open();
  const spy = vi.spyOn(Visitor.prototype, 'revoked');
  revoked = () => spy.mock.calls.length;
});

afterEach(() => vi.restoreAllMocks());

const identity = () => world.market.app.services.identity;
const gone = () => eventually(() => world.server.gateway.stats().connections === 0);

/** Ends every session of hers. */
function revokeAll(): void {
  for (const { id } of identity().sessions(ann.address)) identity().revoke(ann.address, id);
}

describe('a connection that has gone', () => {
  it.each(['close', 'cut'] as const)('is forgotten: nobody tells it of its session (%s)', async (leave) => {
    const token = await world.tokenOf(ann.address);
    const clients = [await world.connect(), await world.connect()];
    for (const client of clients) {
      client.send({ type: 'auth', token });
      await client.next();
    }
    await clients[0]?.[leave]();
    await eventually(() => world.server.gateway.stats().connections === 1);
    revokeAll();
    expect(revoked()).toBe(1);
    expect(await clients[1]?.closed).toMatchObject({ code: 4401 });
  });

  it('while its token was checked is forgotten as well', async () => {
    const token = await world.tokenOf(ann.address);
    const session = await identity().sessionOf(token);
    if (typeof session === 'string') throw new Error(session);
    const gate = new Gate<SignedSession>();
    const checking = vi.spyOn(identity(), 'sessionOf').mockReturnValue(gate.opened);
    const client = await world.connect();
    client.send({ type: 'auth', token });
    await eventually(() => checking.mock.calls.length === 1);
    await client.cut();
    await gone();
    gate.open(session);
    await nextTurn();
    revokeAll();
    expect(revoked()).toBe(0);
    expect(world.logged).toEqual([]);
  });

  it('while a limit was looked at gets no answer, and a fault is told all the same', async () => {
    const gate = new Gate<number>();
    const client = await world.connect();
    const looking = vi.spyOn(world.market.app.services.limits, 'check').mockReturnValue(gate.opened);
    client.send(challengeFor(ann));
    await eventually(() => looking.mock.calls.length === 1);
    await client.cut();
    await gone();
    gate.fail(new Error('too late'));
    await nextTurn();
    expect(world.logged).toMatchObject([{ where: 'challenge' }]);
  });
});

describe('a session that a signature has opened', () => {
  const devices = () => identity().sessions(ann.address).length;

  it('ends with its connection, and with the next one that is signed for', async () => {
    const client = await world.connect();
    await signIn(client, ann);
    const [first] = identity().sessions(ann.address);
    await signIn(client, ann);
    expect(identity().sessions(ann.address)).toHaveLength(1);
    expect(identity().sessions(ann.address)).not.toContainEqual(first);
    await client.close();
    await gone();
    expect(devices()).toBe(0);
    expect(revoked()).toBe(0);
  });

  it('ends when a token takes its place, and that one stays', async () => {
    const client = await world.connect();
    await signIn(client, ann);
    await world.signIn(client, ann.address);
    expect(devices()).toBe(1);
    await client.close();
    await gone();
    expect(devices()).toBe(1);
  });

  it('pushes no other one out, however often its client comes back', async () => {
    const { sessionId } = await identity().vouch(ann.address, 'browser');
    for (let count = 0; count <= MAX_SESSIONS; count += 1) {
      const client = await world.connect();
      await signIn(client, ann);
      await client.close();
      await gone();
    }
    expect(identity().sessions(ann.address)).toMatchObject([{ id: sessionId, device: 'browser' }]);
  });

  it('that cannot be ended is told to the server, and ends by itself', async () => {
    const client = await world.connect();
    await signIn(client, ann);
    const broken = vi.spyOn(identity(), 'revoke').mockImplementation(() => {
      throw new Error('no database');
    });
    onTestFinished(() => broken.mockRestore());
    await client.close();
    await gone();
    await eventually(() => world.logged.length > 0);
    expect(world.logged).toMatchObject([{ err: new Error('no database'), where: 'the end of a session' }]);
    expect(devices()).toBe(1);
  });
});
