import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { verifySignIn } from '@solana/wallet-standard-util';
import { describe, expect, it } from 'vitest';
import { Identity } from '../../server/identity/identity.ts';
import { KeypairWallet, WalletRefusedError } from '../../shared/wallet/keypair.ts';

/** RFC 8032, section 7.1, test 1. */
const SEED = Uint8Array.from(
  Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'),
);
const PUBLIC_KEY = Uint8Array.from(
  Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex'),
);
const SITE = 'https://agent.fun';
const challenge = { domain: 'agent.fun', uri: SITE, statement: 'Sign in.', version: '1', nonce: 'abcdefgh' };

describe('a keypair', () => {
  it('has the address of its public key', () => {
    const wallet = KeypairWallet.fromSeed(SEED);
    expect(wallet.publicKey).toEqual(PUBLIC_KEY);
    expect(wallet.address).toBe(base58.encode(PUBLIC_KEY));
  });

  it('is read from the 64 bytes of a keypair file, if its halves belong together', () => {
    expect(KeypairWallet.fromSecretKey(Uint8Array.from([...SEED, ...PUBLIC_KEY])).address).toBe(
      base58.encode(PUBLIC_KEY),
    );
    const mixed = Uint8Array.from([...SEED, ...PUBLIC_KEY]);
    mixed.set([(mixed[63] ?? 0) ^ 1], 63);
    expect(() => KeypairWallet.fromSecretKey(mixed)).toThrow(RangeError);
    expect(() => KeypairWallet.fromSecretKey(SEED)).toThrow(RangeError);
    expect(() => KeypairWallet.fromSeed(mixed)).toThrow(RangeError);
  });

  it('is another one each time when it is random', () => {
    expect(KeypairWallet.random().address).not.toBe(KeypairWallet.random().address);
  });

  it('keeps what it was made of to itself, and does not change with it', async () => {
    const seed = Uint8Array.from(SEED);
    const wallet = KeypairWallet.fromSeed(seed);
    seed.fill(0);
    wallet.publicKey.fill(0);
    expect(wallet.publicKey).toEqual(PUBLIC_KEY);
    const { signedMessage, signature } = await wallet.signIn(challenge);
    expect(ed25519.verify(signature, signedMessage, PUBLIC_KEY)).toBe(true);
    expect(JSON.stringify(wallet)).not.toContain('seed');
  });
});

describe('signing in', () => {
  const wallet = KeypairWallet.fromSeed(SEED, { site: SITE });

  it('gives what wallet-standard has proved', async () => {
    const input = { ...challenge, address: wallet.address };
    const output = await wallet.signIn(input);
    expect(verifySignIn(input, output)).toBe(true);
    expect(output.account).toMatchObject({ address: wallet.address, publicKey: PUBLIC_KEY });
  });

  it('gives what the server takes', async () => {
    const identity = Identity.inMemory({ publicUrl: SITE });
    const { challenge } = identity.challenge(wallet.address);
    const { account, signedMessage, signature } = await wallet.signIn(challenge);
    const base64 = (bytes: ArrayLike<number>): string => Buffer.from(Array.from(bytes)).toString('base64');
    const tokens = await identity.signIn(
      {
        account: { address: account.address, publicKey: base64(account.publicKey) },
        signedMessage: base64(signedMessage),
        signature: base64(signature),
      },
      'test',
    );
    expect(tokens?.wallet).toBe(wallet.address);
    identity.close();
  });

  it('names the site and the address where the input does not', async () => {
    const { signedMessage } = await wallet.signIn({});
    expect(Buffer.from(signedMessage).toString()).toBe(
      `agent.fun wants you to sign in with your Solana account:\n${wallet.address}`,
    );
  });

  it.each([
    ['another wallet', { address: KeypairWallet.random().address }],
    ['another site', { domain: 'agent.fun.evil.example' }],
    ['the site on another port', { domain: 'agent.fun:8443' }],
    ['another site by its URI', { uri: 'https://evil.example/agent.fun' }],
    ['the site without encryption', { uri: 'http://agent.fun' }],
    ['a URI that is none', { uri: 'agent.fun' }],
    ['a statement of several lines', { statement: 'Hello.\n\nURI: https://evil.example' }],
    ['a nonce of several lines', { nonce: 'abcdefgh\nIssued At: 2026-01-01T00:00:00Z' }],
    ['a resource of several lines', { resources: ['https://a.example', 'b\r\nc'] }],
  ])('refuses %s', async (_what, input) => {
    await expect(wallet.signIn({ ...challenge, ...input })).rejects.toBeInstanceOf(WalletRefusedError);
  });

  it('without a site of its own takes any, but one there must be', async () => {
    const free = KeypairWallet.fromSeed(SEED);
    const { signedMessage } = await free.signIn({ ...challenge, domain: 'other.example', uri: 'urn:other' });
    expect(Buffer.from(signedMessage).toString()).toContain('other.example wants you');
    await expect(free.signIn({ statement: 'Sign in.' })).rejects.toBeInstanceOf(WalletRefusedError);
  });
});
