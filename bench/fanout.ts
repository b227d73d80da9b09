import { z } from 'zod';
import { atMost, type Goal, printGoals } from './goals.ts';
import type { BenchOptions } from './options.ts';
import { prepareRuns, type Run } from './process/processes.ts';
import { median, round } from './stats.ts';
import { compileSend, SendProgram } from './systems/send.ts';
import { NODE_SYSTEMS, type NodeSystem } from './systems/system.ts';
import { FIRST_SEQ, frameText, published } from './systems/trades.ts';
import type { DialectName } from './wire/dialects.ts';

const SUBSCRIBERS = 500;
const ROUNDS = 9;
/** Events published in one turn of the event loop. */
const BURSTS = [1, 10] as const;
/** Events on their way at most: some 30 KB a socket, well below what a kernel buffers. */
const WINDOW = 60;

type SystemName = NodeSystem | 'send';

const DIALECT: { readonly [S in SystemName]: DialectName } = {
  ours: 'trpc',
  gateway: 'gateway',
  trpc: 'trpc',
  ws: 'ws',
  'socket.io': 'socket.io',
  send: 'none',
};

interface Publishing {
  readonly firstSeq: number;
  readonly events: number;
  readonly burst: number;
  readonly window: number;
}

/** A server that is measured. */
interface Peer {
  readonly port: number;
  /** Resolves when all has been acknowledged; CPU is the whole process's, from the first event until then. */
  publish(what: Publishing): Promise<{ readonly cpuUs: number; readonly wallMs: number }>;
  ack(events: number): void;
}

interface Measured {
  readonly burst: number;
  readonly cpuUsPerDelivery: number;
  readonly deliveriesPerSecond: number;
  readonly bytesPerDelivery: number;
}

const publishedSchema = z.object({ cpuUs: z.number(), wallMs: z.number() });
const reportSchema = z.object({
  frames: z.number(),
  bytes: z.number(),
  wrong: z.number(),
  lost: z.number(),
});

/**
 * CPU of the server's process per event and subscriber. The systems take turns, each time in a new process. The publisher
 * runs in the server and is never far ahead of the load generator, so nothing backs up. The rate is that
 * of the same phase, in which the load generator may be what is slow.
 */
export async function fanout({ quick, entries }: BenchOptions): Promise<object> {
  const inRun = await prepareRuns(['fanout-server', 'fanout-load']);
  const program = await compileSend();
  if (program === undefined) console.log('there is no C compiler: send is left out');
  const systems: readonly SystemName[] = program === undefined ? NODE_SYSTEMS : [...NODE_SYSTEMS, 'send'];
  const measured = new Map<SystemName, Measured[]>();
  for (let turn = 0; turn < (quick ? 1 : ROUNDS); turn += 1) {
    // Now the one is first, now the other: neither always comes after a rest.
    for (const system of turn % 2 === 0 ? systems : [...systems].reverse()) {
      const results = await inRun(async (run) => {
        const peer =
          system === 'send' ? sendPeer(run, { program, entries }) : nodePeer(run, { system, entries });
        return measure(run, { system, quick, peer: await peer });
      });
      measured.set(system, [...(measured.get(system) ?? []), ...results]);
    }
  }

  const results = systems.flatMap((system) => BURSTS.map((burst) => summary(system, burst)));
  const others = systems.filter((system) => system !== 'ours').map((against) => ['ours', against] as const);
  const ratios = BURSTS.flatMap((burst) =>
    [...others, ['gateway', 'ws'] as const].map(([system, against]) => ({
      system,
      burst,
      against,
      ratio: round(median(ratiosOf(system, against, burst)), 3),
    })),
  );
  const goals = goalsOf(ratios);
  console.table(results);
  console.table(ratios);
  printGoals(goals);
  return { bench: 'fanout', subscribers: SUBSCRIBERS, results, ratios, goals };

  function runsOf(system: SystemName, burst: number): Measured[] {
    return (measured.get(system) ?? []).filter((run) => run.burst === burst);
  }

  /** Round by round: the machine is faster in some than in others. */
  function ratiosOf(system: SystemName, against: SystemName, burst: number): number[] {
    const theirs = runsOf(against, burst);
    return runsOf(system, burst).map(
      (run, turn) => run.cpuUsPerDelivery / (theirs[turn]?.cpuUsPerDelivery ?? Number.NaN),
    );
  }

  function summary(system: SystemName, burst: number) {
    const runs = runsOf(system, burst);
    const pick = (field: keyof Measured): number => median(runs.map((run) => run[field]));
    return {
      system,
      burst,
      cpuUsPerDelivery: round(pick('cpuUsPerDelivery'), 3),
      deliveriesPerSecond: round(pick('deliveriesPerSecond')),
      bytesPerDelivery: round(pick('bytesPerDelivery'), 1),
    };
  }
}

