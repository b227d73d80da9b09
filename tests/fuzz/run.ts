import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Crew } from './crew.ts';
import { Dice } from './dice.ts';
import { Crowd } from './honest/crowd.ts';
import { newcomerProblems } from './honest/newcomer.ts';
import { Passes } from './passes.ts';
import { excess, faultProblems, type Report, tallied } from './report.ts';
import type { Holdings } from './server/messages.ts';
import { ServerProcess } from './server/process.ts';
import { Tally } from './tally.ts';
import type { Target } from './world.ts';

export interface FuzzOptions {
  readonly attacks: number;
  readonly seed: number;
  /** The attack ends after that, however many there have been. */
  readonly seconds?: number | undefined;
  readonly onProgress?: (text: string) => void;
}

/** So that caches, rings and compiled code are there before anything is measured. */
const WARM_UP_ATTACKS = 5_000;
/** What has been closed is gone by then, and what was used has been collected. */
const SETTLE_MS = 90_000;
const WATCH_MS = 1_000;

/** Attacks a live server and says what became of it. It does not throw for what the server does. */
export async function fuzz(options: FuzzOptions): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-fun-fuzz-'));
  const server = new ServerProcess();
  try {
    return await new Run(server, options).run(directory);
  } finally {
    await server.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

class Run {
  readonly #problems: string[] = [];
  readonly #dice: Dice;
  #tally = new Tally();
  #crowd: Crowd | undefined;
  #before: Holdings | null = null;
  #after: Holdings | null = null;
  #attackMs = 0;

  constructor(
    private readonly server: ServerProcess,
    private readonly options: FuzzOptions,
  ) {
    this.#dice = new Dice(options.seed);
  }

  async run(directory: string): Promise<Report> {
    try {
      const target = await this.server.start(directory);
      const crowd = await Crowd.of(this.server, target);
      this.#crowd = crowd;
      await crowd.begin();
      await this.#warmUp(target, crowd);
      await this.#attack(target, crowd);
      await this.#settle(crowd);
      await crowd.compare(this.server);
      this.#problems.push(...(await newcomerProblems(this.server, target)));
    } catch (error) {
      this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    return this.#report();
  }

  async #warmUp(target: Target, crowd: Crowd): Promise<void> {
    this.#say('warming up');
    const crew = this.#crew(target);
    if ((await this.#deliver(crew, WARM_UP_ATTACKS)) !== 'done')
      throw new Error('the warm-up came to nothing');
    await crew.leave();
    const before = await this.#holdings(
      ({ sockets, served }) => sockets === crowd.size && served === crowd.size,
    );
    if (before.sockets !== crowd.size) {
      this.#problems.push(`${before.sockets} sockets of ${crowd.size} honest clients after the warm-up`);
    }
    this.#before = before;
  }

  async #attack(target: Target, crowd: Crowd): Promise<void> {
    const { attacks, seconds } = this.options;
    crowd.mark();
    const crew = this.#crew(target);
    const begin = performance.now();
    const timer = seconds === undefined ? undefined : setTimeout(() => crew.stop(), seconds * 1000);
    const outcome = await this.#deliver(crew, attacks);
    this.#attackMs = performance.now() - begin;
    clearTimeout(timer);
    await crew.leave();
    if (outcome === 'refused') this.#problems.push('the server takes no more connections');
  }

  #crew(target: Target): Crew {
    this.#tally = new Tally();
    const options = { target, tally: this.#tally, passes: new Passes(this.server) };
    return new Crew(options, this.#dice.fork());
  }

  async #deliver(crew: Crew, attacks: number): Promise<'done' | 'stopped' | 'refused'> {
    const over = new AbortController();
    const watching = this.#watch(crew, over.signal);
    const outcome = await crew.attack(attacks);
    over.abort();
    await watching;
    this.#problems.push(...this.#tally.silences);
    return outcome;
  }

  /** Ends the attack early when there is something to find out: what was sent last is still known then. */
  async #watch(crew: Crew, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await pause(WATCH_MS, undefined, { signal: over }).catch(() => undefined);
      this.#say(`${this.#tally.total} attacks`);
      if (this.server.exit === undefined && faultProblems(await this.server.faults()).length === 0) continue;
      crew.stop();
      return;
    }
  }

  async #settle(crowd: Crowd): Promise<void> {
    this.#say('settling');
    const before = this.#before;
    if (before === null) throw new Error('nothing was measured before the attack');
    const bounds = { before, honest: crowd.size };
    this.#after = await this.#holdings((now) => excess(now, bounds).length === 0);
    this.#problems.push(...excess(this.#after, bounds).map((what) => `after the attack: ${what}`));
  }

  /** What the server holds, as soon as that will do or the time is up. */
  async #holdings(willDo: (holdings: Holdings) => boolean): Promise<Holdings> {
    const deadline = performance.now() + SETTLE_MS;
    for (;;) {
      const holdings = await this.server.holdings();
      if (willDo(holdings) || performance.now() > deadline) return holdings;
    }
  }

  async #report(): Promise<Report> {
    const faults = this.server.exit === undefined ? await this.server.faults() : null;
    const problems = [...this.#problems, ...(this.#crowd?.problems ?? [])];
    const found = faults === null ? [] : faultProblems(faults);
    problems.push(...found);
    // While the server still is: closing it must not be what its clients take for a loss.
    const honest = this.#crowd?.report ?? null;
    await this.#crowd?.close();
    if (this.server.exit === undefined) {
      await this.server
        .stop()
        .catch((error: unknown) => problems.push(`it does not close: ${String(error)}`));
    } else problems.push(`the server has ended: ${this.server.exit}`, this.server.output);
    if (this.server.exit !== undefined || found.length > 0) {
      problems.push(...this.#tally.latest.map((attack) => `lately: ${attack}`));
    }
    return {
      verdict: problems.length === 0 ? 'held' : 'failed',
      seed: this.options.seed,
      attackSeconds: Math.round(this.#attackMs / 100) / 10,
      attacksPerSecond: Math.round(this.#tally.total / Math.max(1, this.#attackMs / 1000)),
      ...tallied(this.#tally),
      server: {
        exits: this.server.exit === undefined ? 0 : 1,
        faults: withoutTexts(faults),
        before: this.#before,
        after: this.#after,
      },
      honest,
      problems,
    };
  }

  #say(text: string): void {
    this.options.onProgress?.(text);
  }
}

function withoutTexts(
  faults: Awaited<ReturnType<ServerProcess['faults']>> | null,
): Report['server']['faults'] {
  if (faults === null) return null;
  const { first: _texts, ...counts } = faults;
  return counts;
}
