import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Tokens } from '../../../shared/auth.ts';
import { type ConnectedClient, createClient } from '../../../shared/client/index.ts';
import { keptOf, memoryStorage } from '../../../shared/client/kept-session.ts';
import { agentId } from '../../../shared/ids.ts';
import { lamports, sol, tokens as tokenUnitsOf } from '../../../shared/units.ts';
import { orderOf } from '../world.ts';
import { TradeSequence } from './trade-sequence.ts';

const PER_SECOND = 10;
const AMOUNT = tokenUnitsOf('100');

export interface TraderOptions {
  readonly name: string;
  readonly url: string;
  /** Its session; the client keeps that alive by itself. */
  readonly tokens: Tokens;
  readonly agent: string;
}

/** Buys and sells at a steady rate with the real client, and follows everybody's trades. */
export class Trader {
  readonly sequence: TradeSequence;
  /** Of every order since {@link mark}, from asking to answer. */
  latencies: number[] = [];
  orders = 0;
  reconnects = 0;
  /** Where its own orders are in the log. */
  readonly #acknowledged: number[] = [];
  readonly #connected: ConnectedClient;
  #trading: Promise<void> | undefined;
  #stopped = false;

  constructor(private readonly options: TraderOptions) {
    this.sequence = new TradeSequence(options.name);
    this.#connected = signedIn(options);
    this.#connected.state.subscribe(() => {
      if (this.#connected.state.get().kind === 'reconnecting') this.reconnects += 1;
    });
    this.#connected.client.onTrade.subscribe(
      {},
      {
        onData: ({ id, data }) =>
          data.type === 'snapshot' ? this.sequence.snapshot(id) : this.sequence.trade(id),
        onError: (error) => this.sequence.problem(`its subscription failed: ${error.message}`),
        onComplete: () => this.#stopped || this.sequence.problem('its subscription was ended'),
      },
    );
  }

  begin(): void {
    this.#trading = this.#trade();
  }

  /** Latencies count from now on. */
  mark(): void {
    this.latencies = [];
  }

  /** Resolves when the order under way has been answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#trading;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#connected.close();
  }

  /** Compares with the log: what was answered as done is there, and everything there was given to it, once and in order. */
  compare(logged: readonly number[]): void {
    const due = new Set(logged);
    const missing = this.#acknowledged.filter((seq) => !due.has(seq));
    if (missing.length > 0) this.sequence.problem(`answered as done but not in the log: ${missing[0]}`);
    this.sequence.compare(logged);
  }

  async #trade(): Promise<void> {
    let due = performance.now();
    while (!this.#stopped) {
      await this.#order();
      due = Math.max(due + 1000 / PER_SECOND, performance.now());
      await pause(due - performance.now());
    }
  }

  async #order(): Promise<void> {
    const { client } = this.#connected;
    const { name, agent } = this.options;
    const order = {
      clientOrderId: orderOf(`${name}-${this.orders}`),
      agentId: agentId(agent),
      tokens: AMOUNT,
    };
    const buys = this.orders % 2 === 0;
    this.orders += 1;
    const begin = performance.now();
    try {
      const { receipt } = buys
        ? await client.buy.mutate({ ...order, exact: 'tokens', maxSol: sol('10') })
        : await client.sell.mutate({ ...order, minSol: lamports(0n) });
      this.latencies.push(performance.now() - begin);
      this.#acknowledged.push(receipt.seq);
    } catch (error) {
      this.sequence.problem(`its order failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** The real client, with a session that it takes for one of its own. */
export function signedIn({ url, tokens }: Pick<TraderOptions, 'url' | 'tokens'>): ConnectedClient {
  const storage = memoryStorage();
  const now = Date.now();
  storage.save(keptOf(tokens, tokens.accessExpiresAt - now, now));
  return createClient({ url, WebSocket, session: { storage } });
}
