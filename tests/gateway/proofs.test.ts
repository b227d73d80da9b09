import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { CHALLENGE_MS, SKEW_MS } from '../../server/identity/challenges.ts';
import { Identity } from '../../server/identity/identity.ts';
import { ManualClock } from '../support/test-app.ts';
import { GatewayWorld } from './fixture.ts';
import { challenged, Person, signIn, textOf } from './people.ts';

const [ann, bob] = [new Person('ann'), new Person('bob')];

const signed = (message: string) => ({ ...ann.proof(message), message });

/** The signature with one bit changed. */
function altered(signature: string): string {
  const bytes = Buffer.from(signature, 'base64');
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
  return bytes.toString('base64');
}

describe('what is no proof', () => {
  it.each<[string, (text: string) => object]>([
    ['an altered signature', (text) => ({ ...ann.proof(text), signature: altered(ann.sign(text)) })],
    ['no signature', (text) => ({ type: 'auth', walletAddress: ann.address, message: text })],
    ['an empty signature', (text) => ({ ...ann.proof(text), signature: '' })],
    ['a signature that is no base64', (text) => ({ ...ann.proof(text), signature: '!?' })],
    [
      'a signature with a byte more',
      (text) => ({
        ...ann.proof(text),
        signature: Buffer.concat([Buffer.from(ann.sign(text), 'base64'), Buffer.alloc(1)]).toString('base64'),
      }),
    ],
    ['the signature of another', (text) => ({ ...ann.proof(text), signature: bob.sign(text) })],
    ['the signature of another text', (text) => ({ ...ann.proof(text), signature: ann.sign(`${text}.`) })],
    ['the challenge of another wallet', (text) => bob.proof(text)],
    ['the name of another wallet', (text) => ({ ...ann.proof(text), walletAddress: bob.address })],
    ['a signature without a wallet', (text) => ({ type: 'auth', signature: ann.sign(text) })],
    ['a text with a line more', (text) => signed(`${text}\nResources:`)],
    ['a text that ends in a line break', (text) => signed(`${text}\n`)],
    ['a text with other line ends', (text) => signed(text.replaceAll('\n', '\r\n'))],
    ['a text of another site', (text) => signed(text.replaceAll('localhost', 'evil.example'))],
    ['a text of another wallet', (text) => signed(text.replaceAll(ann.address, bob.address))],
    ['a text with a challenge that was never given', (text) => signed(text.replace(/Nonce: ./, 'Nonce: g'))],
    ['a text with no challenge', () => signed('Let me in.')],
    ['an empty text', () => signed('')],
  ])('is %s', async (_, credentials) => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const text = await challenged(client, ann);
    client.send({ ...credentials(text), id: 1 });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'auth_failed', requestId: 1 });
    client.send({ type: 'subscribe', channel: 'account' });
    expect(await client.next()).toMatchObject({ code: 'unauthorized' });
    expect(await signIn(client, ann)).toMatchObject({ type: 'authenticated' });
    expect(world.logged).toEqual([]);
  });

  it('is a challenge that has been used, whether it held or not', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const good = await challenged(client, ann);
    const proof = { ...ann.proof(good), message: good };
    client.send(proof);
    expect(await client.next()).toMatchObject({ type: 'authenticated' });
    client.send(proof);
    expect(await client.next()).toMatchObject({ code: 'auth_failed' });
    const bad = await challenged(client, ann);
    client.send({ ...ann.proof(bad), message: bad, signature: altered(ann.sign(bad)) });
    expect(await client.next()).toMatchObject({ code: 'auth_failed' });
    client.send({ ...ann.proof(bad), message: bad });
    expect(await client.next()).toMatchObject({ code: 'auth_failed' });
  });

  it('is one that is used twice at a time', async () => {
    const world = await GatewayWorld.open();
    const clients = await Promise.all(Array.from({ length: 8 }, () => world.connect()));
    const [first] = clients;
    if (first === undefined) throw new Error('there are eight');
    const message = await challenged(first, ann);
    for (const client of clients) client.send({ ...ann.proof(message), message });
    const answers = await Promise.all(clients.map((client) => client.next()));
    expect(answers.filter(({ type }) => type === 'authenticated')).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'auth_failed')).toHaveLength(7);
  });

  it('is a challenge whose time is over, to the millisecond', async () => {
    const clock = new ManualClock();
    const world = await GatewayWorld.open({ market: { identity: Identity.inMemory({ clock: clock.now }) } });
    const client = await world.connect();
    const texts = [await challenged(client, ann), await challenged(client, ann)];
    const [proof, late] = texts.map((message) => ({ ...ann.proof(message), message }));
    if (proof === undefined || late === undefined) throw new Error('there are two');
    clock.advance(CHALLENGE_MS + SKEW_MS);
    client.send(proof);
    expect(await client.next()).toMatchObject({ type: 'authenticated' });
    clock.advance(1);
    client.send(late);
    expect(await client.next()).toMatchObject({ code: 'auth_failed' });
  });

  it('is what anybody can make for a key of small order', async () => {
    const world = await GatewayWorld.open();
    const client = await world.connect();
    const key = new Uint8Array(32);
    const walletAddress = base58.encode(key);
    expect(walletAddress).toBe('1'.repeat(32));
    // R is the neutral element and S is 0: it holds by the lax rules for every fourth text or so.
    const bytes = new Uint8Array(64);
    bytes[0] = 1;
    const signature = Buffer.from(bytes).toString('base64');
    let text = '';
    do {
      client.send({ type: 'challenge', walletAddress });
      text = textOf(await client.next());
    } while (!ed25519.verify(bytes, Buffer.from(text, 'utf8'), key, { zip215: true }));
    client.send({ type: 'auth', walletAddress, signature });
    expect(await client.next()).toMatchObject({ code: 'auth_failed' });
  });
});
