import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { applyWSSHandler } from '../../../server/realtime/ws/index.ts';
import { eventually, nextTurn } from '../../support/gate.ts';
import { QuoteLog, type QuoteLogOptions } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { SlowClient } from '../../support/slow-client.ts';

/** With this padding an item takes less than `ITEM_BYTES`. */
const PADDING = 300;
export const ITEM_BYTES = 460;
/** More items than the system's sockets on both sides take, and not too many to be read back. */
export const ENOUGH = 18_000;

interface Options extends QuoteLogOptions {
  readonly deflate?: boolean;
}

interface Connected {
  readonly client: SlowClient;
  /** The server's side of it, and how many bytes that has read. */
  readonly socket: WebSocket;
  readonly bytesRead: () => number;
}

/** Serves a log of quotes on a port until the test is over. */
export async function serve({ deflate = false, ...options }: Options) {
  const log = new QuoteLog({ padding: PADDING, ...options });
  const service = new QuoteService(log);
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: deflate });
  applyWSSHandler({ wss, router: service.router });
  await once(wss, 'listening');
  onTestFinished(async () => {
    for (const client of wss.clients) client.terminate();
    await new Promise((resolve) => wss.close(resolve));
  });
  const address = wss.address();
  if (typeof address === 'string' || address === null) throw new Error('the server has no port');
  const { port } = address;

  /** Connects, sends, and waits for the first answer. */
  async function connect(...messages: readonly object[]): Promise<Connected> {
    const connection = new Promise<Omit<Connected, 'client'>>((resolve) => {
      wss.once('connection', (socket, { socket: tcp }) =>
        resolve({ socket, bytesRead: () => tcp.bytesRead }),
      );
    });
    const client = await SlowClient.open(port, messages, deflate);
    const { socket, bytesRead } = await connection;
    if (messages.length > 0) await client.inbox.until((answers) => answers.length > 0);
    return { client, socket, bytesRead };
  }
  return { log, service, connect };
}

/** Publishes by the hundred, a turn of the event loop each. @returns the most that ever waited for `socket` */
export async function publish(log: QuoteLog, count: number, socket: WebSocket): Promise<number> {
  let most = 0;
  for (let published = 0; published < count; published += 100) {
    log.commit(100);
    await nextTurn();
    most = Math.max(most, socket.bufferedAmount);
  }
  return most;
}

/** Resolves when subscription `id` has got the last item. */
export const caughtUp = ({ inbox }: SlowClient, log: QuoteLog, id: number): Promise<void> =>
  inbox.until((answers) => {
    const last = answers.findLast((answer) => answer.kind === 'item' && answer.id === id);
    return last?.kind === 'item' && last.seq === log.hub.head;
  });

/** Resolves when the system takes no more for `socket`. */
export async function untilFull(socket: WebSocket): Promise<void> {
  let before = -1;
  let same = 0;
  await eventually(() => {
    const waiting = socket.bufferedAmount;
    same = socket.isPaused && waiting === before ? same + 1 : 0;
    before = waiting;
    return same === 100;
  });
}
