import { z } from 'zod';
import { monotonicMs } from '../clock.ts';
import { answer, command } from '../process/answer.ts';
import { openAll } from '../wire/open-all.ts';
import { PositionFinder } from '../wire/position-finder.ts';
import { RawConnection, sharedBuffer } from '../wire/raw-connection.ts';
import { refuseError, subscribeTo, TRPC_PATH } from '../wire/trpc.ts';

/** Subscribers of the latency bench: each notes when it got which trade. */
const buffer = sharedBuffer();

/** When what was told, by seq and subscriber; 0 is never. */
interface Recording {
  readonly firstSeq: number;
  readonly times: Float64Array;
}

let readers = 0;
let recording: Recording | undefined;
let arrived = 0;
/** What must not happen: a trade that does not follow the one before, a snapshot, a lost connection. */
let faults = 0;

interface Target {
  readonly port: number;
  readonly epoch: string;
}

/** A subscriber to the trades. Resolves when it has its first snapshot. */
function read(
  index: number,
  { port, positions }: { port: number; positions: PositionFinder },
): Promise<void> {
  let last = -1;
  return new Promise((subscribed) => {
    const connection = new RawConnection({
      port,
      path: TRPC_PATH,
      buffer,
      onOpen: () => connection.sendText(subscribeTo('onTrade', 1)),
      onText: (data, start, end) => {
        const seq = positions.find(data, start, end);
        if (seq < 0) refuseError(data.toString('utf8', start, end));
        else if (last < 0) subscribed();
        else if (seq === last + 1) record(index, seq);
        else faults += 1;
        if (seq >= 0) last = seq;
      },
      onClose: () => {
        faults += 1;
      },
    });
  });
}

/** A subscriber that never reads: not even the answer to its subscription. */
function stick({ port }: Target): Promise<void> {
  return new Promise((asked, refused) => {
    const connection = new RawConnection({
      port,
      path: TRPC_PATH,
      buffer,
      onOpen: () => {
        connection.sendText(subscribeTo('onTrade', 1));
        connection.pause();
        asked();
      },
      onText: () => undefined,
      onClose: () => refused(new Error('a connection was refused')),
    });
  });
}

function record(index: number, seq: number): void {
  if (recording === undefined) return;
  recording.times[(seq - recording.firstSeq) * readers + index] = monotonicMs();
  arrived += 1;
}

const target = { port: z.number(), epoch: z.string() };

answer({
  stick: command(z.object({ ...target, count: z.number() }), async ({ count, ...server }) => {
    await openAll(count, () => stick(server));
  }),
  connect: command(z.object({ ...target, count: z.number() }), async ({ count, port, epoch }) => {
    const positions = new PositionFinder(epoch);
    readers = count;
    await openAll(count, (index) => read(index, { port, positions }));
  }),
  /** Notes the times of up to so many trades from `firstSeq` on. */
  record: command(z.object({ firstSeq: z.number(), trades: z.number() }), ({ firstSeq, trades }) => {
    recording = { firstSeq, times: new Float64Array(trades * readers) };
    arrived = 0;
  }),
  /** How many trades of the recording, over all subscribers, have come. */
  arrived: command(z.object({}), () => ({ arrived, faults })),
  /** Milliseconds from each ack to each subscriber's getting the trade, once all have come: sorting them takes a while. */
  latencies: command(z.object({ acks: z.array(z.tuple([z.number(), z.number()])) }), ({ acks }) => {
    if (recording === undefined) throw new Error('nothing was recorded');
    const { firstSeq, times } = recording;
    const latencies = new Float64Array(acks.length * readers);
    let count = 0;
    for (const [seq, atMs] of acks) {
      for (let reader = 0; reader < readers; reader += 1) {
        const got = times[(seq - firstSeq) * readers + reader] ?? 0;
        if (got === 0) throw new Error(`subscriber ${reader} has not got trade ${seq}`);
        latencies[count] = Math.max(0, got - atMs);
        count += 1;
      }
    }
    const sorted = latencies.sort();
    const at = (part: number): number => sorted[Math.min(count - 1, Math.floor(count * part))] ?? Number.NaN;
    return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  }),
});
