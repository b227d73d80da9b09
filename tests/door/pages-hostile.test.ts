import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuthServer } from '../support/auth-server.ts';
import { eventually } from '../support/gate.ts';
import { RawClient } from '../support/raw-ws.ts';
import { halfOpen } from './fixture.ts';

const PAGE = '<!doctype html><title>the page</title>';
/** More than the buffers between a file and a client that does not read. */
const LARGE_BYTES = 32 * 1024 * 1024;

let directory: string;
let server: AuthServer;
let errors: string[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pages-hostile-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), PAGE);
  writeFileSync(join(directory, 'assets', 'large.js'), Buffer.alloc(LARGE_BYTES, ' '));
  errors = [];
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (_: object, message: string) => errors.push(message),
  };
  server = await AuthServer.open({ server: { webDir: directory, logger } });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
  expect(errors).toEqual([]);
});

const ask = (...lines: readonly string[]): Promise<string> =>
  halfOpen(server.server, `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);

describe('pages', () => {
  it.each(['bytes=5-1', 'bytes=-1', 'bytes=a-b', 'bytes=0-0,2-3', 'bytes=99999999999999999999-1', 'x', '-'])(
    'are sent as a whole, whatever part is asked for: Range: %s',
    async (range) => {
      const answer = await ask('GET / HTTP/1.1', 'Host: a', `Range: ${range}`);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer.endsWith(PAGE)).toBe(true);
    },
  );

  const openLarge = (): number => {
    const large = join(directory, 'assets', 'large.js');
    const names = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        // Closed since it was listed.
        return '';
      }
    });
    return names.filter((name) => name === large).length;
  };

  it.runIf(process.platform === 'linux')(
    'are closed when the client goes before it has all of one',
    async () => {
      const clients = Array.from({ length: 8 }, () => {
        const socket = connect({ port: server.server.port, host: '127.0.0.1' }).pause();
        socket.on('error', () => undefined);
        socket.write('GET /assets/large.js HTTP/1.1\r\nHost: a\r\n\r\n');
        return socket;
      });
      await eventually(() => openLarge() === clients.length);
      for (const socket of clients) socket.resetAndDestroy();
      await eventually(() => openLarge() === 0);
    },
  );
});

describe('the log has no error line for what a client does wrong', () => {
  it.each(['TRACE', 'PUT', 'DELETE'])('%s to the API is refused', async (method) => {
    const answer = await ask(`${method} /trpc/king HTTP/1.1`, 'Host: a');
    expect(answer).toMatch(/^HTTP\/1\.1 405 [\s\S]*\r\nallow: GET, HEAD, POST\r\n/i);
  });

  it('a broken frame ends its connection', async () => {
    const client = await RawClient.open({ port: server.server.port, requestLine: 'GET /trpc HTTP/1.1' });
    await client.answer;
    // All reserved bits, an opcode that means nothing, and no mask.
    await client.send(Buffer.from([0xff, 0x00]));
    await client.closed;
    await fetch(`${server.server.url}/health`);
  });
});
