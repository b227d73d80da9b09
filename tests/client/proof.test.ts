import fc from 'fast-check';
import superjson from 'superjson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LocalPlayers } from '../../server/sim/players.ts';
import { parseRecordedTrades, type RecordedTrade } from '../../server/sim/recorded-trades.ts';
import { replayTrades } from '../../server/sim/replay.ts';
import type { Item, MessageOf } from '../../shared/channels.ts';
import { createClient, type Followed, follow } from '../../shared/client/index.ts';
import { consumeEvery } from '../../shared/consume.ts';
import { type Curve, fillBuyTokens, INITIAL_CURVE, spotPrice } from '../../shared/curve.ts';
import { type TradeExecuted, tradeExecutedSchema } from '../../shared/events.ts';
import { agentId, type MintAddress, walletAddress } from '../../shared/ids.ts';
import { lamports, tokens, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { createdAgent, reduceAgent } from '../../shared/views/agent.ts';
import { agentProof, provesAgent, provesTrade } from '../../shared/views/proof.ts';
import { AgentStory, alice, bob, recording } from '../shared/fixtures.ts';
import { staked, unstaked } from '../support/entries.ts';
import { Inbox } from '../support/streams.ts';
import { errorOf } from './fixture.ts';
import { HostileServer } from './hostile-server.ts';
import { ManualTimers } from './manual-timers.ts';
import { MarketServer } from './market-server.ts';
import { PlayedProcedure } from './played-subscription.ts';

type AgentMessage = MessageOf<'agent'>;

const asExecuted = (recorded: RecordedTrade, index: number): TradeExecuted => ({
  type: 'trade_executed',
  seq: index + 1,
  at: recorded.at,
  agentId: agentId('1'),
  trader: recorded.trader,
  side: recorded.side,
  tokens: recorded.tokens,
  sol: recorded.sol,
  protocolFee: recorded.protocolFee,
  creatorFee: recorded.creatorFee,
  ...recorded.after,
  price: spotPrice(recorded.after),
});

/** Every recorded trade with the curve before it. */
const history = (() => {
  const curves = new Map<MintAddress, Curve>();
  return parseRecordedTrades(recording()).map((recorded, index) => {
    const before = curves.get(recorded.mint) ?? INITIAL_CURVE;
    curves.set(recorded.mint, recorded.after);
    return { before, trade: asExecuted(recorded, index) };
  });
})();

const FIGURES = [
  'tokens',
  'sol',
  'protocolFee',
  'creatorFee',
  'virtualSol',
  'virtualTokens',
  'realSol',
  'realTokens',
  'price',
] as const;

/** The trade with one figure one unit off; nothing where that is no amount. */
function off(trade: TradeExecuted, figure: (typeof FIGURES)[number], by: bigint): TradeExecuted | undefined {
  return tradeExecutedSchema.safeParse({ ...trade, [figure]: trade[figure] + by }).data;
}

describe('a trade is proved by its curve', () => {
  it('every one that was recorded on mainnet is', () => {
    expect(history).toHaveLength(1_467);
    for (const { before, trade } of history) expect(provesTrade(before, trade), `${trade.seq}`).toBe(true);
  });

  it.each(FIGURES)('not with its %s one unit off', (figure) => {
    let tried = 0;
    for (const { before, trade } of history) {
      for (const by of [1n, -1n]) {
        const wrong = off(trade, figure, by);
        if (wrong === undefined) continue;
        tried += 1;
        expect(provesTrade(before, wrong), `${trade.seq} ${by}`).toBe(false);
      }
    }
    expect(tried).toBeGreaterThan(1_467);
  });

  it('not as the other side, and not on the curve before the last trade or after it', () => {
    for (const { before, trade } of history) {
      const side = trade.side === 'buy' ? 'sell' : 'buy';
      expect(provesTrade(before, { ...trade, side }), `${trade.seq}`).toBe(false);
      const { virtualSol, virtualTokens, realSol, realTokens } = trade;
      expect(provesTrade({ virtualSol, virtualTokens, realSol, realTokens }, trade)).toBe(false);
    }
  });

  it('the one that sells the curve out is, and nothing is after that', () => {
    const { after } = fillBuyTokens(INITIAL_CURVE, INITIAL_CURVE.realTokens);
    const story = new AgentStory();
    const last = story.buy(alice, INITIAL_CURVE.realTokens);
    expect(provesTrade(INITIAL_CURVE, last)).toBe(true);
    expect(provesTrade(after, last)).toBe(false);
    // More than there is: as it would be filled, but not as it was asked for.
    expect(provesTrade(INITIAL_CURVE, { ...last, tokens: tokenUnits(last.tokens + 1n) })).toBe(false);
  });

  it('nonsense is not, and is no error', () => {
    const amount = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 63n - 1n), fc.bigInt(0n, 2n ** 63n - 1n));
    const curve = fc
      .record({ virtualSol: amount, virtualTokens: amount, realSol: amount, realTokens: amount })
      .map(
        ({ virtualSol, virtualTokens, realSol, realTokens }): Curve => ({
          virtualSol: lamports(virtualSol),
          virtualTokens: tokenUnits(virtualTokens),
          realSol: lamports(realSol),
          realTokens: tokenUnits(realTokens),
        }),
      );
    const [sample] = history;
    if (sample === undefined) throw new Error('there are trades');
    fc.assert(
      fc.property(curve, curve, amount, fc.constantFrom('buy', 'sell'), (before, after, asked, side) => {
        const trade = { ...sample.trade, ...after, tokens: tokenUnits(asked), side };
        expect(provesTrade(before, trade)).toBe(false);
      }),
      { seed: 20_260_104, numRuns: 2_000 },
    );
  });
});

