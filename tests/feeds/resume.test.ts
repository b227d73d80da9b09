import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PACE_MS } from '../../server/feeds/platform-sources.ts';
import { MemorySnapshotStore } from '../../server/journal/snapshot-store.ts';
import { type ChannelKind, channels } from '../../shared/channels.ts';
import { CURVE_SUPPLY } from '../../shared/curve.ts';
import type { Entry } from '../../shared/events.ts';
import { agentId, vaultId } from '../../shared/ids.ts';
import { ACTIVITY_KINDS } from '../../shared/inputs.ts';
import { sol } from '../../shared/units.ts';
import { type ChannelCase, channelCases, type Subscriber } from '../support/channel-cases.ts';
import { playRound } from '../support/platform-story.ts';
import { preparedMarket, randomGenes, sendCommands } from '../support/random-market.ts';
import type { TestMarket } from '../support/test-app.ts';
import { wallet } from '../support/wallets.ts';

const COMMANDS = 600;
const RING = 8;
const ann = wallet('ann');
const genes = randomGenes(COMMANDS, { sequences: 1, seed: 31 })[0] ?? new Uint32Array();

/** Where a subscriber was at some time, with what it had seen by then. */
interface Place {
  readonly seq: number;
  readonly subscriber: Subscriber;
}

/** What random commands hardly ever do: the first agent graduates, the first vault is given SOL. */
async function happenAtLast(market: TestMarket): Promise<void> {
  const order = () => ({ clientOrderId: market.orderId() });
  const address = market.app.views.vaults.byId.get(vaultId('1'))?.address ?? ann;
  for (const to of [ann, address]) await market.operator.credit({ ...order(), wallet: to, sol: sol('500') });
  const one = agentId('1');
  if (market.app.views.agents.get(one)?.phase.kind === 'graduated') return;
  await market.as(ann).buy({
    ...order(),
    agentId: one,
    exact: 'tokens',
    tokens: CURVE_SUPPLY,
    maxSol: sol('500'),
  });
}

/** How many types of entry make messages of a channel. */
const typesOn = (kind: ChannelKind): number =>
  kind === 'activities' ? ACTIVITY_KINDS.length : channels[kind].message.options.length - 1;

describe.each<[string, (market: TestMarket) => Promise<void>]>([
  ['while the market runs', async () => undefined],
  ['after a restart from a snapshot', (market) => market.restart({ ringCapacity: RING })],
  [
    'after a restart from the log alone',
    (market) => market.restart({ ringCapacity: RING, snapshots: new MemorySnapshotStore() }),
  ],
])('resuming %s', (_, interrupt) => {
  let market: TestMarket;
  let entries: readonly Entry[];
  const places = new Map<string, Place[]>();

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    places.clear();
    market = await preparedMarket({ ringCapacity: RING });
    await playRound(market, { ann, mia: wallet('bob') });
    for (let index = 0; index < COMMANDS; index += 1) {
      await sendCommands(market, genes, { from: index, to: index + 1, size: 1 });
      vi.advanceTimersByTime(PACE_MS);
      if (index % 25 !== 0) continue;
      const { seq } = market.app.views;
      for (const each of channelCases) {
        const subscriber = each.subscribe(market.app.services.feeds);
        await subscriber.read();
        subscriber.close();
        places.set(each.name, [...(places.get(each.name) ?? []), { seq, subscriber }]);
      }
    }
    await happenAtLast(market);
    vi.advanceTimersByTime(PACE_MS);
    await interrupt(market);
    const { records } = await market.log.read({ after: 0, limit: market.log.head });
    entries = records.map(({ entry }) => entry);
  });
  afterAll(async () => {
    await market.app.close();
    expect(market.problems).toEqual([]);
    vi.useRealTimers();
  });

  const idOf = (seq: number): string => `${market.log.epoch}-${seq}`;
  const feeds = () => market.app.services.feeds;

  function entriesOn(channel: ChannelCase): readonly Entry[] {
    const vault = market.app.views.vaults.byId.get(vaultId('1'));
    if (vault === undefined) throw new Error('no vault');
    return entries.filter((entry) => channel.concerns(entry, vault.address));
  }

  const every = channelCases.filter(({ delivery }) => delivery === 'every');
  it.each(every)('$name: everything that it can carry is in the story', ({ kind }) => {
    const alike = every.filter((each) => each.kind === kind);
    const types = new Set(alike.flatMap((each) => entriesOn(each).map(({ type }) => type)));
    expect(types.size).toBe(typesOn(kind));
  });

  it.each(every)('$name: from any position every message comes once, in order', async (channel) => {
    const due = entriesOn(channel).map(({ seq }) => seq);
    for (let position = 0; position <= market.log.head; position += 1) {
      const resumed = channel.subscribe(feeds(), idOf(position));
      const taken = await resumed.read();
      resumed.close();
      expect(taken.map(({ id }) => id)).toEqual(due.filter((seq) => seq > position).map(idOf));
    }
  });

  const latest = channelCases.filter(({ delivery }) => delivery === 'latest');
  it.each(latest)('$name: from any position the newest value of each key comes, once', async (channel) => {
    const fresh = channel.subscribe(feeds());
    await fresh.read();
    fresh.close();
    for (let position = 0; position <= market.log.head; position += 1) {
      const resumed = channel.subscribe(feeds(), idOf(position));
      const taken = await resumed.read();
      resumed.close();
      expect(new Set(taken.map(({ key }) => key)).size).toBe(taken.length);
      expect(taken.every(({ seq }) => seq > position)).toBe(true);
      expect(taken.map(({ seq }) => seq)).toEqual(taken.map(({ seq }) => seq).toSorted((a, b) => a - b));
    }
  });

  it.each(channelCases)(
    '$name: the view of then and what comes since make the view of now',
    async (channel) => {
      const fresh = channel.subscribe(feeds());
      await fresh.read();
      fresh.close();
      const known = places.get(channel.name) ?? [];
      expect(known.length).toBeGreaterThan(20);
      for (const { seq, subscriber } of known) {
        const resumed = subscriber.resumed(feeds(), idOf(seq));
        const taken = await resumed.read();
        resumed.close();
        expect(taken.every(({ type }) => type !== 'snapshot')).toBe(true);
        expect(resumed.view).toEqual(fresh.view);
      }
    },
  );

  it.each(channelCases)('$name: a position that cannot be honoured gets a snapshot', async (channel) => {
    for (const id of [idOf(market.log.head + 1), `00000000000000bb-1`, 'nonsense', '']) {
      const resumed = channel.subscribe(feeds(), id);
      const [first] = await resumed.read();
      resumed.close();
      expect(first).toMatchObject({ type: 'snapshot', id: idOf(market.log.head) });
    }
  });
});
