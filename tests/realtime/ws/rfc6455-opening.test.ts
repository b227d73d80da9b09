import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptOf } from '../../support/raw-ws.ts';
import { encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import { answer, echo, Harness, handlers } from './rfc6455-fixture.ts';

describe.each(handlers)('the opening handshake of $name', { timeout: 10_000 }, (handler) => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.start(handler);
  });
  afterEach(() => harness.stop());

  it('accepts the key of the RFC', async () => {
    const client = await harness.connect();
    const { headers } = await client.answer;
    expect(headers.get('sec-websocket-accept')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(headers.get('upgrade')?.toLowerCase()).toBe('websocket');
    expect(headers.get('connection')?.toLowerCase()).toBe('upgrade');
    expect(headers.has('sec-websocket-protocol')).toBe(false);
    expect(headers.has('sec-websocket-extensions')).toBe(false);
  });

  it('accepts another key, and names in whatever case', async () => {
    const key = 'AAAAAAAAAAAAAAAAAAAAAA==';
    const client = await harness.connect({
      headers: { Upgrade: 'WebSocket', Connection: 'keep-alive, UPGRADE', 'Sec-WebSocket-Key': key },
    });
    expect((await client.answer).headers.get('sec-websocket-accept')).toBe(acceptOf(key));
  });

  it('may come a byte at a time', async () => {
    const client = await harness.open({ slowly: true });
    expect(await client.answer).toMatchObject({ status: 101 });
    await client.text(echo('hello'));
    expect(await client.nextJson()).toEqual(answer('hello'));
  });

  it('may have the first frames in its own segment', async () => {
    const client = await harness.connect({
      early: Buffer.concat([
        encodeFrame({ opcode: OPCODE.ping, payload: 'early' }),
        encodeFrame({ opcode: OPCODE.text, payload: echo('hello') }),
      ]),
    });
    expect(await client.next()).toEqual({ kind: 'pong', data: Buffer.from('early') });
    expect(await client.nextJson()).toEqual(answer('hello'));
  });

  it('may have a broken frame in its own segment', async () => {
    const client = await harness.connect({ early: encodeFrame({ opcode: OPCODE.text, mask: 'none' }) });
    expect(await client.rest()).toEqual([{ kind: 'close', code: 1002, reason: '' }]);
  });

  it.each<[string, number, Record<string, string | undefined>]>([
    ['version 12', 400, { 'Sec-WebSocket-Version': '12' }],
    ['version 14', 400, { 'Sec-WebSocket-Version': '14' }],
    ['no version', 400, { 'Sec-WebSocket-Version': undefined }],
    ['no key', 400, { 'Sec-WebSocket-Key': undefined }],
    ['an empty key', 400, { 'Sec-WebSocket-Key': '' }],
    ['a key of 15 bytes', 400, { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAA' }],
    ['a key of 17 bytes', 400, { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAAA=' }],
    ['a key that is not base64', 400, { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' }],
    ['two keys', 400, { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }],
    ['another upgrade', 400, { Upgrade: 'h2c' }],
    ['a bad subprotocol', 400, { 'Sec-WebSocket-Protocol': 'a b' }],
    ['the same subprotocol twice', 400, { 'Sec-WebSocket-Protocol': 'a, a' }],
    // Node takes it for an ordinary request; the server of this test has no pages.
    ['no upgrade', 426, { Upgrade: undefined, Connection: 'close' }],
  ])('refuses %s with %d', async (_, status, headers) => {
    const client = await harness.open({ headers, early: encodeFrame({ opcode: OPCODE.text, payload: 'x' }) });
    const refusal = await client.answer;
    expect(refusal.status).toBe(status);
    if ('Sec-WebSocket-Version' in headers) {
      expect(refusal.headers.get('sec-websocket-version')).toMatch(/\b13\b/);
    }
    await client.closed;
    expect(harness.wss.clients.size).toBe(0);
  });

  it('refuses POST with 405', async () => {
    const client = await harness.open({ requestLine: 'POST /trpc HTTP/1.1' });
    expect(await client.answer).toMatchObject({ status: 405 });
  });

  it('takes the first of the subprotocols', async () => {
    const client = await harness.connect({ headers: { 'Sec-WebSocket-Protocol': 'one, two' } });
    expect((await client.answer).headers.get('sec-websocket-protocol')).toBe('one');
  });

  it('survives clients that give up in the middle of it', async () => {
    const cut = await harness.open({ requestLine: 'GET' });
    cut.reset();
    await cut.closed;
    const gone = await harness.open();
    gone.reset();
    await gone.closed;
    await harness.idle();
    const client = await harness.connect();
    await client.text(echo('hello'));
    expect(await client.nextJson()).toEqual(answer('hello'));
  });
});
