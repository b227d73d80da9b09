import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { atMost, type Goal } from '../goals.ts';
import type { Child } from '../process/child.ts';
import { round } from '../stats.ts';
import { heldMemory } from './devtools.ts';
import { type Growth, growthOf } from './growth.ts';
import { printByPage } from './print.ts';
import { PAGES, type PageName, type Site, showTape, type Visit, visit } from './site.ts';

const SAMPLE_MS = 30_000;
const LEAST_SAMPLES = 12;
/** Lists fill up: what is held in the first minute is not what is held later. */
const SETTLING_MINUTES = 1;
/** Of a short run, which is for trying. */
const SETTLING_PART = 1 / 3;
const MOST_GROWTH = 1.05;
/** Without trades, before each sample. */
const REST_MS = 500;

export interface MemoryOptions {
  readonly minutes: number;
  readonly tradesPerSecond: number;
}

interface Held extends Awaited<ReturnType<typeof heldMemory>> {
  readonly minute: number;
}

/** What the pages hold after a forced collection, over minutes of trades. */
export async function measureMemory(
  site: Site,
  options: MemoryOptions,
): Promise<{ goals: Goal[]; result: object[] }> {
  const measured: Awaited<ReturnType<typeof measure>>[] = [];
  for (const name of PAGES) measured.push(await measure(site, name, options));
  printByPage('memory', measured);
  return {
    goals: measured.flatMap(({ page, objectsRatio, nodesRatio }) => [
      atMost(`${page}: objects at the end / after the first minute`, objectsRatio, MOST_GROWTH),
      atMost(`${page}: DOM nodes at the end / after the first minute`, nodesRatio, MOST_GROWTH),
    ]),
    result: measured,
  };
}

async function measure(site: Site, name: PageName, { minutes, tradesPerSecond }: MemoryOptions) {
  const { path, agentIds } = site.pages[name];
  const load = new Load(site.server, { perSecond: tradesPerSecond, agentIds });
  const { samples, errors } = await visit(site, { path }, async (opened) => ({
    samples: await sample(opened, { minutes, load }),
    errors: opened.errors,
  }));
  const settling = Math.min(SETTLING_MINUTES, minutes * SETTLING_PART);
  const settled = samples.filter(({ minute }) => minute >= settling);
  const [first, last] = [settled[0], settled.at(-1)];
  const growth = (of: (held: Held) => number): Growth =>
    growthOf(settled.map((held) => ({ minute: held.minute, value: of(held) })));
  const heap = growth(({ heapBytes }) => heapBytes / 1000);
  const objects = growth(({ heapBytes, codeBytes }) => (heapBytes - codeBytes) / 1000);
  return {
    page: name,
    minutes,
    tradesPerSecond: round(load.reached, 1),
    heapFirstKB: round((first?.heapBytes ?? Number.NaN) / 1000),
    heapLastKB: round((last?.heapBytes ?? Number.NaN) / 1000),
    heapKBPerMinute: round(heap.slope, 1),
    heapRatio: round(heap.ratio, 3),
    objectsKB: round(((last?.heapBytes ?? Number.NaN) - (last?.codeBytes ?? Number.NaN)) / 1000),
    objectsKBPerMinute: round(objects.slope, 1),
    objectsRatio: round(objects.ratio, 3),
    nodesFirst: first?.nodes ?? Number.NaN,
    nodesLast: last?.nodes ?? Number.NaN,
    nodesRatio: round(growth(({ nodes }) => nodes).ratio, 3),
    listenersLast: last?.listeners ?? Number.NaN,
    samples,
    errors,
  };
}

/** Trades in turns, and the rate that was reached in them. */
class Load {
  #trades = 0;
  #seconds = 0;

  constructor(
    private readonly server: Child,
    private readonly target: { readonly perSecond: number; readonly agentIds: readonly string[] },
  ) {}

  get reached(): number {
    return this.#trades / this.#seconds;
  }

  async tradeUntil(latest: number): Promise<void> {
    const began = performance.now();
    const before = await this.server.call('trades', {}, z.number());
    await this.server.call('trade', this.target, z.null());
    await sleep(Math.max(0, latest - performance.now()));
    await this.server.call('rest', {}, z.null());
    this.#trades += (await this.server.call('trades', {}, z.number())) - before;
    this.#seconds += (performance.now() - began) / 1000;
  }
}

async function sample(
  { page, devtools }: Visit,
  { minutes, load }: { readonly minutes: number; readonly load: Load },
): Promise<Held[]> {
  await showTape(page);
  const length = minutes * 60_000;
  const every = Math.min(SAMPLE_MS, length / LEAST_SAMPLES);
  const started = performance.now();
  const samples: Held[] = [];
  for (let at = every; at <= length; at += every) {
    await load.tradeUntil(started + at);
    // What is on its way, or was just taken off the page, is not held.
    await sleep(REST_MS);
    const held = await heldMemory(devtools);
    samples.push({ minute: (performance.now() - started) / 60_000, ...held });
  }
  return samples;
}
