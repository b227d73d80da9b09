import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Feeds } from '../../server/feeds/feeds.ts';
import { PACE_MS } from '../../server/feeds/platform-sources.ts';
import type { ViewsState } from '../../server/feeds/views.ts';
import { type Entry, entrySchema } from '../../shared/events.ts';
import { agentId } from '../../shared/ids.ts';
import { CANDLE_INTERVALS } from '../../shared/inputs.ts';
import { reduceCandles } from '../../shared/views/candles.ts';
import { type ChannelCase, channelCases } from '../support/channel-cases.ts';
import { preparedMarket, randomGenes, sendCommands } from '../support/random-market.ts';
import type { TestMarket } from '../support/test-app.ts';

const SEED = 20_260_102;
const SEQUENCES = 10;
const COMMANDS = 900;
/** How often everybody reads what has come. */
const READS = 180;
const one = agentId('1');

/** A subscriber of a channel, and what it saw in one sequence. */
class Watcher {
  /** After the first snapshot. */
  messages = 0;
  /** What it had made of the messages, and what somebody got who came at that time. */
  readonly seen: { readonly view: unknown; readonly fresh: unknown }[] = [];

  constructor(
    private readonly channel: ChannelCase,
    private readonly feeds: Feeds,
    private readonly subscriber = channel.subscribe(feeds),
  ) {}

  /** Takes the first snapshot. */
  async start(): Promise<void> {
    await this.subscriber.read();
  }

  async read(): Promise<void> {
    this.messages += (await this.subscriber.read()).length;
    const late = this.channel.subscribe(this.feeds);
    await late.read();
    late.close();
    this.seen.push({ view: this.subscriber.view, fresh: late.view });
  }
}

/** What came of one sequence. */
interface Told {
  readonly market: TestMarket;
  readonly channels: ReadonlyMap<string, Watcher>;
  /** The views when the subscribers came, and the entries from then on. */
  readonly before: ViewsState;
  readonly entries: readonly Entry[];
}

/**
 * Carries out a sequence, with a subscriber on every channel from a moment on that differs from run to run. A faulty one
 * has appends of which the market is not told whether they were written.
 */
async function tell(genes: Uint32Array, faulty: boolean): Promise<Told> {
  const market = await preparedMarket({ ringCapacity: 16 });
  const { feeds } = market.app.services;
  const [first = 0, second = 0] = genes;
  const start = first % (COMMANDS / 2);
  const size = 1 + (second % 40);
  await sendCommands(market, genes, { from: 0, to: start, size });
  const before = structuredClone(market.app.views);
  const channels = new Map(channelCases.map((each) => [each.name, new Watcher(each, feeds)]));
  for (const watcher of channels.values()) await watcher.start();
  for (let read = 0; read < READS; read += 1) {
    const at = (part: number) => start + Math.floor(((COMMANDS - start) * part) / READS);
    if (faulty && read % 4 === 0) market.log.failNextAppend('unknown', read % 8 === 0);
    await sendCommands(market, genes, { from: at(read), to: at(read + 1), size });
    // What the paced channels hold back leaves.
    vi.advanceTimersByTime(PACE_MS);
    // Some read only now and then: from the ring where it reaches, else from the log.
    const patience = 1 + (second % 5);
    const reading = [...channels.values()].filter((_, index) => (index + read) % patience === 0);
    for (const watcher of read === READS - 1 ? channels.values() : reading) await watcher.read();
  }
  const { records } = await market.log.read({ after: before.seq, limit: market.log.head });
  return { market, channels, before, entries: records.map(({ entry }) => entry) };
}

const told: Told[] = [];
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const sequences = randomGenes(COMMANDS, { sequences: SEQUENCES, seed: SEED });
  for (const [index, genes] of sequences.entries()) told.push(await tell(genes, index % 2 === 1));
}, 120_000);
afterAll(async () => {
  vi.useRealTimers();
  for (const { market } of told) await market.app.close();
});

describe('over random commands', () => {
  it('everything happens that can happen', () => {
    const types = new Set(told.flatMap(({ entries }) => entries.map(({ type }) => type)));
    expect(types).toEqual(new Set(entrySchema.options.map(({ shape }) => shape.type.value)));
    const lost = 'the market lost its state and folds the log anew';
    const faults = told.map(({ market }) => market.problems.filter(({ message }) => message === lost));
    expect(faults.filter(({ length }) => length > 10)).toHaveLength(SEQUENCES / 2);
  });

  it.each(channelCases)('snapshot(n) of $name and the messages up to m give snapshot(m)', ({ name }) => {
    let changed = 0;
    for (const { channels } of told) {
      const { seen = [], messages = 0 } = channels.get(name) ?? {};
      for (const { view, fresh } of seen) expect(view).toEqual(fresh);
      if (messages > 0) changed += 1;
    }
    // A channel on which nothing happened would show nothing.
    expect(changed).toBeGreaterThan(SEQUENCES / 2);
  });

  it('candles are folded from trades as the views fold them', () => {
    for (const { before, entries, market } of told) {
      const trades = entries.flatMap((entry) => (entry.type === 'trade_executed' ? [entry] : []));
      const ofOne = trades.filter((trade) => trade.agentId === one);
      expect(ofOne.length).toBeGreaterThan(0);
      for (const interval of CANDLE_INTERVALS) {
        const series = before.candles.get(one)?.[interval];
        if (series === undefined) throw new Error('no candles');
        expect(ofOne.reduce(reduceCandles, series)).toEqual(market.app.views.candles.get(one)?.[interval]);
      }
    }
  });
});