describe('what no server of ours would send', () => {
  /** As it came over a wire, whatever is in it. */
  const received = (trade: object): TradeExecuted => superjson.parse(superjson.stringify(trade));

  it('is not proved either, and is no error', () => {
    for (const { before, trade } of history.slice(0, 200)) {
      expect(provesTrade(before, received(trade))).toBe(true);
      expect(provesTrade(before, received({ ...trade, side: 'short' })), `${trade.seq}`).toBe(false);
      for (const figure of FIGURES) {
        for (const value of [null, undefined, Number(trade[figure]), `${trade[figure]}`, -1n, {}]) {
          expect(provesTrade(before, received({ ...trade, [figure]: value })), figure).toBe(false);
        }
      }
    }
  });
});

describe('a message of an agent’s channel', () => {
  const story = new AgentStory();
  const agent = createdAgent(story.created());
  const bought = story.buy(alice, tokens('1000'));
  const after = reduceAgent(agent, bought);

  it('is proved when it is a trade of that agent that its curve makes, before it has graduated', () => {
    expect(provesAgent(agent, bought)).toBe(true);
    expect(provesAgent(agent, { ...bought, agentId: agentId('2') })).toBe(false);
    expect(provesAgent(after, bought)).toBe(false);
    const graduated: AgentView = {
      ...agent,
      phase: { kind: 'graduated', poolId: story.graduated().poolId, at: 1 },
    };
    expect(provesAgent(graduated, bought)).toBe(false);
  });

  it('stands as it is when it is no trade, and before there is a snapshot', () => {
    for (const message of [story.graduated(), staked(9), unstaked(10)]) {
      expect(provesAgent(agent, message)).toBe(true);
    }
    expect(provesAgent(null, { ...bought, sol: lamports(1n) })).toBe(true);
    const snapshot = { type: 'snapshot', agent: after, trades: [] } as const;
    expect(provesAgent(agent, { ...snapshot, trades: [], reason: 'gap' })).toBe(true);
  });
});

describe('a proof of an agent’s channel', () => {
  it('goes on from the last message that was proved, and begins anew for everybody', () => {
    const story = new AgentStory();
    const agent = createdAgent(story.created());
    const [first, second] = [story.buy(alice, tokens('10')), story.sell(alice, tokens('4'))];
    const snapshot: AgentMessage = { type: 'snapshot', reason: 'start', agent, trades: [] };
    const proves = agentProof();
    const wrong = { ...first, virtualSol: lamports(first.virtualSol + 1n) };
    expect([snapshot, wrong, first, first, second, snapshot, first].map(proves)).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
      true,
    ]);
    expect([snapshot, second].map(agentProof())).toEqual([true, false]);
  });
});

