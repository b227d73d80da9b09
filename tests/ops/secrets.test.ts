import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SECRETS } from '../../server/ops/call-log.ts';
import { errorOf } from '../support/auth-server.ts';
import { FrameClient } from '../support/frame-client.ts';
import { Signer, wireProof } from '../support/signer.ts';
import { connectionParams } from '../support/ws-messages.ts';
import { memorySink, openLogged } from './logged-server.ts';

const ann = new Signer(1);
const bob = new Signer(2);

it('the log of a server holds no token and no signature, whatever becomes of them', async () => {
  const { server, lines, calls } = await openLogged();
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await server[Symbol.asyncDispose]();
  });
  const secrets = new Set<string>();
  const keep = <T extends string>(secret: T): T => {
    secrets.add(secret);
    return secret;
  };
  const keepAll = <T extends { readonly accessToken: string; readonly refreshToken: string }>(
    tokens: T,
  ): T => {
    keep(tokens.accessToken);
    keep(tokens.refreshToken);
    return tokens;
  };
  const proof = async () => {
    const { text, challenge } = server.identity.challenge(ann.address);
    const input = wireProof(ann.prove(text));
    keep(challenge.nonce);
    keep(input.signature);
    keep(input.signedMessage);
    return input;
  };
  const http = server.http();
  const { client } = server.connect();
  const input = await proof();
  const first = keepAll(await http.auth.signIn.mutate(input));
  await errorOf(http.auth.signIn.mutate(input));
  await errorOf(client.auth.signIn.mutate(wireProof(bob.prove(server.identity.challenge(ann.address).text))));
  const second = keepAll(await http.auth.refresh.mutate({ refreshToken: first.refreshToken }));
  await client.auth.renew.mutate({ accessToken: second.accessToken });
  await server.http(second.accessToken).auth.sessions.query();
  await (await server.frames(second.accessToken)).untilPong();
  const forged = keep(`${second.accessToken.slice(0, -4)}AAAA`);
  await errorOf(server.http(forged).account.query());
  await errorOf(client.auth.renew.mutate({ accessToken: forged }));
  await (await server.frames(forged)).untilPong();
  await errorOf(http.auth.refresh.mutate({ refreshToken: keep(`${second.refreshToken.slice(0, -4)}AAAA`) }));
  await errorOf(http.auth.refresh.mutate({ refreshToken: keep(`${second.refreshToken} `) }));
  // A body that cannot be read, and what breaks within.
  await fetch(`${server.url}/trpc/auth.refresh`, { method: 'POST', body: `{${second.refreshToken}` });
  await fetch(`${server.url}/trpc/auth.refresh?input=${second.refreshToken}`);
  vi.spyOn(server.identity, 'refresh').mockImplementationOnce(async (refreshToken) => {
    throw Object.assign(new Error('broken'), {
      refreshToken,
      details: { accessToken: second.accessToken },
    });
  });
  await errorOf(http.auth.refresh.mutate({ refreshToken: second.refreshToken }));
  await errorOf(http.auth.refresh.mutate({ refreshToken: first.refreshToken }));
  const malformed = await FrameClient.open(`${server.socketUrl}?connectionParams=1`);
  malformed.send(connectionParams({ token: second.accessToken, other: 7 }));
  await malformed.closed;

  const text = lines.join('');
  // It is this log: what it is there for stands in it.
  expect(text).toContain('used twice');
  expect(text).toContain('a procedure failed');
  expect(text).toContain(first.sessionId);
  expect(calls().length).toBeGreaterThan(10);
  expect(secrets.size).toBe(9);
  for (const secret of secrets) expect(text).not.toContain(secret);
  for (const { accessToken } of [first, second]) expect(text).not.toContain(accessToken.split('.')[2]);
});

describe('the names of secrets', () => {
  it('are hidden wherever they stand in what is logged', () => {
    const { lines, sink } = memorySink();
    const logger = pino({ redact: [...SECRETS] }, sink);
    const secret = 'hunter2';
    for (const name of [
      'accessToken',
      'refreshToken',
      'token',
      'signature',
      'signedMessage',
      'authorization',
      'cookie',
      'secret',
    ]) {
      const details = { [name]: secret };
      logger.info(details);
      logger.info({ input: details });
      logger.info({ req: { headers: details } });
      logger.info({ a: { b: { c: details } } });
      logger.error({ err: Object.assign(new Error('broken'), details) });
    }
    expect(lines).toHaveLength(40);
    for (const line of lines) {
      expect(line).toContain('[Redacted]');
      expect(line).not.toContain(secret);
    }
  });
});
