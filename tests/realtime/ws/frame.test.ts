import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { frame, headerLength, MAX_COPIED, textFrames } from '../../../server/realtime/ws/frame.ts';
import { acceptOf } from '../../support/raw-ws.ts';
import { FrameParser, type Received } from '../../support/raw-ws-frames.ts';
import { Inbox } from '../../support/streams.ts';

/** Around the lengths where the header changes its form. */
const LENGTHS = [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 200_000];

/** Text of exactly `bytes` bytes in UTF-8, with characters of one to four bytes in it. */
function textOf(bytes: number): string {
  const cycle = ['é', '€', '😀', 'z'];
  let text = '';
  let left = bytes;
  for (let index = 0; left > 0; index += 1) {
    const next = cycle[index % cycle.length] ?? '';
    const character = Buffer.byteLength(next) <= left ? next : 'a';
    text += character;
    left -= Buffer.byteLength(character);
  }
  return text;
}

function bytesOf(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + 7) & 0xff));
}

/** What a strict parser makes of the bytes; it throws at a length that is not in its shortest form, masks, RSV bits. */
function parse(bytes: Buffer): Received[] {
  const received: Received[] = [];
  const parser = new FrameParser(false, (each) => received.push(each));
  parser.push(bytes);
  parser.end();
  return received;
}

const text = (content: string): Received => ({
  kind: 'text',
  text: content,
  bytes: Buffer.byteLength(content),
  compressed: false,
});

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address === 'string' || address === null) throw new Error('the server has no port');
  return address.port;
}

/** What `ws` makes of the bytes, which a server that knows nothing but the handshake sends it. */
async function readWithWs(bytes: Buffer, messages: number): Promise<(string | Buffer)[]> {
  const server = createServer((socket) => {
    socket.once('data', (request) => {
      const key = /^sec-websocket-key: *(\S+)/im.exec(request.toString('latin1'))?.[1] ?? '';
      const head = [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${acceptOf(key)}`,
        '\r\n',
      ].join('\r\n');
      socket.write(Buffer.concat([Buffer.from(head), bytes]));
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${portOf(server)}`, { perMessageDeflate: false });
  onTestFinished(() => {
    client.terminate();
    server.close();
  });
  const received = new Inbox<string | Buffer>();
  client.on('message', (data, binary) => {
    if (!Buffer.isBuffer(data)) throw new TypeError('ws gives messages as one buffer');
    received.push(binary ? data : data.toString());
  });
  const failed = new Promise<never>((_, reject) => client.once('error', reject));
  await Promise.race([received.until((items) => items.length === messages), failed]);
  return received.items;
}

describe('a frame', () => {
  it.each(LENGTHS)('of %d bytes of text', (length) => {
    const content = textOf(length);
    const bytes = frame(content);
    expect(bytes.length).toBe(headerLength(length) + length);
    expect(parse(bytes)).toEqual([text(content)]);
  });

  it.each(LENGTHS)('of %d bytes of binary data', (length) => {
    const [received, ...more] = parse(frame(bytesOf(length)));
    expect(more).toEqual([]);
    if (received?.kind !== 'binary') throw new Error(`binary was due: ${received?.kind}`);
    expect(received.data.equals(bytesOf(length))).toBe(true);
  });

  it('takes bytes that are a part of something larger, and leaves them alone', () => {
    const whole = bytesOf(64);
    const part = new Uint8Array(whole.buffer, whole.byteOffset + 10, 20);
    expect(parse(frame(part))).toEqual([{ kind: 'binary', data: whole.subarray(10, 30) }]);
    expect(whole.equals(bytesOf(64))).toBe(true);
  });

  it('of every length up to 300, one behind the other', () => {
    const contents = Array.from({ length: 301 }, (_, length) => textOf(length));
    expect(parse(Buffer.concat(contents.map(frame)))).toEqual(contents.map(text));
  });
});

describe('text frames of one head and several tails', () => {
  const framesOf = (head: string, tails: readonly string[]): Buffer =>
    Buffer.concat(
      textFrames(
        Buffer.from(head),
        tails.map((tail) => Buffer.from(tail)),
      ),
    );

  const heads = ['', '{"id":1,', '{"id":"é€😀",', textOf(125), textOf(126)];
  it.each(heads.map((head): [number, string] => [Buffer.byteLength(head), head]))(
    'the head having %d bytes',
    (_, head) => {
      const tails = LENGTHS.map((length) => textOf(Math.max(0, length - Buffer.byteLength(head))));
      const bytes = framesOf(head, tails);
      expect(parse(bytes)).toEqual(tails.map((tail) => text(head + tail)));
      // Just as many as have to be.
      expect(bytes.equals(Buffer.concat(tails.map((tail) => frame(head + tail))))).toBe(true);
    },
  );

  it('are none without a tail', () => {
    expect(textFrames(Buffer.from('head'), [])).toEqual([]);
  });

  it('are one piece, unless a tail is long: that is sent as it is, between the others', () => {
    const short = Buffer.from(textOf(MAX_COPIED));
    const long = Buffer.from(textOf(MAX_COPIED + 1));
    const head = Buffer.from('{"id":1,');
    expect(textFrames(head, [short, short, short])).toHaveLength(1);
    const pieces = textFrames(head, [short, short, long, long, short]);
    expect(pieces.map((piece) => piece === long)).toEqual([false, false, true, false, true, false]);
    expect(textFrames(head, [long])).toHaveLength(2);
    // A piece that is no tail holds what is small: it is copied for every request id.
    expect(pieces[1]?.length).toBe(headerLength(head.length + long.length) + head.length);
  });
});

describe('ws reads', () => {
  it('frames of text and of bytes', async () => {
    const contents = LENGTHS.flatMap((length) => [textOf(length), bytesOf(length)]);
    const received = await readWithWs(Buffer.concat(contents.map(frame)), contents.length);
    // Strings are compared, and told apart in a report, faster than buffers.
    const readable = (content: string | Buffer) => [typeof content, Buffer.from(content).toString('latin1')];
    expect(received.map(readable)).toEqual(contents.map(readable));
  });

  it('frames that share a head', async () => {
    const tails = LENGTHS.map(textOf);
    const pieces = textFrames(
      Buffer.from('€'),
      tails.map((tail) => Buffer.from(tail)),
    );
    expect(await readWithWs(Buffer.concat(pieces), tails.length)).toEqual(tails.map((tail) => `€${tail}`));
  });
});
