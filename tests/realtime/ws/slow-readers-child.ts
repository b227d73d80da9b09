import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type WebSocket, WebSocketServer } from 'ws';
import { applyWSSHandler } from '../../../server/realtime/ws/index.ts';
import { nextTurn } from '../../support/gate.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';

/**
 * A server of quotes of about 400 bytes. It prints its port; told `publish` and a number, it publishes so many and prints
 * the number of the last one; told `measure` and a number, it waits until so many clients are congested and prints what
 * memory it has then.
 */
const log = new QuoteLog({ ringCapacity: 1_024, keys: 20, padding: 250 });
const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
applyWSSHandler({ wss, router: new QuoteService(log).router });
await once(wss, 'listening');
const address = wss.address();
if (typeof address === 'string' || address === null) throw new Error('the server has no port');
console.log(JSON.stringify({ port: address.port }));

const count = (which: (socket: WebSocket) => boolean): number => [...wss.clients].filter(which).length;

for await (const line of createInterface({ input: process.stdin })) {
  const [what, operand] = line.split(' ');
  const number = Number(operand);
  if (what === 'publish') {
    for (let published = 0; published < number; published += 100) {
      log.commit(100);
      await nextTurn();
    }
    console.log(JSON.stringify({ head: log.hub.head }));
  } else {
    while (count(({ isPaused }) => isPaused) !== number) await nextTurn();
    for (let turn = 0; turn < 5; turn += 1) {
      globalThis.gc?.();
      await nextTurn();
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    const most = Math.max(0, ...[...wss.clients].map(({ bufferedAmount }) => bufferedAmount));
    console.log(JSON.stringify({ rss, heapUsed, external, most, clients: wss.clients.size }));
  }
}
