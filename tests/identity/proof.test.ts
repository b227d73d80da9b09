import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SignedProof } from '../support/signer.ts';
import { ann, bob, type OpenIdentity, openIdentity, SITE } from './fixture.ts';

let world: OpenIdentity;
beforeEach(() => {
  world = openIdentity();
});

const swapped = (text: string, line: RegExp, by: string): string => {
  const changed = text.replace(line, by);
  if (changed === text) throw new Error(`the text has no ${line}`);
  return changed;
};

describe('a sign-in', () => {
  it('is asked for with the text of Sign-In With Solana', () => {
    const { challenge, text } = world.identity.challenge(ann.address);
    expect(challenge.nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(text).toBe(
      `localhost:3001 wants you to sign in with your Solana account:
${ann.address}

Sign in to Agent.fun. This costs nothing and sends no transaction.

URI: ${SITE}
Version: 1
Chain ID: solana:mainnet
Nonce: ${challenge.nonce}
Issued At: 2026-01-01T00:00:00.000Z
Expiration Time: 2026-01-01T00:05:00.000Z`,
    );
  });

  it('names the site of the page that asks', () => {
    const { challenge } = world.identity.challenge(ann.address, 'https://agent.fun');
    expect(challenge).toMatchObject({ domain: 'agent.fun', uri: 'https://agent.fun' });
  });

  it('holds once, for the wallet that has signed', async () => {
    const proof = ann.prove(world.asked());
    expect(await world.accepts(proof)).toBe(true);
    expect(await world.accepts(proof)).toBe(false);
    expect(world.identity.sessions(ann.address)).toHaveLength(1);
  });

  it('holds once however many try it at the same time', async () => {
    const proof = ann.prove(world.asked());
    const held = await Promise.all(Array.from({ length: 20 }, () => world.accepts(proof)));
    expect(held.filter((each) => each)).toHaveLength(1);
  });

  it('uses its nonce up when it fails', async () => {
    const proof = ann.prove(world.asked());
    expect(await world.accepts({ ...proof, signature: bob.sign(proof.signedMessage) })).toBe(false);
    expect(await world.accepts(proof)).toBe(false);
  });

  it('leaves the nonces of others alone', async () => {
    const [anns, bobs] = [ann.prove(world.asked(ann)), bob.prove(world.asked(bob))];
    expect(await world.accepts({ ...anns, signature: bobs.signature })).toBe(false);
    expect(await world.accepts(bobs)).toBe(true);
  });
});

describe('a text that was validly signed is refused', () => {
  it.each([
    ['of another domain', /^localhost:3001/, 'evil.example'],
    ['of another wallet', ann.address, bob.address],
    ['with another statement', 'This costs nothing', 'This costs little'],
    ['with another URI', /^URI: .*$/m, 'URI: https://evil.example'],
    ['of another version', /^Version: 1$/m, 'Version: 2'],
    ['of another chain', /^Chain ID: .*$/m, 'Chain ID: solana:devnet'],
    ['with a nonce that nobody gave', /^Nonce: .*$/m, `Nonce: ${'0'.repeat(32)}`],
    ['without a nonce', /^Nonce: .*\n/m, ''],
    ['with its nonce in capitals', /^Nonce: .*$/m, `Nonce: ${'A'.repeat(32)}`],
    ['issued at another time', /^Issued At: .*$/m, 'Issued At: 2026-01-01T00:00:00.001Z'],
    ['that expires at another time', /^Expiration Time: .*$/m, 'Expiration Time: 2027-01-01T00:05:00.000Z'],
    ['with a resource more', /$/, '\nResources:\n- https://evil.example'],
    ['with a newline more', /$/, '\n'],
    ['with a space more', /^Version: 1$/m, 'Version: 1 '],
    ['with a byte order mark', /^/, '\u{feff}'],
    ['with lines that end in CRLF', /\n/g, '\r\n'],
  ])('%s', async (_, line, by) => {
    const text = world.asked();
    const changed = typeof line === 'string' ? text.replace(line, by) : swapped(text, line, by);
    expect(changed).not.toBe(text);
    expect(await world.accepts(ann.prove(changed))).toBe(false);
  });

  it.each([
    ['at its end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0xff)])],
    ['at its start', (bytes: Buffer) => Buffer.concat([Buffer.of(0xff), bytes])],
    // The newline in two bytes, as a decoder could let pass that is none.
    [
      'within',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 62), Buffer.of(0xc0, 0x8a), bytes.subarray(63)]),
    ],
  ])('with what is not UTF-8 %s', async (_, broken) => {
    expect(await world.accepts(ann.prove(broken(Buffer.from(world.asked(), 'utf8'))))).toBe(false);
  });

  it('with the nonce of another wallet', async () => {
    const [anns, bobs] = [world.asked(ann), world.asked(bob)];
    const nonce = /^Nonce: .*$/m.exec(bobs)?.[0] ?? '';
    expect(await world.accepts(ann.prove(swapped(anns, /^Nonce: .*$/m, nonce)))).toBe(false);
    // It names Bob, and Ann's is the key.
    expect(await world.accepts(ann.prove(world.asked(bob)))).toBe(false);
    expect(await world.accepts({ ...ann.prove(world.asked(bob)), address: bob.address })).toBe(false);
  });

  it('with two nonces, of which either is good', async () => {
    const [first, second] = [world.asked(), world.asked()];
    const nonce = /^Nonce: .*$/m.exec(second)?.[0] ?? '';
    expect(await world.accepts(ann.prove(swapped(first, /^Nonce: .*$/m, `$&\n${nonce}`)))).toBe(false);
    expect(await world.accepts(ann.prove(second))).toBe(true);
  });
});

