import { describe, expect, it } from 'vitest';
import { eventually } from '../support/gate.ts';
import { GatewayWorld } from './fixture.ts';
import type { JsonClient } from './json-client.ts';
import { pipedGateway } from './piped.ts';

const subscribe = (channel: unknown, more: object = {}) => ({ type: 'subscribe', channel, ...more });

const auth = (credentials: object) => ({ type: 'auth', ...credentials });

/** The connection is as it was. */
async function lives(client: JsonClient): Promise<void> {
  client.send({ type: 'ping', id: 'alive' });
  expect(await client.next()).toMatchObject({ type: 'pong', requestId: 'alive' });
}

const LONG = 'x'.repeat(500);

describe('a message', () => {
  it.each<[string, object | string | Uint8Array, object]>([
    ['that is binary', new TextEncoder().encode('{"type":"ping"}'), { code: 'binary_not_supported' }],
    ['that is empty binary', new Uint8Array(0), { code: 'binary_not_supported' }],
    ['that is empty', '', { code: 'bad_json' }],
    ['that is no JSON', '{"type":"ping"', { code: 'bad_json' }],
    ['of the tRPC protocol', 'PING', { code: 'bad_json' }],
    ['that is nested without end', '['.repeat(16_000), { code: 'bad_json' }],
    ['that is a number', '7', { code: 'bad_message' }],
    ['that is null', 'null', { code: 'bad_message' }],
    ['that is a string', '"ping"', { code: 'bad_message' }],
    ['that is a batch', '[{"type":"ping"}]', { code: 'bad_message' }],
    ['without a type', {}, { code: 'bad_message' }],
    ['whose type is no string', { type: 5, id: 3 }, { code: 'bad_message', requestId: 3 }],
    ['of a type that there is not', { type: 'shout', id: 'a' }, { code: 'unknown_type', requestId: 'a' }],
    ['of a type that every object has', { type: 'constructor' }, { code: 'unknown_type' }],
    ['of a type of the server', { type: 'connected' }, { code: 'unknown_type' }],
    ['of a type in capitals', { type: 'PING' }, { code: 'unknown_type' }],
    ['to subscribe to nothing', { type: 'subscribe', id: 1 }, { code: 'bad_message', requestId: 1 }],
    ['to subscribe to a list', subscribe(['trades']), { code: 'bad_message' }],
    ['with a since that is no text', subscribe('trades', { since: 5 }), { code: 'bad_message' }],
    ['with an id that is an object', { type: 'ping', id: {} }, { code: 'bad_message' }],
    ['with an id that is null', { type: 'ping', id: null }, { code: 'bad_message' }],
    ['with an id that is too long', { type: 'ping', id: 'x'.repeat(65) }, { code: 'bad_message' }],
    ['with an id beyond all numbers', '{"type":"ping","id":1e999}', { code: 'bad_message' }],
    ['to unsubscribe from nothing', { type: 'unsubscribe' }, { code: 'bad_message' }],
    ['with a signature that is no text', { type: 'auth', signature: 1 }, { code: 'bad_message' }],
    ['with a signature that is too long', auth({ signature: 'x'.repeat(257) }), { code: 'bad_message' }],
    ['with a token that is too long', auth({ token: 'x'.repeat(2_049) }), { code: 'bad_message' }],
    ['with a signed text that is too long', auth({ message: 'x'.repeat(2_049) }), { code: 'bad_message' }],
    ['with a wallet that is none', auth({ walletAddress: 'ann' }), { code: 'bad_message' }],
    ['to be challenged as nobody', { type: 'challenge', id: 2 }, { code: 'bad_message', requestId: 2 }],
    [
      'to be challenged as one who cannot be',
      { type: 'challenge', walletAddress: '1'.repeat(31) },
      { code: 'bad_message' },
    ],
    ['to sign in with nothing', { type: 'auth', id: 1 }, { code: 'auth_failed', requestId: 1 }],
    [
      'to unsubscribe from what is not subscribed to',
      { type: 'unsubscribe', channel: 'trades' },
      { code: 'not_subscribed', channel: 'trades' },
    ],
    [
      'to unsubscribe from what there is not',
      { type: 'unsubscribe', channel: 'trade' },
      { code: 'unknown_channel', channel: 'trade' },
    ],
    [
      'to subscribe to an account',
      subscribe('account', { id: 9 }),
      { code: 'unauthorized', channel: 'account', requestId: 9 },
    ],
    ['that is too large', { type: 'ping', filler: 'x'.repeat(16 * 1024) }, { code: 'too_large' }],
    ['that is very large', 'x'.repeat(64 * 1024), { code: 'too_large' }],
  ])('%s is refused, and the connection lives', async (_, message, expected) => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    client.send(message);
    const answer = await client.next();
    expect(answer).toEqual({ type: 'error', message: expect.any(String), ...expected });
    await lives(client);
  });

  it.each([
    '',
    'trade',
    'Trades',
    'trades ',
    'trades:1',
    'agents',
    'connection',
    'agent',
    'agent:',
    'agent:0',
    'agent:01',
    'agent:-1',
    'agent:+1',
    'agent:1.0',
    'agent:1e1',
    'agent: 1',
    'agent:1 ',
    'agent:1\n',
    'agent:one',
    'agent:{agentId}',
    'agent:1234567890123456',
    'agent:1:2',
    'vault:',
    'vault:0',
    'vault:x',
    'account:1',
    '__proto__',
    'constructor',
  ])('to subscribe to %j is refused: there is no such channel', async (channel) => {
    const world = await GatewayWorld.open();
    await world.market.createAgent('ONE');
    const client = await world.connect();
    client.send(subscribe(channel, { id: 1 }));
    expect(await client.next()).toMatchObject({
      type: 'error',
      code: 'unknown_channel',
      channel,
      requestId: 1,
    });
    await lives(client);
    expect(world.server.gateway.stats().subscriptions).toBe(0);
  });

  it('to subscribe to an agent or a vault that does not exist is refused', async () => {
    const world = await GatewayWorld.open();
    await world.market.createAgent('ONE');
    const client = await world.connect();
    client.send(subscribe('agent:2'), subscribe('vault:1'), subscribe('agent:999999999999999'));
    expect(await client.take(3)).toMatchObject([
      { type: 'error', code: 'agent_not_found', channel: 'agent:2' },
      { type: 'error', code: 'vault_not_found', channel: 'vault:1' },
      { type: 'error', code: 'agent_not_found', channel: 'agent:999999999999999' },
    ]);
    await lives(client);
    await world.market.createAgent('TWO');
    const [, snapshot] = await client.subscribe('agent:2');
    expect(snapshot).toMatchObject({ type: 'snapshot', channel: 'agent:2' });
  });

  it('to subscribe twice is refused, and the first one goes on', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const client = await world.connect();
    await client.subscribe('trades');
    client.send(subscribe('trades', { id: 'again' }));
    expect(await client.next()).toMatchObject({
      type: 'error',
      code: 'already_subscribed',
      channel: 'trades',
      requestId: 'again',
    });
    const { receipt } = await market.buy(ann, agent);
    expect(await client.settled()).toMatchObject([{ type: 'trade_executed', id: receipt.position }]);
  });

  it('to subscribe a 65th time is refused, until another subscription ends', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    for (let id = 1; id <= 65; id += 1) await world.market.createAgent(`S${id}`);
    for (let id = 1; id <= 64; id += 1) client.send(subscribe(`agent:${id}`));
    await client.take(128);
    expect(world.server.gateway.stats()).toMatchObject({ connections: 1, subscriptions: 64 });
    client.send(subscribe('agent:65'));
    expect(await client.next()).toMatchObject({ code: 'too_many_subscriptions', channel: 'agent:65' });
    client.send({ type: 'unsubscribe', channel: 'agent:7' }, subscribe('agent:65'));
    expect(await client.take(2)).toMatchObject([
      { type: 'unsubscribed', channel: 'agent:7' },
      { type: 'subscribed', channel: 'agent:65' },
    ]);
  });

  it('is not repeated in its error, but for the beginning of its channel', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const channel = `<b>"\\\u2028${LONG}`;
    client.send(subscribe(channel), `{"type":"${LONG}"}`, LONG, { type: 'ping', id: { [LONG]: LONG } });
    const errors = await client.take(4);
    expect(errors[0]).toMatchObject({ code: 'unknown_channel', channel: channel.slice(0, 80) });
    for (const error of errors) {
      const { channel: _, ...rest } = error;
      expect(JSON.stringify(rest)).not.toContain('xx');
      expect(JSON.stringify(rest).length).toBeLessThan(250);
    }
  });

  it('may be split into fragments', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    client.sendFragments(['{"type":', '"ping","id"', ':5}']);
    expect(await client.next()).toMatchObject({ type: 'pong', requestId: 5 });
  });

  it('of more than 64 KiB ends the connection with 1009', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    client.send('x'.repeat(64 * 1024 + 1));
    expect(await client.closed).toMatchObject({ code: 1009 });
    await eventually(() => world.server.gateway.stats().connections === 0);
  });
});