describe('following an agent with the proof', () => {
  const story = new AgentStory();
  const created = createdAgent(story.created());
  const trades = ['1000', '2000', '3000', '4000', '5000'].map((amount) => story.buy(bob, tokens(amount)));
  const graduation = story.graduated();
  const [one, two, three, four, five] = trades.map(
    (trade): Item<TradeExecuted> => ({
      id: `aa-${trade.seq}`,
      data: trade,
    }),
  );
  if (!one || !two || !three || !four || !five) throw new Error('there are five');

  const agentAfter = (count: number): AgentView => trades.slice(0, count).reduce(reduceAgent, created);
  const snapshotAfter = (count: number, reason: 'start' | 'gap' = 'start'): Item<AgentMessage> => ({
    id: `aa-${agentAfter(count).seq}`,
    data: { type: 'snapshot', reason, agent: agentAfter(count), trades: trades.slice(0, count).toReversed() },
  });
  const wrong = ({ id, data }: Item<TradeExecuted>): Item<TradeExecuted> => ({
    id,
    data: { ...data, sol: lamports(data.sol + 1n) },
  });

  /** Follows agent 1 of a server that the test plays. */
  function followAgent(random = () => 1) {
    const timers = new ManualTimers();
    const procedure = new PlayedProcedure<AgentMessage>();
    const given: string[] = [];
    let view: AgentView | null = null;
    const consumer = consumeEvery<'agent'>({
      snapshot: ({ agent, reason }, id) => {
        view = agent;
        given.push(`${id} ${reason}`);
      },
      event: (event, id) => {
        if (view === null) throw new Error('an event before the snapshot');
        view = reduceAgent(view, event);
        given.push(id);
      },
    });
    const agent = follow(procedure.open, consumer, { proof: agentProof, clock: timers, random });
    return { timers, procedure, given, agent, view: () => view };
  }

  it('gives an honest stream as it is: gaps, stakes and the graduation too', () => {
    const { procedure, given, agent, view } = followAgent();
    const rest: Item<AgentMessage>[] = [
      { id: 'aa-7', data: graduation },
      { id: 'aa-8', data: unstaked(8) },
    ];
    procedure.at(0).give(snapshotAfter(0), one, two, snapshotAfter(4, 'gap'), five, ...rest);
    expect(given).toEqual(['aa-1 start', one.id, two.id, 'aa-5 gap', five.id, 'aa-7', 'aa-8']);
    expect(view()).toEqual(rest.map(({ data }) => data).reduce(foldAgent, agentAfter(5)));
    expect(agent.repairs).toBe(0);
    expect(procedure.opened).toHaveLength(1);
  });

  it('does not give what does not follow, and fetches the view anew', async () => {
    const { timers, procedure, given, agent, view } = followAgent();
    procedure.at(0).give(snapshotAfter(0), one);
    const seen = agent.until({ position: two.id });
    procedure.at(0).give(wrong(two), three);
    expect(procedure.at(0).left).toBe(true);
    expect(agent.repairs).toBe(1);
    expect(given).toEqual(['aa-1 start', one.id]);
    // What was seen before is still known to be.
    await agent.until({ position: one.id });
    timers.advance(500);
    procedure.at(1).start().give(snapshotAfter(3), four);
    await seen;
    expect(given).toEqual(['aa-1 start', one.id, 'aa-4 start', four.id]);
    expect(view()).toEqual(agentAfter(4));
    expect(agent.repairs).toBe(1);
    expect(timers.waiting).toBe(0);
  });

  it('notices a trade that is missing', () => {
    const { timers, procedure, agent, view } = followAgent();
    procedure.at(0).give(snapshotAfter(0), one, three);
    expect(agent.repairs).toBe(1);
    timers.advance(500);
    procedure.at(1).give(snapshotAfter(3));
    expect(view()).toEqual(agentAfter(3));
  });

  it('does not take what it has already for something that does not follow', () => {
    const { procedure, agent } = followAgent();
    procedure.at(0).give(snapshotAfter(0), one, two, one, two, three);
    expect(agent.repairs).toBe(0);
  });

  it('does so later and later while nothing is right, and starts over when it was for a while', () => {
    const { timers, procedure, given, agent } = followAgent();
    const delays: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      procedure.at(round).give(snapshotAfter(0), wrong(one));
      expect(procedure.at(round).left).toBe(true);
      // Each is the view as the server has it now, whatever its position.
      expect(given).toEqual(Array.from({ length: round + 1 }, () => 'aa-1 start'));
      delays.push(timers.asked.items.at(-1) ?? 0);
      timers.advance((delays[round] ?? 0) - 1);
      expect(procedure.opened).toHaveLength(round + 1);
      timers.advance(1);
      expect(procedure.opened).toHaveLength(round + 2);
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(agent.repairs).toBe(7);
    procedure.at(7).give(snapshotAfter(0), one);
    timers.advance(10_000);
    procedure.at(7).give(wrong(two));
    expect(timers.asked.items.at(-1)).toBe(500);
  });

  it('asks for nothing more when it is left meanwhile', async () => {
    const { timers, procedure, agent } = followAgent();
    procedure.at(0).give(snapshotAfter(0), wrong(one));
    const seen = agent.until({ position: one.id }).catch((error: unknown) => error);
    agent.unsubscribe();
    expect(await seen).toMatchObject({ name: 'UnseenError', why: 'unsubscribed' });
    expect(timers.waiting).toBe(0);
    timers.advance(60_000);
    expect(procedure.opened).toHaveLength(1);
  });
});

