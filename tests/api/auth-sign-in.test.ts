import { Buffer } from 'node:buffer';
import { createSignInMessageText } from '@solana/wallet-standard-util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SignInInput } from '../../shared/auth.ts';
import { AuthServer, errorOf } from '../support/auth-server.ts';
import { type SignedProof, Signer, wireProof } from '../support/signer.ts';
import { ManualClock } from '../support/test-app.ts';
import { mutation } from '../support/ws-messages.ts';

const ann = new Signer(1);
const bob = new Signer(2);

let clock: ManualClock;
let server: AuthServer;
beforeEach(async () => {
  clock = new ManualClock();
  server = await AuthServer.open({ identity: { clock: clock.now } });
});
afterEach(() => server[Symbol.asyncDispose]());

const doors = [
  ['HTTP', () => server.http()],
  ['a WebSocket', () => server.connect().client],
] as const;

/** The text of a challenge that was asked for over HTTP. */
async function asked(signer = ann): Promise<string> {
  const challenge = await server.http().auth.challenge.mutate({ address: signer.address });
  return createSignInMessageText({ ...challenge });
}
const proven = async (signer = ann): Promise<SignedProof> => signer.prove(await asked(signer));

describe.each(doors)('signing in over %s', (_, open) => {
  it('gives tokens that speak for the wallet', async () => {
    const tokens = await server.signIn(open(), ann);
    expect(tokens).toMatchObject({ wallet: ann.address, operator: false });
    const { account } = await server.http(tokens.accessToken).account.query();
    expect(account.wallet).toBe(ann.address);
    const connected = server.connect(tokens.accessToken);
    expect((await connected.client.account.query()).account.wallet).toBe(ann.address);
  });

  it('signs in nobody by itself: the connection speaks for the wallet when it is renewed', async () => {
    const client = open();
    await server.signIn(client, ann);
    expect((await errorOf(client.account.query())).data).toMatchObject({
      code: 'UNAUTHORIZED',
      session: 'none',
    });
  });

  it('is possible once with each proof', async () => {
    const client = open();
    const input = wireProof(await proven());
    await client.auth.signIn.mutate(input);
    expect((await errorOf(client.auth.signIn.mutate(input))).data?.code).toBe('UNAUTHORIZED');
  });

  it('is refused for an address that is none', async () => {
    const call = open().auth.challenge.mutate({ address: 'ann' });
    expect((await errorOf(call)).data).toMatchObject({ code: 'BAD_REQUEST' });
  });
});

it('opens one session however many try a proof at the same time, over both doors', async () => {
  const input = wireProof(await proven());
  const clients = Array.from({ length: 5 }, () => doors.map(([, open]) => open())).flat();
  const results = await Promise.allSettled(clients.map(({ auth }) => auth.signIn.mutate(input)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(server.identity.sessions(ann.address)).toHaveLength(1);
});

it('a session is named by what the client calls itself', async () => {
  const headers = { 'user-agent': 'a wallet of the tests' };
  const { body } = await server.post('auth.signIn', wireProof(await proven()), headers);
  expect(body).toContain('accessToken');
  expect(server.identity.sessions(ann.address)[0]?.device).toBe('a wallet of the tests');
});

describe('whatever is wrong with a proof', () => {
  const attempts: Readonly<Record<string, () => Promise<SignInInput>>> = {
    forged: async () => wireProof({ ...(await proven()), signature: new Uint8Array(64).fill(7) }),
    replayed: async () => {
      const input = wireProof(await proven());
      await server.http().auth.signIn.mutate(input);
      return input;
    },
    expired: async () => {
      const input = wireProof(await proven());
      clock.advance(7 * 60_000 + 1);
      return input;
    },
    'from the future': async () => {
      const input = wireProof(await proven());
      clock.advance(-2 * 60_000 - 1);
      return input;
    },
    'of another domain': async () => wireProof(ann.prove((await asked()).replace(/^[^ ]+/, 'evil.example'))),
    'of another nonce': async () =>
      wireProof(ann.prove((await asked()).replace(/Nonce: .{4}/, 'Nonce: 0000'))),
    'of no challenge': async () => wireProof(ann.prove('hello')),
    'of another wallet': async () => wireProof({ ...(await proven()), address: bob.address }),
    'with the key of another': async () => wireProof({ ...(await proven()), publicKey: bob.publicKey }),
    'by another over the text of the wallet': async () => wireProof(bob.prove(await asked(ann))),
    'with a short key': async () => wireProof({ ...(await proven()), publicKey: Buffer.alloc(3) }),
    'with a long signature': async () => wireProof({ ...(await proven()), signature: Buffer.alloc(99) }),
    'with nothing': async () => ({
      account: { address: '', publicKey: '' },
      signedMessage: '',
      signature: '',
    }),
    'with an address that is none': async () => wireProof({ ...(await proven()), address: '__proto__' }),
  };
  /** Without what tells one call from another. */
  const plain = (text: string): string => text.replace(/"requestId":"[^"]+"/, '"requestId":""');

  it('the answer over HTTP is the same, byte for byte', async () => {
    const answers = new Map<string, string>();
    for (const [name, attempt] of Object.entries(attempts)) {
      const { status, headers, body } = await server.post('auth.signIn', await attempt());
      const kept = [...headers].filter(([header]) => header !== 'date');
      answers.set(name, `${status} ${JSON.stringify(kept)} ${plain(body)}`);
    }
    expect(answers.size).toBe(Object.keys(attempts).length);
    const [first = ''] = answers.values();
    expect(first).toMatch(/^401 .*"The sign-in was refused\."/);
    // By name, so that a failure says which.
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries([...answers.keys()].map((name) => [name, first])),
    );
  });

  it('the answer over a WebSocket is the same, byte for byte', async () => {
    const client = await server.frames();
    const answers = new Set<string>();
    for (const attempt of Object.values(attempts)) {
      client.send(mutation(1, 'auth.signIn', { json: await attempt() }));
      answers.add(plain((await client.nextFrame()).data.toString()));
    }
    expect([...answers]).toEqual([expect.stringContaining('"The sign-in was refused."')]);
  });

  it('its nonce is used up', async () => {
    const proof = await proven();
    const { http } = server;
    const forged = wireProof({ ...proof, signature: bob.sign(proof.signedMessage) });
    await errorOf(http.call(server).auth.signIn.mutate(forged));
    const again = await errorOf(http.call(server).auth.signIn.mutate(wireProof(proof)));
    expect(again.data?.code).toBe('UNAUTHORIZED');
  });
});

describe('the site that is signed for', () => {
  const challengeFrom = async (origin?: string): Promise<string> => {
    const headers = origin === undefined ? {} : { origin };
    return (await server.post('auth.challenge', { address: ann.address }, headers)).body;
  };

  it('is the one of the configuration for a client that is no page', async () => {
    expect(await challengeFrom()).toContain('"domain":"localhost:3001"');
  });

  it('is that of the page that asks, where it is one of ours', async () => {
    const { port } = server.server;
    expect(await challengeFrom(`http://127.0.0.1:${port}`)).toContain(`"domain":"127.0.0.1:${port}"`);
    const client = await server.frames(undefined, { origin: `http://localhost:${port}` });
    client.send(mutation(1, 'auth.challenge', { json: { address: ann.address } }));
    expect(JSON.stringify(await client.next())).toContain(`"domain":"localhost:${port}"`);
  });

  it('is never that of a page of others, which gets no challenge', async () => {
    expect(await challengeFrom('https://evil.example')).toContain('"code":"FORBIDDEN"');
  });
});
