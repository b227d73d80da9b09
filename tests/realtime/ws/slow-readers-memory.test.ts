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
const WARM_UP = 3;
/** At most; with those that have five digits more is told than with others. */
const ITEM_BYTES = 450;
const MIB = 1024 * 1024;

const port = z.object({ port: z.number() });
const memory = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  most: z.number(),
  congested: z.number(),
  clients: z.number(),
});

const hello = Buffer.concat([
  handshake(),
  encodeFrame({ opcode: OPCODE.text, payload: JSON.stringify(subscription(1, 'every')) }),
]);

/** Connects, subscribes, and waits until the subscription has begun; then reads on, or nothing more. */
function subscribe(to: number, reads: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: to, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.on('data', (bytes) => {
      if (!bytes.includes('snapshot')) return;
      socket.removeAllListeners('data');
      if (reads) socket.resume();
      else socket.pause();
      resolve(socket);
    });
    socket.write(hello);
  });
}

it(`each of ${STUCK} readers that never read costs the server less than 1 MiB beside ${READERS} that do`, {
  timeout: 180_000,
}, async () => {
  const child = new Child(new URL('./slow-readers-child.ts', import.meta.url));
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    await child.end();
    for (const socket of sockets) socket.destroy();
  });
  const { port: to } = port.parse(await child.report());
  for (let count = 0; count < READERS; count += 1) sockets.push(await subscribe(to, true));
  // As much as is measured below, thrice, so that the process gets as large as it will without anyone being stuck:
  // on a busy machine its young generation grows by tens of MiB late, whoever reads.
  for (let round = 1; round < WARM_UP; round += 1) await child.ask(`${ITEMS} 0`);
  const before = memory.parse(await child.ask(`${ITEMS} 0`));
  expect(before).toMatchObject({ clients: READERS, congested: 0, most: 0 });

  for (let count = 0; count < STUCK; count += 1) sockets.push(await subscribe(to, false));
  const after = memory.parse(await child.ask(`${ITEMS} ${STUCK}`));
  expect(after).toMatchObject({ clients: READERS + STUCK, congested: STUCK });
  expect(after.most).toBeLessThan(BUDGET + BATCH * ITEM_BYTES);
  expect((after.rss - before.rss) / STUCK).toBeLessThan(MIB);
  const held = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(held / STUCK).toBeLessThan(3 * (BUDGET + BATCH * ITEM_BYTES));
});