const foldAgent = (agent: AgentView, message: AgentMessage): AgentView =>
  message.type === 'snapshot' ? message.agent : reduceAgent(agent, message);

describe('over the network', () => {
  describe('a server that lies once', () => {
    let server: HostileServer;
    beforeEach(async () => {
      server = await HostileServer.open();
    });
    afterEach(async () => {
      await server[Symbol.asyncDispose]();
    });

    it('is left and asked anew, without saying where it was', async () => {
      const story = new AgentStory();
      const created = createdAgent(story.created());
      const trade = story.buy(alice, tokens('1000'));
      const { client, close } = createClient({ url: server.url, WebSocket });
      const given = new Inbox<string>();
      const agent = follow<AgentMessage>(
        (handlers) => client.onAgent.subscribe({ agentId: '1' }, handlers),
        ({ data }) => given.push(data.type),
        { proof: agentProof, backoff: { firstMs: 1, longestMs: 1 } },
      );
      const connection = await server.connection(0);
      const give = (id: number, eventId: string, data: AgentMessage) => {
        const item = superjson.serialize({ id: eventId, data });
        connection.send({ id, result: { type: 'data', id: eventId, data: item } });
      };
      const first = await connection.call(0);
      connection.send({ id: first.id, result: { type: 'started' } });
      give(first.id, 'aa-1', { type: 'snapshot', reason: 'start', agent: created, trades: [] });
      await given.until(({ length }) => length === 1);
      give(first.id, 'aa-2', { ...trade, price: spotPrice(INITIAL_CURVE) });
      const stop = await connection.call(1);
      expect(stop).toMatchObject({ id: first.id, method: 'subscription.stop' });
      const second = await connection.call(2);
      expect(second).toMatchObject({ method: 'subscription', params: { path: 'onAgent' } });
      expect(second.params?.lastEventId).toBeUndefined();
      const agentThen = reduceAgent(created, trade);
      give(second.id, 'aa-2', { type: 'snapshot', reason: 'start', agent: agentThen, trades: [trade] });
      await agent.until({ position: 'aa-2' });
      expect(given.items).toEqual(['snapshot', 'snapshot']);
      expect(agent.repairs).toBe(1);
      agent.unsubscribe();
      await close();
    });
  });

  describe('a market', () => {
    let server: MarketServer;
    beforeEach(async () => {
      server = await MarketServer.open();
    });
    afterEach(async () => {
      await server[Symbol.asyncDispose]();
    });

    it('is proved with every trade that was recorded on mainnet', { timeout: 60_000 }, async () => {
      const { market } = server;
      const { client, close } = createClient({ url: server.url, WebSocket });
      const agents: Followed[] = [];
      const given: Inbox<number>[] = [];
      const followNewAgents = async (): Promise<void> => {
        for (const id of [...market.app.views.agents.keys()].slice(agents.length)) {
          const counted = new Inbox<number>();
          given.push(counted);
          agents.push(
            follow<AgentMessage>(
              (handlers) => client.onAgent.subscribe({ agentId: id }, handlers),
              ({ data }) => counted.push(data.type === 'snapshot' ? data.trades.length : 1),
              { proof: agentProof },
            ),
          );
          await counted.until(({ length }) => length > 0);
        }
      };
      const { mismatches, seqs } = await replayTrades(parseRecordedTrades(recording()), {
        players: new LocalPlayers((session) => market.app.caller(session), walletAddress),
        before: followNewAgents,
      });
      expect(mismatches).toBe(0);
      const sum = () => given.flatMap(({ items }) => items).reduce((all, some) => all + some, 0);
      await expect.poll(sum).toBe(seqs.length);
      expect(agents.map(({ repairs }) => repairs)).toEqual([0, 0, 0]);
      for (const agent of agents) agent.unsubscribe();
      await close();
    });

    it('refuses to follow an agent that there is not', async () => {
      const { client, close } = createClient({ url: server.url, WebSocket });
      const agent = follow<AgentMessage>(
        (handlers) => client.onAgent.subscribe({ agentId: '9' }, handlers),
        () => undefined,
        { proof: agentProof },
      );
      const error = await agent.until({ position: 'aa-1' }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'UnseenError', why: 'failed' });
      const cause = await errorOf(Promise.reject(error instanceof Error ? error.cause : error));
      expect(cause.data).toMatchObject({ rejection: { reason: 'agent_not_found', agentId: '9' } });
      await close();
    });
  });
});
