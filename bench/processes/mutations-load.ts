import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { answer, command } from '../process/answer.ts';
import { clientFrame } from '../wire/frames.ts';
import { openAll } from '../wire/open-all.ts';
import { RawConnection, sharedBuffer } from '../wire/raw-connection.ts';
import { TRPC_PATH } from '../wire/trpc.ts';
import { AGENTS } from '../workload.ts';

/** The load generator of the mutations bench: connections that keep a number of buys in flight. */
const buffer = sharedBuffer();

const FIRST_ID = 1_000_001;
const RESULT = /^\{"id":(\d+),"result":\{"type":"data"/;
/** As much of an answer as must be looked at. */
const HEAD_BYTES = 64;

let stopping = true;
let acked = 0;

/** The frame of a buy of one token; every order id is used once. */
function buyFrame(trader: number, id: number): Buffer {
  const input = {
    json: {
      clientOrderId: `w${trader}-${id}`,
      agentId: `${1 + (id % AGENTS)}`,
      exact: 'tokens',
      tokens: '1000000',
      maxSol: '1000000000',
    },
    meta: { values: { tokens: ['bigint'], maxSol: ['bigint'] }, v: 1 },
  };
  return clientFrame(JSON.stringify({ id, method: 'mutation', params: { path: 'buy', input } }));
}

class Buyer {
  readonly #pending = new Set<number>();
  #nextId = FIRST_ID;
  #answers = 0;
  #connection: RawConnection | undefined;
  #idle: (() => void) | undefined;

  constructor(private readonly trader: number) {}

  connect(port: number): Promise<void> {
    return new Promise((opened, refused) => {
      this.#connection = new RawConnection({
        port,
        path: `${TRPC_PATH}?trader=${this.trader}`,
        buffer,
        onOpen: opened,
        onText: (data, start, end) =>
          this.#took(data.toString('latin1', start, Math.min(end, start + HEAD_BYTES))),
        onClose: () => {
          refused(new Error('a connection was refused'));
          throw new Error('a connection was cut');
        },
      });
    });
  }

  /** Sends so many buys. What has been answered in one read is replaced by one write. */
  buy(count: number): void {
    const frames: Buffer[] = [];
    for (let sent = 0; sent < count; sent += 1) {
      frames.push(buyFrame(this.trader, this.#nextId));
      this.#pending.add(this.#nextId);
      this.#nextId += 1;
    }
    this.#connection?.sendFrames(Buffer.concat(frames));
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  #took(head: string): void {
    const id = Number(RESULT.exec(head)?.[1]);
    if (!this.#pending.delete(id)) throw new Error(`not the result of a buy in flight: ${head}`);
    acked += 1;
    if (stopping) {
      if (this.#pending.size === 0) this.#idle?.();
      return;
    }
    if (this.#answers === 0) queueMicrotask(() => this.#refill());
    this.#answers += 1;
  }

  #refill(): void {
    const answers = this.#answers;
    this.#answers = 0;
    this.buy(answers);
  }
}

let buyers: readonly Buyer[] = [];

answer({
  connect: command(z.object({ port: z.number(), connections: z.number() }), async ({ port, connections }) => {
    buyers = Array.from({ length: connections }, (_, trader) => new Buyer(trader));
    await openAll(connections, (index) => buyers[index]?.connect(port) ?? Promise.resolve());
  }),
  /**
   * Keeps so many buys of every connection in flight, then waits for the last of them.
   * @returns acks a second in `measuredMs`, which begin after `warmUpMs`, and all acks so far
   */
  trade: command(
    z.object({ inFlight: z.number(), warmUpMs: z.number(), measuredMs: z.number() }),
    async ({ inFlight, warmUpMs, measuredMs }) => {
      stopping = false;
      for (const buyer of buyers) buyer.buy(inFlight);
      await sleep(warmUpMs);
      const first = { acked, atMs: performance.now() };
      await sleep(measuredMs);
      const ackedPerSecond = (acked - first.acked) / ((performance.now() - first.atMs) / 1000);
      stopping = true;
      await Promise.all(buyers.map((buyer) => buyer.idle()));
      return { ackedPerSecond, acked };
    },
  ),
});
