import type { App } from '../../server/app.ts';
import type { Random } from '../../server/sim/random.ts';
import { type AgentId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { sol, type TokenUnits, tokenUnits } from '../../shared/units.ts';
import { monotonicMs } from '../clock.ts';
import { walletAt } from '../workload.ts';

interface Holding {
  readonly wallet: WalletAddress;
  readonly tokens: TokenUnits;
}

const TICK_MS = 2;
/** A market that is too slow gets no longer queue; the rate that is reached tells. */
const MOST_IN_FLIGHT = 200;
/** Bought and not yet sold again, of one agent: far enough for prices to wander, too little to graduate it. */
const MOST_HELD = 40;
const LEAST_TOKENS = 500_000;
const TOKENS_SPREAD = 3_500_000;

/** Buys and sells at an even rate, by the clock and not by the answers, in the agents in turn. */
export class WebTraders {
  readonly #app: App;
  readonly #random: Random;
  readonly #held = new Map<AgentId, Holding[]>();
  readonly #inFlight = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #orders = 0;
  #failure: unknown;

  constructor(app: App, random: Random) {
    this.#app = app;
    this.#random = random;
  }

  start({
    perSecond,
    agentIds,
  }: {
    readonly perSecond: number;
    readonly agentIds: readonly AgentId[];
  }): void {
    clearInterval(this.#timer);
    const started = monotonicMs();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor(((monotonicMs() - started) * perSecond) / 1000);
      for (; sent < due && this.#inFlight.size < MOST_IN_FLIGHT; sent += 1) {
        const agentId = agentIds[sent % agentIds.length];
        if (agentId !== undefined) this.#follow(this.#trade(agentId));
      }
    }, TICK_MS);
  }

  /** Resolves when what was ordered has been answered. @throws when an order was refused */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #follow(order: Promise<void>): void {
    const followed = order
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(followed));
    this.#inFlight.add(followed);
  }

  async #trade(agentId: AgentId): Promise<void> {
    const held = this.#held.get(agentId) ?? [];
    this.#held.set(agentId, held);
    this.#orders += 1;
    const order = { clientOrderId: clientOrderId(`web-${this.#orders}`), agentId };
    const sold = held.length >= MOST_HELD || this.#random.next() < 0.5 ? held.shift() : undefined;
    if (sold !== undefined) {
      await this.#app.caller({ wallet: sold.wallet }).sell({ ...order, tokens: sold.tokens });
      return;
    }
    const wallet = walletAt(this.#orders);
    const size = LEAST_TOKENS + this.#random.below(TOKENS_SPREAD);
    // Of no two orders the same, so that a price does not come back.
    const tokens = tokenUnits(BigInt(size) * 1_000_000n + BigInt(this.#orders % 1_000_000));
    await this.#app.caller({ wallet }).buy({ ...order, exact: 'tokens', tokens, maxSol: sol('100') });
    held.push({ wallet, tokens });
  }
}
