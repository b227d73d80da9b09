import { TRPCError } from '@trpc/server';
import type { AgentId, WalletAddress } from '../../shared/ids.ts';
import { clientOrderId } from '../../shared/ids.ts';
import { LAMPORTS_PER_SOL, lamports, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { Session } from '../api/context.ts';
import type { Caller } from '../api/router.ts';
import type { Logger } from '../app.ts';
import { agentIdea } from './ideas.ts';
import { Random } from './random.ts';
import { namedWallet } from './replay.ts';

export interface TradersOptions {
  readonly callerOf: (session: Session) => Caller;
  readonly logger: Logger;
  readonly seed: number;
  /** Mean rate; the times between are random. */
  readonly tradesPerSecond: number;
  /** Makes order ids of this run different from those of any other. */
  readonly runId: string;
}

const WALLETS = 60;
/** Live agents the simulation keeps around. */
const WANTED_AGENTS = 24;
const CREATE_CHANCE = 0.01;
const SELL_CHANCE = 0.42;
const ALLOWANCE = 50n * LAMPORTS_PER_SOL;

/**
 * Simulated traders and creators. They do what a user's bot would: call procedures, one step at a time, and live with
 * refusals. The seed decides every choice.
 */
export class SimulatedTraders {
  readonly #options: TradersOptions;
  readonly #random: Random;
  readonly #wallets: readonly WalletAddress[];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #orders = 0;

  constructor(options: TradersOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#wallets = Array.from({ length: WALLETS }, (_, index) => namedWallet(`trader ${index}`));
  }

  start(): void {
    const wait = this.#random.exponential(1000 / this.#options.tradesPerSecond);
    this.#timer = setTimeout(() => {
      this.#running = this.#tick();
    }, wait);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }

  async #tick(): Promise<void> {
    try {
      await this.step();
    } catch (error) {
      // A refusal is part of trading; anything else is worth a line.
      if (!(error instanceof TRPCError) || error.code === 'INTERNAL_SERVER_ERROR') {
        this.#options.logger.error({ err: error }, 'a simulated trader failed');
      }
    }
    if (this.#timer !== undefined) this.start();
  }

  /** One trader does one thing. @throws TRPCError when the market refuses it */
  async step(): Promise<void> {
    const wallet = this.#random.pick(this.#wallets);
    if (wallet === undefined) return;
    const caller = this.#options.callerOf({ wallet });
    const { agents } = await caller.agents({ limit: 100 });
    const bonding = agents.filter(({ phase }) => phase.kind === 'bonding');
    const { sol, holdings } = await caller.portfolio({ wallet });
    if (sol < LAMPORTS_PER_SOL) await this.#credit(wallet);
    if (
      bonding.length < WANTED_AGENTS &&
      this.#random.next() < Math.max(CREATE_CHANCE, 0.2 - bonding.length / 50)
    ) {
      await this.#create(caller);
      return;
    }
    const live = new Set(bonding.map(({ agentId }) => agentId));
    const held = holdings.filter(({ agentId, tokens }) => tokens > 0n && live.has(agentId));
    const holding = this.#random.next() < SELL_CHANCE ? this.#random.pick(held) : undefined;
    if (holding !== undefined) await this.#sell(caller, holding);
    else await this.#buy(caller, bonding);
  }

  #order(): { clientOrderId: ReturnType<typeof clientOrderId> } {
    this.#orders += 1;
    return { clientOrderId: clientOrderId(`sim-${this.#options.runId}-${this.#orders}`) };
  }

  async #credit(wallet: WalletAddress): Promise<void> {
    const operator = this.#options.callerOf({ wallet: namedWallet('operator'), operator: true });
    await operator.credit({ ...this.#order(), wallet, sol: ALLOWANCE });
  }

  async #create(caller: Caller): Promise<void> {
    const idea = agentIdea(this.#random);
    await caller.createAgent({ ...this.#order(), ...idea, firstBuy: { sol: this.#spend() } });
  }

  async #buy(caller: Caller, bonding: readonly AgentView[]): Promise<void> {
    // Squared, so that some agents are much hotter than others.
    const agent = bonding[Math.floor(this.#random.next() ** 2 * bonding.length)];
    if (agent === undefined) return;
    await caller.buy({ ...this.#order(), agentId: agent.agentId, exact: 'sol', sol: this.#spend() });
  }

  async #sell(caller: Caller, { agentId, tokens }: { agentId: AgentId; tokens: bigint }): Promise<void> {
    const parts = this.#random.pick([1n, 1n, 2n, 4n]) ?? 1n;
    await caller.sell({ ...this.#order(), agentId, tokens: tokenUnits(tokens / parts || tokens) });
  }

  /** Mostly small, seldom large: 0.005 to about 3 SOL. */
  #spend() {
    const size = 0.005 * Math.exp(this.#random.next() ** 2 * 6.4);
    return lamports(BigInt(Math.round(size * 1000)) * (LAMPORTS_PER_SOL / 1000n));
  }
}
