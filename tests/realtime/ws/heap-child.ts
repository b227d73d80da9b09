import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { applyWSSHandler } from '../../../server/realtime/ws/index.ts';
import { nextTurn } from '../../support/gate.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { closePayload, encodeFrame, OPCODE } from '../../support/raw-ws-frames.ts';
import { handshake } from '../../support/wire-answers.ts';

/**
 * Connects, subscribes three times and leaves, again and again, in all the ways there are to leave, and reports what is
 * left of it: first after a warm-up, then in the end.
 */
const WARM_UP = 2_000;
const CYCLES = 10_000;
const AT_A_TIME = 40;

const log = new QuoteLog({ ringCapacity: 64, keys: 10 });
const service = new QuoteService(log);
const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
applyWSSHandler({ wss, router: service.router, keepAlive: { enabled: true } });
await once(wss, 'listening');

const text = (message: object): Buffer =>
  encodeFrame({ opcode: OPCODE.text, payload: JSON.stringify(message) });
const paths = ['every', 'latest', 'even'];
const hello = Buffer.concat([
  handshake(),
  ...paths.map((path, id) => text({ id, method: 'subscription', params: { path } })),
  text({ id: 3, method: 'mutation', params: { path: 'pending' } }),
]);
const close = encodeFrame({ opcode: OPCODE.close, payload: closePayload(1000) });
const stops = Buffer.concat([
  ...paths.map((_, id) => text({ id, method: 'subscription.stop' })),
  text({ id: 4, method: 'query', params: { path: 'sized', input: { n: 1, size: 1 } } }),
]);

const LEAVE: readonly ((socket: Socket) => unknown)[] = [
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.end(),
  (socket) => socket.end(close),
  (socket) => socket.end(Buffer.concat([stops, close])),
  (socket) => socket.end(stops),
];

/** One client's life. */
async function cycle(port: number, number: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  const closed = once(socket, 'close');
  // A connection that is reset says so.
  socket.on('error', () => undefined);
  let snapshots = 0;
  socket.on('data', (bytes) => {
    snapshots += bytes.toString('latin1').split('"type":"snapshot"').length - 1;
    if (snapshots < paths.length) return;
    snapshots = Number.NEGATIVE_INFINITY;
    LEAVE[number % LEAVE.length]?.(socket);
  });
  socket.write(hello);
  await closed;
}

async function run(cycles: number): Promise<void> {
  const { port } = addressOf();
  for (let done = 0; done < cycles; done += AT_A_TIME) {
    const batch = Array.from({ length: AT_A_TIME }, (_, index) => cycle(port, done + index));
    log.commit(2);
    await Promise.all(batch);
    while (wss.clients.size > 0) await nextTurn();
  }
}

function addressOf(): { readonly port: number } {
  const address = wss.address();
  if (typeof address === 'string' || address === null) throw new Error('the server has no port');
  return address;
}

/** What is left, once the last handles have had the time to go. */
async function report(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await nextTurn();
    globalThis.gc?.();
  }
  const resources = process.getActiveResourcesInfo();
  console.log(
    JSON.stringify({
      heapUsed: process.memoryUsage().heapUsed,
      sockets: resources.filter((name) => name === 'TCPSocketWrap').length,
      timers: resources.filter((name) => name === 'Timeout').length,
      subscribers: log.every.subscribers + log.latest.subscribers,
      pending: service.pending,
    }),
  );
}

await run(WARM_UP);
await report();
await run(CYCLES);
await report();
process.exit();
