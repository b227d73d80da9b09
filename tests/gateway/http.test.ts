import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../support/gate.ts';
import { wallet } from '../support/wallets.ts';
import { GatewayWorld } from './fixture.ts';

/** The status line of what comes back for raw bytes. */
const statusOf = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    onTestFinished(() => void socket.destroy());
    socket.once('data', (data) => resolve(data.toString().split('\r\n')[0] ?? ''));
    socket.once('error', reject);
  });

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

const upgradeTo = (target: string, host = 'localhost'): string =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${UPGRADE}\r\n`;

/** The status with which the opening of a WebSocket is refused. */
const refusal = (url: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.on('error', () => undefined);
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode);
      request.destroy();
    });
  });

describe('the upgrade', () => {
  it.each([
    ['to /ws is accepted', upgradeTo('/ws'), 'HTTP/1.1 101 Switching Protocols'],
    ['to /ws with a query is accepted', upgradeTo('/ws?a=b'), 'HTTP/1.1 101 Switching Protocols'],
    ['to a path below it is refused', upgradeTo('/ws/trades'), 'HTTP/1.1 404 Not Found'],
    ['to a path that begins like it is refused', upgradeTo('/wss'), 'HTTP/1.1 404 Not Found'],
    ['to no path is refused', upgradeTo('//ws'), 'HTTP/1.1 400 Bad Request'],
    ['to no host is refused', upgradeTo('/ws', '['), 'HTTP/1.1 400 Bad Request'],
  ])('%s', async (_, request, status) => {
    const world = await GatewayWorld.open();
    expect(await statusOf(world.server.port, request)).toBe(status);
    expect((await fetch(`${world.server.url}/health`)).status).toBe(200);
  });

  it('is asked for where it is missing', async () => {
    const world = await GatewayWorld.open();
    const response = await fetch(`${world.server.url}/ws`);
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
  });
});

describe('draining', () => {
  it('asks the clients to leave, serves them until they do, and takes no new ones', async () => {
    const world = await GatewayWorld.open();
    const { market, server } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const [client, other] = [await world.connect(), await world.connect()];
    await client.subscribe('trades');
    const trpc = new WebSocket(`ws://127.0.0.1:${server.port}/trpc`);
    await new Promise((resolve) => trpc.once('open', resolve));
    const drained = server.drain({ intervalMs: 5, graceMs: 60_000 });
    expect(await client.next()).toEqual({ type: 'reconnect' });
    expect(await other.next()).toEqual({ type: 'reconnect' });
    expect(await refusal(world.url)).toBe(503);
    const { receipt } = await market.buy(ann, agent);
    expect(await client.next()).toMatchObject({ type: 'trade_executed', id: receipt.position });
    client.send({ type: 'subscribe', channel: 'prices' });
    expect(await client.take(2)).toMatchObject([{ type: 'subscribed' }, { type: 'snapshot' }]);
    trpc.close();
    await client.close();
    await other.close();
    expect(await drained).toEqual({ left: 3, closed: 0 });
  });

  it('sends the notice in waves', async () => {
    const world = await GatewayWorld.open();
    const clients = await Promise.all(Array.from({ length: 40 }, () => world.connect()));
    // A twentieth of 40 in the first one; the next does not come before this test is over.
    const drained = world.server.drain({ intervalMs: 600_000, graceMs: 600_000 });
    const told = await Promise.all(clients.map((client) => client.settled()));
    expect(told.flat()).toEqual([{ type: 'reconnect' }, { type: 'reconnect' }]);
    await Promise.all(clients.map((client) => client.close()));
    expect(await drained).toEqual({ left: 40, closed: 0 });
  });

  it('closes those that stay with 1012', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const drained = world.server.drain({ intervalMs: 1, graceMs: 20 });
    expect(await client.closed).toMatchObject({ code: 1012 });
    expect(await drained).toEqual({ left: 0, closed: 1 });
  });

  it('a server that closes says so and closes with 1012', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    await world.restart();
    expect(await client.closed).toMatchObject({ code: 1012 });
    expect(await client.rest()).toEqual([{ type: 'reconnect' }]);
  });
});

describe('the statistics', () => {
  it('count connections, subscriptions and items sent', async () => {
    const world = await GatewayWorld.open();
    const { market, server } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const stats = () => server.gateway.stats();
    expect(stats()).toEqual({ connections: 0, subscriptions: 0, congested: 0, sent: 0, cut: 0 });
    const [one, two] = [await world.connect(), await world.connect()];
    await one.subscribe('trades');
    await one.subscribe('prices');
    await two.subscribe('trades');
    expect(stats()).toEqual({ connections: 2, subscriptions: 3, congested: 0, sent: 3, cut: 0 });
    await market.buy(ann, agent);
    await Promise.all([one.settled(), two.settled()]);
    expect(stats()).toEqual({ connections: 2, subscriptions: 3, congested: 0, sent: 6, cut: 0 });
    await one.close();
    await eventually(() => stats().connections === 1);
    expect(stats()).toEqual({ connections: 1, subscriptions: 1, congested: 0, sent: 6, cut: 0 });
  });
});

describe('a token', () => {
  it('is good at both doors', async () => {
    const ann = wallet('ann');
    const world = await GatewayWorld.open();
    const authorization = `Bearer ${await world.tokenOf(ann)}`;
    const url = `${world.server.url}/trpc/account`;
    expect((await fetch(url)).status).toBe(401);
    const response = await fetch(url, { headers: { authorization } });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(ann);
    const client = await world.connect();
    expect(await world.signIn(client, ann)).toMatchObject({ type: 'authenticated', walletAddress: ann });
  });
});
