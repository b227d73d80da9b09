import specifications from '@asyncapi/specs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asyncApiDocument } from '../../server/gateway/asyncapi.ts';
import { CHANNEL_NAMES, PUBLIC_CHANNELS } from '../../server/gateway/channels.ts';
import { readClientMessage } from '../../server/gateway/client-messages.ts';
import type { ClientMessage } from '../../server/gateway/control-messages.ts';
import { channels } from '../../shared/channels.ts';
import { address } from './arbitrary-messages.ts';
import { DocumentChecker, documentSchema } from './document.ts';
import { GatewayWorld } from './fixture.ts';

const raw: unknown = JSON.parse(JSON.stringify(asyncApiDocument()));
const document = documentSchema.parse(raw);
const served = new Map(Object.entries(document.channels).filter(([, { address }]) => address !== null));

/** What a JSON pointer of the document points to. */
function resolve(pointer: string): unknown {
  let value: unknown = raw;
  for (const step of pointer.slice(2).split('/'))
    value = z.record(z.string(), z.unknown()).parse(value)[step];
  return value;
}

/** Every `$ref` in it. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

describe('the document', () => {
  it('is valid AsyncAPI 3.0.0', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const specification: unknown = specifications.schemasWithoutId['3.0.0'];
    const validate = ajv.compile(z.record(z.string(), z.unknown()).parse(specification));
    validate(raw);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('refers to nothing that is not in it', () => {
    const refs = refsIn(raw);
    expect(refs.length).toBeGreaterThan(100);
    for (const ref of new Set(refs)) expect(resolve(ref), ref).toBeTypeOf('object');
  });

  it('has the channels that are served, each with the delivery class of the catalogue', () => {
    expect([...served.keys()].sort()).toEqual(Object.keys(CHANNEL_NAMES).sort());
    for (const [kind, channel] of served) {
      const [, entry] = Object.entries(channels).find(([name]) => name === kind) ?? [];
      expect(channel['x-delivery'], kind).toBe(entry?.delivery);
    }
    const addresses = [...served.values()].map(({ address }) => address);
    expect(addresses.filter((address) => address !== 'account').sort()).toEqual([...PUBLIC_CHANNELS].sort());
    expect(served.get('agent')?.parameters).toHaveProperty('agentId');
    expect(served.get('vault')?.parameters).toHaveProperty('vaultId');
  });

  it('has an operation for every message of every channel', () => {
    const operated = new Set(
      Object.values(document.operations).flatMap(({ messages }) => messages.map(({ $ref }) => $ref)),
    );
    for (const [name, { messages }] of Object.entries(document.channels)) {
      for (const message of Object.keys(messages))
        expect(operated).toContain(`#/channels/${name}/messages/${message}`);
    }
    const received = Object.values(document.operations).filter(({ action }) => action === 'receive');
    expect(received.flatMap(({ messages }) => messages.map(({ $ref }) => $ref.split('/').at(-1)))).toEqual([
      'subscribe',
      'unsubscribe',
      'ping',
      'challenge',
      'auth',
    ]);
  });

  it('describes every message that there is by name', () => {
    expect(Object.keys(document.components.messages).toSorted()).toMatchInlineSnapshot(`
      [
        "account_snapshot",
        "activities_snapshot",
        "activity",
        "agent_snapshot",
        "auth",
        "authenticated",
        "balance_update",
        "challenge",
        "challenge_answer",
        "connected",
        "error",
        "graduation",
        "graduations_snapshot",
        "king_change",
        "kings_snapshot",
        "new_agent",
        "olympics_snapshot",
        "olympics_update",
        "ping",
        "pong",
        "price_update",
        "prices_snapshot",
        "reconnect",
        "staking_snapshot",
        "staking_update",
        "subscribe",
        "subscribed",
        "trade_executed",
        "trades_snapshot",
        "unsubscribe",
        "unsubscribed",
        "vault_snapshot",
        "vault_update",
        "vaults_snapshot",
      ]
    `);
  });

  it('is served', async () => {
    const world = await GatewayWorld.open();
    const response = await fetch(`${world.server.url}/docs/asyncapi.json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(raw);
  });
});

describe('a message of a client', () => {
  it('is accepted by the server exactly when the document allows it', () => {
    const checker = new DocumentChecker(raw);
    const text = fc.string();
    const around = (length: number) =>
      fc.integer({ min: length - 2, max: length + 2 }).map((exactly) => 'é'.repeat(exactly));
    const id = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string({ maxLength: 70 }),
      fc.constant({}),
      fc.constant(null),
    );
    const message = fc.record(
      {
        type: fc.constantFrom('subscribe', 'unsubscribe', 'ping', 'challenge', 'auth'),
        id,
        channel: fc.oneof(text, fc.integer(), fc.constant(null)),
        since: fc.oneof(text, fc.constant(null), fc.integer()),
        walletAddress: fc.oneof(text, fc.boolean(), { arbitrary: address, weight: 4 }),
        signature: fc.oneof(text, fc.array(text), around(256)),
        message: fc.oneof(text, fc.constant(null), around(2_048)),
        token: fc.oneof(text, fc.integer(), around(2_048)),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(message, (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        const received = readClientMessage(Buffer.from(JSON.stringify(plain)), false);
        // The document checker closes objects, which in truth are open.
        const { type } = value;
        const known = FIELDS[type];
        const closed = Object.fromEntries(
          Object.entries(z.record(z.string(), z.unknown()).parse(plain)).filter(([name]) =>
            known.includes(name),
          ),
        );
        expect(received.kind === 'message').toBe(checker.allowsFromClient(type, closed));
      }),
      { numRuns: 1_000 },
    );
  });
});

const FIELDS: Readonly<Record<ClientMessage['type'], readonly string[]>> = {
  subscribe: ['type', 'id', 'channel', 'since'],
  unsubscribe: ['type', 'id', 'channel'],
  ping: ['type', 'id'],
  challenge: ['type', 'id', 'walletAddress'],
  auth: ['type', 'id', 'walletAddress', 'signature', 'message', 'token'],
};
