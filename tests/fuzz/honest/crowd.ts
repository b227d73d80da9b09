import type { Tokens } from '../../../shared/auth.ts';
import type { ServerProcess } from '../server/process.ts';
import { HONEST_AGENTS, HONEST_TRADERS, type Target } from '../world.ts';
import type { TradeSequence } from './trade-sequence.ts';
import { Trader } from './trader.ts';
import { DOORS, Witness } from './witness.ts';

export interface CrowdReport {
  readonly orders: number;
  /** Trades given to each of the subscribers, all together. */
  readonly tradesSeen: number;
  readonly reconnects: number;
  /** From asking to answer, ms, during the attack. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly most: number };
}

/** Everybody who does nothing wrong. */
export class Crowd {
  readonly #traders: readonly Trader[];
  readonly #witnesses: readonly Witness[];

  private constructor(base: string, sessions: readonly Tokens[]) {
    this.#witnesses = DOORS.map((door) => new Witness(base, door));
    this.#traders = HONEST_TRADERS.map((name, index) => {
      const [tokens, agent] = [sessions[index], HONEST_AGENTS[index]];
      if (tokens === undefined || agent === undefined) throw new Error(`${name} has no session or no agent`);
      return new Trader({ name, url: `${base}/trpc`, tokens, agent });
    });
  }

  static async of(server: ServerProcess, { port }: Target): Promise<Crowd> {
    const sessions = await Promise.all(HONEST_TRADERS.map((name) => server.session(name)));
    return new Crowd(`ws://127.0.0.1:${port}`, sessions);
  }

  /** Connections that it holds. */
  get size(): number {
    return this.#traders.length + this.#witnesses.length;
  }

  get problems(): readonly string[] {
    return this.#sequences.flatMap(({ problems }) => problems);
  }

  get report(): CrowdReport {
    const latencies = this.#traders.flatMap((trader) => trader.latencies).sort((a, b) => a - b);
    const at = (part: number): number =>
      Math.round((latencies[Math.floor((latencies.length - 1) * part)] ?? 0) * 10) / 10;
    return {
      orders: this.#traders.reduce((sum, { orders }) => sum + orders, 0),
      tradesSeen: this.#sequences.reduce((sum, { seqs }) => sum + seqs.length, 0),
      reconnects: this.#traders.reduce((sum, { reconnects }) => sum + reconnects, 0),
      latencyMs: { p50: at(0.5), p99: at(0.99), most: at(1) },
    };
  }

  /** Resolves when everybody is subscribed and the trading has begun. @throws Error when that does not come about */
  async begin(): Promise<void> {
    const begun = await Promise.all(this.#sequences.map((sequence) => sequence.reached(0)));
    if (begun.includes(false)) throw new Error('an honest client could not subscribe');
    for (const trader of this.#traders) trader.begin();
  }

  /** Latencies count from now on. */
  mark(): void {
    for (const trader of this.#traders) trader.mark();
  }

  /** Stops trading and compares what everybody was given with the log. */
  async compare(server: ServerProcess): Promise<void> {
    await Promise.all(this.#traders.map((trader) => trader.stop()));
    const { seqs } = await server.trades(0);
    const last = seqs.at(-1) ?? 0;
    await Promise.all(this.#sequences.map((sequence) => sequence.reached(last)));
    for (const follower of [...this.#traders, ...this.#witnesses.map(({ sequence }) => sequence)]) {
      const { began = 0 } = follower instanceof Trader ? follower.sequence : follower;
      follower.compare(seqs.filter((seq) => seq > began));
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#traders, ...this.#witnesses].map((client) => client.close()));
  }

  get #sequences(): readonly TradeSequence[] {
    return [...this.#traders, ...this.#witnesses].map(({ sequence }) => sequence);
  }
}
