import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { answer, command } from '../process/answer.ts';
import { Crowd } from '../storm/crowd.ts';
import { RawClient } from '../storm/raw-client.ts';
import { RealClient } from '../storm/real-client.ts';
import { openAll } from '../wire/open-all.ts';
import { PositionFinder } from '../wire/position-finder.ts';
import { sharedBuffer } from '../wire/raw-connection.ts';

/** The clients of the storm bench. */
const RETURN_MS = 60_000;

const crowd = new Crowd();
let real: readonly RealClient[] = [];
let returned: Promise<number> | undefined;

/** Resolves when they are back. @throws when that takes too long */
async function inTime(back: Promise<number>): Promise<number> {
  const limit = new AbortController();
  const late = sleep(RETURN_MS, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`${crowd.missing} clients are not back after ${RETURN_MS / 1000} s`);
  });
  // When it is called off nobody waits for it any more.
  late.catch(() => undefined);
  try {
    return await Promise.race([back, late]);
  } finally {
    limit.abort();
  }
}

answer({
  join: command(
    z.object({ port: z.number(), epoch: z.string(), rawClients: z.number(), realClients: z.number() }),
    async ({ port, epoch, rawClients, realClients }) => {
      const options = { crowd, port, epoch, buffer: sharedBuffer(), positions: new PositionFinder(epoch) };
      await openAll(rawClients, () => new RawClient(options).join());
      real = Array.from({ length: realClients }, () => new RealClient(crowd));
      await openAll(realClients, (index) => real[index]?.join(port) ?? Promise.resolve());
    },
  ),
  /** Drops one of the real clients. @returns milliseconds until it is back */
  lone: command(z.object({ index: z.number() }), ({ index }) => {
    const client = real[index];
    if (client === undefined) throw new RangeError(`no client ${index}`);
    return inTime(client.cutAlone());
  }),
  /** All are about to be dropped. */
  brace: command(z.object({}), () => {
    returned = crowd.return(crowd.followers);
  }),
  /** @returns when the last one was back, and how dense the attempts to connect were */
  returned: command(z.object({}), async () => {
    if (returned === undefined) throw new Error('nobody was to be dropped');
    const atMs = await inTime(returned);
    return { atMs, inOneSecond: crowd.peakConnects(1_000), inTenth: crowd.peakConnects(100) };
  }),
  tally: command(z.object({}), () => ({
    gaps: crowd.gaps,
    duplicates: crowd.duplicates,
    /** The trade up to which everybody has them all. */
    through: Math.min(...crowd.followers.map((follower) => follower.last)),
  })),
});
