import type { AgentId } from '../../shared/ids.ts';
import { LAMPORTS_PER_SOL, lamports, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import type { Logger } from '../app.ts';
import { agentIdea } from './ideas.ts';
import { Mind } from './mind.ts';
import { isRefusal } from './patience.ts';
import type { Player, PlayerApi, Players } from './players.ts';
import { Random } from './random.ts';
import { moveStake } from './staking-moves.ts';
import { moveVault } from './vault-moves.ts';

export interface TradersOptions {
  readonly players: Players;
  readonly logger: Logger;
  readonly seed: number;
  /** Mean rate; the times between are random. */
  readonly tradesPerSecond: number;
  /** Makes order ids of this run different from those of any other. */
  readonly runId: string;
  /** How many there are. */
  readonly wallets?: number;
}

const WALLETS = 60;
/** The first of them manage a vault each. */
const MANAGERS = 3;
/** Few enough stake and put SOL into vaults that they come back to what they did. */
const REGULARS = 10;
/** Live agents the simulation keeps around. */
const WANTED_AGENTS = 24;
const CREATE_CHANCE = 0.01;
const SELL_CHANCE = 0.42;
const STAKE_CHANCE = 0.1;
const VAULT_CHANCE = 0.1;
const MANAGER_CHANCE = 0.4;
const ALLOWANCE = 50n * LAMPORTS_PER_SOL;
/** Now and then somebody buys the rest of the agent that is closest to graduation: at this step, and every so many. */
const FIRST_GRADUATION = 100;
const GRADUATE_EVERY = 300;
/** More than a whole curve costs. */
const WHOLE_CURVE = 100n * LAMPORTS_PER_SOL;

/**
 * Simulated traders, creators, stakers and vault managers. They do what a user's bot would: call procedures, one step at a time, and live with
 * refusals. The seed decides every choice.
 */
export class SimulatedTraders {
  readonly #options: TradersOptions;
  readonly #mind: Mind;
  readonly #names: readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #steps = 0;

  constructor(options: TradersOptions) {
    this.#options = options;
    this.#mind = new Mind(new Random(options.seed), options.runId);
    const { wallets = WALLETS } = options;
    this.#names = Array.from({ length: wallets }, (_, index) => `trader ${index}`);
  }

  start(): void {
    const wait = this.#mind.random.exponential(1000 / this.#options.tradesPerSecond);
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
      if (!isRefusal(error)) this.#options.logger.error({ err: error }, 'a simulated trader failed');
    }
    if (this.#timer !== undefined) this.start();
  }

  /** One trader does one thing. @throws when the market refuses it */
  async step(): Promise<void> {
    this.#steps += 1;
    const { random } = this.#mind;
    const name = random.pick(this.#names);
    if (name === undefined) return;
    const player = await this.#options.players.player(name);
    const { wallet, api } = player;
    const { agents } = await api.agents({ limit: 100 });
    const bonding = agents.filter(({ phase }) => phase.kind === 'bonding');
    if (this.#steps % GRADUATE_EVERY === FIRST_GRADUATION) {
      await this.#graduate(player, bonding);
      return;
    }
    const { sol, holdings } = await api.portfolio({ wallet });
    if (sol < LAMPORTS_PER_SOL) await this.#topUp(player);
    if (
      bonding.length < WANTED_AGENTS &&
      random.next() < Math.max(CREATE_CHANCE, 0.2 - bonding.length / 50)
    ) {
      await this.#create(api);
      return;
    }
    const live = new Set(bonding.map(({ agentId }) => agentId));
    const whim = random.next();
    if (whim < STAKE_CHANCE) {
      if (await this.#moveStake(live)) return;
    } else if (whim < STAKE_CHANCE + VAULT_CHANCE) {
      if (await this.#moveVault(bonding)) return;
    }
    const held = holdings.filter(({ agentId, tokens, staked }) => tokens > staked && live.has(agentId));
    const holding = random.next() < SELL_CHANCE ? random.pick(held) : undefined;
    if (holding !== undefined) await this.#sell(api, holding);
    else await this.#buy(api, bonding);
  }

  async #moveStake(live: ReadonlySet<AgentId>): Promise<boolean> {
    return moveStake(await this.#oneOfTheFirst(REGULARS), { mind: this.#mind, live });
  }

  /** Often it is a manager who does something. */
  async #moveVault(bonding: readonly AgentView[]): Promise<boolean> {
    const manages = this.#mind.random.next() < MANAGER_CHANCE;
    const player = await this.#oneOfTheFirst(manages ? MANAGERS : REGULARS);
    return moveVault(player, { mind: this.#mind, bonding, manages });
  }

  async #oneOfTheFirst(count: number): Promise<Player> {
    const name = this.#mind.random.pick(this.#names.slice(0, count)) ?? 'trader 0';
    return this.#options.players.player(name);
  }

  /** A faucet gives once a day; who gets nothing sells what it has. */
  async #topUp(player: Player): Promise<void> {
    try {
      await this.#fund(player, ALLOWANCE);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }

  async #fund({ wallet }: Player, sol: bigint): Promise<void> {
    await this.#options.players.fund({ ...this.#mind.order(), wallet, sol: lamports(sol) });
  }

  async #create(api: PlayerApi): Promise<void> {
    const idea = agentIdea(this.#mind.random);
    await api.createAgent({ ...this.#mind.order(), ...idea, firstBuy: { sol: this.#mind.spend() } });
  }

  async #buy(api: PlayerApi, bonding: readonly AgentView[]): Promise<void> {
    const { random } = this.#mind;
    // Squared, so that some agents are much hotter than others.
    const agent = bonding[Math.floor(random.next() ** 2 * bonding.length)];
    if (agent === undefined) return;
    const order = { ...this.#mind.order(), agentId: agent.agentId };
    await api.buy({ ...order, exact: 'sol', sol: this.#mind.spend() });
  }

  async #sell(
    api: PlayerApi,
    { agentId, tokens, staked }: { agentId: AgentId; tokens: bigint; staked: bigint },
  ): Promise<void> {
    const free = tokens - staked;
    const parts = this.#mind.random.pick([1n, 1n, 2n, 4n]) ?? 1n;
    await api.sell({ ...this.#mind.order(), agentId, tokens: tokenUnits(free / parts || free) });
  }

  async #graduate(player: Player, bonding: readonly AgentView[]): Promise<void> {
    const closest = [...bonding].sort((a, b) => b.progressBps - a.progressBps)[0];
    if (closest === undefined) return;
    await this.#fund(player, WHOLE_CURVE);
    const { agentId, curve } = closest;
    const order = { ...this.#mind.order(), agentId };
    await player.api.buy({
      ...order,
      exact: 'tokens',
      tokens: curve.realTokens,
      maxSol: lamports(WHOLE_CURVE),
    });
  }
}