describe('a request id', () => {
  it.each([0, -1, 1.5, 2 ** 53, '', 'é🐙"\\', 'x'.repeat(64)])(
    '%j comes back in every answer',
    async (id) => {
      const world = await GatewayWorld.open();
      const client = await world.connect();
      client.send({ type: 'ping', id });
      expect((await client.next()).requestId).toBe(id);
      client.send(subscribe('trades', { id }), subscribe('trades', { id }), {
        type: 'unsubscribe',
        channel: 'trades',
        id,
      });
      const answers = await client.take(4);
      expect(answers.map(({ type, requestId }) => [type, requestId])).toEqual([
        ['subscribed', id],
        ['snapshot', undefined],
        ['error', id],
        ['unsubscribed', id],
      ]);
    },
  );

  it('is missing from the answer to a message without one', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    client.send({ type: 'ping' });
    expect(Object.keys(await client.next())).toEqual(['type', 'timestamp']);
  });
});

describe('abuse', () => {
  it('ends the connection at the 21st error, whatever it had said before it', async () => {
    const world = await GatewayWorld.open();
    const { market } = world;
    const ann = await market.fund('ann');
    const agent = await market.createAgent('ONE');
    const client = await world.connect();
    await client.subscribe('trades');
    for (let count = 0; count < 20; count += 1) client.send('?', { type: 'ping' });
    const answers = await client.take(40);
    expect(answers.filter(({ type }) => type === 'pong')).toHaveLength(20);
    expect(answers.filter(({ code }) => code === 'bad_json')).toHaveLength(20);
    client.send(subscribe('nowhere'), subscribe('prices'), { type: 'ping' });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'too_many_errors' });
    const closing = market.buy(ann, agent);
    expect(await client.closed).toEqual({ code: 4429, reason: 'too many errors' });
    await closing;
    expect(await client.rest()).toEqual([]);
    await eventually(() => world.server.gateway.stats().connections === 0);
    expect(world.server.gateway.stats().subscriptions).toBe(0);
  });

  it('is the end: nothing that was read behind it is begun', async () => {
    const world = await GatewayWorld.open();
    const { gateway, connect } = pipedGateway({ services: world.market.app.services });
    const client = await connect(subscribe('trades'));
    const errors = Array.from({ length: 21 }, () => ({ type: 'nonsense' }));
    client.send(...errors, subscribe('prices'), { type: 'ping' });
    await client.quiet();
    // It has not answered the close yet.
    expect(gateway.stats()).toMatchObject({ connections: 1, subscriptions: 0 });
    expect(client.messages.at(-1)).toMatchObject({ type: 'error', code: 'too_many_errors' });
    expect(client.others).toEqual([{ kind: 'close', code: 4429, reason: 'too many errors' }]);
    client.socket.destroy();
    await client.quiet();
    expect(gateway.stats().connections).toBe(0);
  });

  it('of one is not that of another', async () => {
    const world = await GatewayWorld.open();
    const clients = [await world.connect(), await world.connect()];
    for (const client of clients) {
      for (let count = 0; count < 20; count += 1) client.send('?');
      expect(await client.settled()).toHaveLength(20);
    }
  });

  it('is counted in a flood of one piece as well', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    for (let count = 0; count < 1_000; count += 1) client.send('?');
    const { code } = await client.closed;
    expect(code).toBe(4429);
    const answers = await client.rest();
    expect(answers).toHaveLength(21);
    expect(answers.at(-1)).toMatchObject({ code: 'too_many_errors' });
  });
});