const LIMITS: readonly { readonly burst: number; readonly against: SystemName; readonly limit: number }[] = [
  { burst: 1, against: 'ws', limit: 1 },
  { burst: 1, against: 'send', limit: 1.5 },
  { burst: 1, against: 'trpc', limit: 1 / 6 },
  { burst: 10, against: 'ws', limit: 1 / 7 },
  { burst: 10, against: 'socket.io', limit: 1 / 7 },
  { burst: 10, against: 'trpc', limit: 1 / 40 },
];

type Ratio = Readonly<{ system: SystemName; burst: number; against: SystemName; ratio: number }>;

function goalsOf(ratios: readonly Ratio[]): Goal[] {
  return LIMITS.flatMap(({ burst, against, limit }) => {
    const found = ratios.find(
      (ratio) => ratio.system === 'ours' && ratio.burst === burst && ratio.against === against,
    );
    return found === undefined ? [] : [atMost(`${burst} a tick: ours / ${against}`, found.ratio, limit)];
  });
}

async function nodePeer(
  run: Run,
  { system, entries }: { readonly system: NodeSystem; readonly entries: boolean },
): Promise<Peer> {
  const server = run.start('fanout-server', { args: [system] });
  return {
    port: await server.call('port', {}, z.number()),
    publish: (what) => server.call('publish', { ...what, entries }, publishedSchema),
    ack: (events) => server.tell('ack', { events }),
  };
}

async function sendPeer(
  run: Run,
  { program, entries }: { readonly program: string | undefined; readonly entries: boolean },
): Promise<Peer> {
  if (program === undefined) throw new Error('there is no send program');
  const text = frameText(published(FIRST_SEQ, { entries }).message);
  const server = run.adopt(await SendProgram.start(program, { text, digits: `${FIRST_SEQ}` }));
  const port = await server.port();
  let accepted: Promise<void> | undefined = server.accept(SUBSCRIBERS);
  return {
    port,
    publish: async (what) => {
      await accepted;
      accepted = undefined;
      return server.publish(what);
    },
    ack: (events) => server.ack(events),
  };
}

async function measure(
  run: Run,
  { peer, system, quick }: { readonly peer: Peer; readonly system: SystemName; readonly quick: boolean },
): Promise<Measured[]> {
  const load = run.start('fanout-load');
  load.onNote((frames) => peer.ack(Math.floor(frames / SUBSCRIBERS)));
  const target = { port: peer.port, dialect: DIALECT[system], subscribers: SUBSCRIBERS };
  await load.call('connect', target, z.null());
  let firstSeq = FIRST_SEQ;
  /** Publishes, and sees to it that every frame has been delivered. */
  const publish = async (events: number, burst: number): Promise<Measured> => {
    const noteEvery = (WINDOW / 4) * SUBSCRIBERS;
    await load.call('expect', { firstSeq, events, noteEvery }, z.null());
    const { cpuUs, wallMs } = await peer.publish({ firstSeq, events, burst, window: WINDOW });
    const report = await load.call('report', {}, reportSchema);
    const deliveries = events * SUBSCRIBERS;
    if (report.frames !== deliveries || report.wrong > 0 || report.lost > 0) {
      throw new Error(
        `${system} delivered not what it was to: ${deliveries} frames, ${JSON.stringify(report)}`,
      );
    }
    firstSeq += events;
    return {
      burst,
      cpuUsPerDelivery: cpuUs / deliveries,
      deliveriesPerSecond: deliveries / (wallMs / 1000),
      bytesPerDelivery: report.bytes / deliveries,
    };
  };
  const { warmUp, events } = amounts(system, quick);
  const results: Measured[] = [];
  for (const burst of BURSTS) {
    await publish(warmUp, burst);
    results.push(await publish(events, burst));
  }
  return results;
}

/** Stock tRPC takes some ten times as long for an event as the others. */
function amounts(system: SystemName, quick: boolean): { readonly warmUp: number; readonly events: number } {
  if (system === 'trpc') return quick ? { warmUp: 50, events: 100 } : { warmUp: 100, events: 100 };
  return quick ? { warmUp: 300, events: 300 } : { warmUp: 400, events: 500 };
}