describe('whose it is', () => {
  it.each<[string, (anns: SignedProof, text: string) => SignedProof]>([
    ["Ann's, presented as Bob's", (anns) => ({ ...anns, address: bob.address })],
    [
      "Ann's, presented with Bob's address and key",
      (anns) => ({ ...bob.prove(''), ...anns, address: bob.address, publicKey: bob.publicKey }),
    ],
    ["signed by Bob over Ann's text", (_, text) => bob.prove(text)],
    [
      "signed by Bob over Ann's text, presented as Ann's",
      (_, text) => ({ ...bob.prove(text), address: ann.address }),
    ],
    ["signed by Bob, with Ann's key", (anns, text) => ({ ...anns, signature: bob.prove(text).signature })],
    ['signed by nobody', (anns) => ({ ...anns, signature: new Uint8Array(64) })],
    [
      'with a signature of another text',
      (anns) => ({ ...anns, signature: ann.sign(Buffer.from('another')) }),
    ],
    ['with a signature that is too short', (anns) => ({ ...anns, signature: anns.signature.subarray(1) })],
    [
      'with a signature that is too long',
      (anns) => ({ ...anns, signature: Buffer.concat([anns.signature, Buffer.of(0)]) }),
    ],
    ['with no signature', (anns) => ({ ...anns, signature: new Uint8Array(0) })],
    ['with a key that is too short', (anns) => ({ ...anns, publicKey: anns.publicKey.subarray(1) })],
    [
      'with a key that is too long',
      (anns) => ({ ...anns, publicKey: Buffer.concat([anns.publicKey, Buffer.of(0)]) }),
    ],
    ['with no key', (anns) => ({ ...anns, publicKey: new Uint8Array(0) })],
    ['with no text', (anns) => ({ ...anns, signedMessage: new Uint8Array(0) })],
    ['with no address', (anns) => ({ ...anns, address: '' })],
  ])('%s is refused', async (_, forge) => {
    const text = world.asked(ann);
    expect(await world.accepts(forge(ann.prove(text), text))).toBe(false);
    expect(world.identity.sessions(ann.address)).toEqual([]);
    expect(world.identity.sessions(bob.address)).toEqual([]);
  });

  it('is refused with any one byte changed', async () => {
    const parts = ['publicKey', 'signedMessage', 'signature'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...parts),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 255 }),
        async (part, at, bits) => {
          const proof = ann.prove(world.asked());
          const bytes = Uint8Array.from(proof[part]);
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ bits;
          expect(await world.accepts({ ...proof, [part]: bytes })).toBe(false);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
    expect(world.identity.sessions(ann.address)).toEqual([]);
  });

  it('is refused with any one character of the address changed', async () => {
    for (const [index, character] of [...ann.address].entries()) {
      const other = character === '2' ? '3' : '2';
      const address = `${ann.address.slice(0, index)}${other}${ann.address.slice(index + 1)}`;
      expect(await world.accepts({ ...ann.prove(world.asked()), address })).toBe(false);
    }
  });
});
