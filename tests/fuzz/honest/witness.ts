import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { TradeSequence } from './trade-sequence.ts';

/** What an item of a door's trades is for a witness. */
interface Item {
  readonly id: string;
  readonly isSnapshot: boolean;
}

interface Door {
  readonly name: string;
  readonly path: string;
  readonly subscribe: object;
  /** `undefined` when the message is no item. */
  readonly itemOf: (message: unknown) => Item | undefined;
}

const trpcItem = z.object({
  result: z.object({
    type: z.literal('data'),
    data: z.object({ json: z.object({ id: z.string(), data: z.object({ type: z.string() }) }) }),
  }),
});
const gatewayItem = z.object({ type: z.string(), channel: z.literal('trades'), id: z.string() });

export const DOORS: readonly Door[] = [
  {
    name: 'witness at /trpc',
    path: '/trpc',
    subscribe: { id: 1, method: 'subscription', params: { path: 'onTrade', input: { json: {} } } },
    itemOf: (message) => {
      const { data } = trpcItem.safeParse(message);
      const item = data?.result.data.json;
      return item === undefined ? undefined : { id: item.id, isSnapshot: item.data.type === 'snapshot' };
    },
  },
  {
    name: 'witness at /ws',
    path: '/ws',
    subscribe: { type: 'subscribe', channel: 'trades' },
    itemOf: (message) => {
      const { data } = gatewayItem.safeParse(message);
      return data === undefined ? undefined : { id: data.id, isSnapshot: data.type === 'snapshot' };
    },
  },
];

/**
 * Follows the trades with a bare WebSocket, and writes down what comes as it comes: a client of ours might make good what
 * the server does wrong. It does not come back either.
 */
export class Witness {
  readonly sequence: TradeSequence;
  readonly #socket: WebSocket;
  #left = false;

  constructor(
    base: string,
    private readonly door: Door,
  ) {
    this.sequence = new TradeSequence(door.name);
    this.#socket = new WebSocket(`${base}${door.path}`);
    this.#socket.on('open', () => this.#socket.send(JSON.stringify(door.subscribe)));
    this.#socket.on('message', (data) => this.#take(data));
    this.#socket.on('error', (error) => this.sequence.problem(`its connection failed: ${error.message}`));
    this.#socket.on('close', (code) => {
      if (!this.#left) this.sequence.problem(`its connection was closed with ${code}`);
    });
  }

  async close(): Promise<void> {
    this.#left = true;
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.terminate();
    await closed;
  }

  #take(data: RawData): void {
    const text = data.toString();
    if (text === 'PING') this.#socket.send('PONG');
    if (text === 'PING' || text === 'PONG') return;
    const item = this.door.itemOf(JSON.parse(text));
    if (item === undefined) return;
    if (item.isSnapshot) this.sequence.snapshot(item.id);
    else this.sequence.trade(item.id);
  }
}
