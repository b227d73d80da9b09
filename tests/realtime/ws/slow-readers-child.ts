import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';
import { applyWSSHandler } from '../../../server/realtime/ws/index.ts';
import { nextTurn } from '../../support/gate.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';

/**
 * A server of quotes of about 400 bytes. It prints its port. For each line it is told, two numbers, it publishes so many
 * quotes, waits until they have left but for so many clients who are stuck, and prints what memory it has then.
 */
const log = new QuoteLog({ ringCapacity: 1_024, keys: 20, padding: 250 });
const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
applyWSSHandler({ wss, router: new QuoteService(log).router });
await once(wss, 'listening');
const address = wss.address();
if (typeof address === 'string' || address === null) throw new Error('the server has no port');
console.log(JSON.stringify({ port: address.port }));

const waiting = (): number[] => [...wss.clients].map(({ bufferedAmount }) => bufferedAmount);

for await (const line of createInterface({ input: process.stdin })) {
  const [items = 0, stuck = 0] = line.split(' ').map(Number);
  for (let published = 0; published < items; published += 100) {
    log.commit(100);
    await nextTurn();
  }
  // A round of items may take several turns, in which nothing waits.
  for (let quiet = 0; quiet < 50; ) {
    quiet = waiting().filter((bytes) => bytes > 0).length > stuck ? 0 : quiet + 1;
    await nextTurn();
  }
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const most = Math.max(0, ...waiting());
  const congested = [...wss.clients].filter(({ isPaused }) => isPaused).length;
  console.log(JSON.stringify({ rss, heapUsed, external, most, congested, clients: wss.clients.size }));
}
