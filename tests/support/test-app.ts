import type { Caller } from '../../server/api/router.ts';
import { type App, type AppOptions, openApp } from '../../server/app.ts';
import { NO_RATES } from '../../server/guards/rate-limits.ts';
import { MemoryLog } from '../../server/journal/memory-log.ts';
import { MemorySnapshotStore } from '../../server/journal/snapshot-store.ts';
import { type AgentId, type ClientOrderId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';
import { sol, tokens } from '../../shared/units.ts';
import { wallet } from './wallets.ts';

/** A clock that stands still until it is moved. */
export class ManualClock {
  #now = Date.UTC(2026, 0, 1);
  readonly now = (): number => this.#now;
  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface Problem {
  readonly level: 'warn' | 'error';
  readonly message: string;
}

/** A market in memory with a clock of its own; what it warns of is kept, so that a test can expect none. */
export class TestMarket {
  readonly problems: Problem[] = [];
  readonly clock = new ManualClock();
  #log: MemoryLog;
  readonly snapshots = new MemorySnapshotStore();
  #app: App | undefined;
  #orders = 0;

  constructor(log = new MemoryLog()) {
    this.#log = log;
  }

  get log(): MemoryLog {
    return this.#log;
  }

  get app(): App {
    if (this.#app === undefined) throw new Error('the market is not open');
    return this.#app;
  }

  async open(options: Partial<AppOptions> = {}): Promise<this> {
    const note = (level: Problem['level']) => (_details: object, message: string) => {
      this.problems.push({ level, message });
    };
    this.#app = await openApp({
      log: this.log,
      snapshots: this.snapshots,
      logger: { info: () => undefined, warn: note('warn'), error: note('error') },
      clock: this.clock.now,
      rates: NO_RATES,
      ...options,
    });
    return this;
  }

  /** Closes the market and opens it again on the same entries, as a new process would. */
  async restart(options: Partial<AppOptions> = {}): Promise<void> {
    const { records } = await this.#log.read({ after: 0, limit: Math.max(1, this.#log.head) });
    await this.app.close();
    this.#log = new MemoryLog(this.#log.epoch);
    await this.#log.append(records);
    await this.open(options);
  }

  orderId(): ClientOrderId {
    this.#orders += 1;
    return clientOrderId(`test-${this.#orders}`);
  }

  as(who: WalletAddress): Caller {
    return this.app.caller({ wallet: who });
  }

  get operator(): Caller {
    return this.app.caller({ wallet: wallet('operator'), operator: true });
  }

  /** A wallet with SOL. */
  async fund(name: string, amount = '1000'): Promise<WalletAddress> {
    const funded = wallet(name);
    await this.credit(funded, amount);
    return funded;
  }

  async credit(funded: WalletAddress, amount: string): Promise<void> {
    await this.operator.credit({ clientOrderId: this.orderId(), wallet: funded, sol: sol(amount) });
  }

  async createAgent(symbol: string, creator = wallet('creator')): Promise<AgentId> {
    const { agent } = await this.as(creator).createAgent({
      clientOrderId: this.orderId(),
      name: `Agent ${symbol}`,
      symbol,
    });
    return agent.agentId;
  }

  /** Buys for that much SOL. */
  async buy(who: WalletAddress, agentId: AgentId, amount = '0.5') {
    return this.as(who).buy({ clientOrderId: this.orderId(), agentId, exact: 'sol', sol: sol(amount) });
  }

  async sell(who: WalletAddress, agentId: AgentId, amount = '1000') {
    return this.as(who).sell({ clientOrderId: this.orderId(), agentId, tokens: tokens(amount) });
  }
}

export const openMarket = (options?: Partial<AppOptions>): Promise<TestMarket> =>
  new TestMarket().open(options);
