import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { Child } from '../../support/child-report.ts';
import { encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import { handshake } from '../../support/wire-answers.ts';
import { subscription } from '../../support/ws-messages.ts';
import { BATCH, BUDGET } from './congestion-fixture.ts';

const READERS = 200;
const STUCK = 50;
const ITEMS = 20_000;
/** At most; with those that have five digits more is told than with others. */
const ITEM_BYTES = 450;
const MIB = 1024 * 1024;

const port = z.object({ port: z.number() });
const published = z.object({ head: z.number() });
const memory = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  most: z.number(),
  clients: z.number(),
});

const hello = Buffer.concat([
  handshake(),
  encodeFrame({ opcode: OPCODE.text, payload: JSON.stringify(subscription(1, 'every')) }),
]);

/** Looks in what comes for a text, and is done with the rest. */
class Reader {
  #end: Buffer = Buffer.alloc(0);
  #sought: { readonly text: string; readonly found: () => void } | undefined;

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => this.#read(bytes));
  }

  /** Connects, and subscribes to every item. */
  static async subscribe(to: number): Promise<Reader> {
    const socket = connect({ port: to, host: '127.0.0.1' });
    await once(socket, 'connect');
    const reader = new Reader(socket);
    const started = reader.seen('"type":"snapshot"');
    socket.write(hello);
    await started;
    return reader;
  }

  seen(text: string): Promise<void> {
    return new Promise((found) => {
      this.#sought = { text, found };
      this.#read(Buffer.alloc(0));
    });
  }

  #read(bytes: Buffer): void {
    // It may be there in two parts.
    const seam = Buffer.concat([this.#end, bytes.subarray(0, LONGEST)]);
    this.#end = (bytes.length < LONGEST ? seam : bytes).subarray(-LONGEST);
    const { text = '', found } = this.#sought ?? {};
    if (found === undefined || !(bytes.includes(text) || seam.includes(text))) return;
    this.#sought = undefined;
    found();
  }
}

/** More than what is sought is long. */
const LONGEST = 64;

it(`each of ${STUCK} readers that never read costs the server less than 1 MiB beside ${READERS} that do`, {
  timeout: 180_000,
}, async () => {
  const child = new Child(new URL('./slow-readers-child.ts', import.meta.url));
  const readers: Reader[] = [];
  const stuck: Reader[] = [];
  onTestFinished(async () => {
    await child.end();
    for (const { socket } of [...readers, ...stuck]) socket.destroy();
  });
  /** Publishes, and waits until all have it who read. */
  async function publish(items: number): Promise<void> {
    const { head } = published.parse(await child.ask(`publish ${items}`));
    await Promise.all(readers.map((reader) => reader.seen(`"n":${head},`)));
  }

  const { port: to } = port.parse(await child.report());
  for (let count = 0; count < READERS; count += 1) readers.push(await Reader.subscribe(to));
  // The heap gets as large as it will, without anyone being stuck.
  await publish(ITEMS / 2);
  const before = memory.parse(await child.ask('measure 0'));
  expect(before).toMatchObject({ clients: READERS });

  for (let count = 0; count < STUCK; count += 1) {
    const reader = await Reader.subscribe(to);
    reader.socket.pause();
    stuck.push(reader);
  }
  await publish(ITEMS);
  const after = memory.parse(await child.ask(`measure ${STUCK}`));
  expect(after).toMatchObject({ clients: READERS + STUCK });
  expect(after.most).toBeLessThan(BUDGET + BATCH * ITEM_BYTES);
  expect((after.rss - before.rss) / STUCK).toBeLessThan(MIB);
  const held = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(held / STUCK).toBeLessThan(3 * (BUDGET + BATCH * ITEM_BYTES));
});
