import { z } from 'zod';
import { answer, command, note } from '../process/answer.ts';
import { EPOCH } from '../systems/trades.ts';
import { DIALECT_NAMES, DIALECTS, type Dialect } from '../wire/dialects.ts';
import { bytesOnWire } from '../wire/frames.ts';
import { openAll } from '../wire/open-all.ts';
import { PositionFinder } from '../wire/position-finder.ts';
import { RawConnection, sharedBuffer } from '../wire/raw-connection.ts';

/** The load generator of the fan-out bench: counts frames and sees that none is missing, doubled or out of order. */
const buffer = sharedBuffer();
const positions = new PositionFinder(EPOCH);

interface Phase {
  readonly expected: number;
  readonly noteEvery: number;
  frames: number;
  bytes: number;
  /** Frames that are not the next one of their connection. */
  wrong: number;
  noteAt: number;
}

/** The seq that each connection must get next. */
let next = new Uint32Array(0);
let phase: Phase | undefined;
let lost = 0;

function subscribe(index: number, { port, dialect }: { port: number; dialect: Dialect }): Promise<void> {
  return new Promise((subscribed, refused) => {
    const connection = new RawConnection({
      port,
      path: dialect.path,
      buffer,
      onOpen: () => {
        if (dialect.opened(connection)) subscribed();
      },
      onText: (data, start, end) => {
        if (phase !== undefined) {
          const seq = positions.find(data, start, end);
          if (seq >= 0) {
            count(phase, index, { seq, payload: end - start });
            return;
          }
        }
        if (dialect.took(data.toString('utf8', start, end), connection)) subscribed();
      },
      onClose: () => {
        lost += 1;
        refused(new Error('a connection was refused or cut'));
      },
    });
  });
}

function count(counted: Phase, index: number, { seq, payload }: { seq: number; payload: number }): void {
  if (seq !== next[index]) counted.wrong += 1;
  next[index] = seq + 1;
  counted.frames += 1;
  counted.bytes += bytesOnWire(payload);
  if (counted.frames < counted.noteAt && counted.frames !== counted.expected) return;
  counted.noteAt += counted.noteEvery;
  note(counted.frames);
}

answer({
  connect: command(
    z.object({ port: z.number(), dialect: z.enum(DIALECT_NAMES), subscribers: z.number() }),
    async ({ port, dialect, subscribers }) => {
      next = new Uint32Array(subscribers);
      await openAll(subscribers, (index) => subscribe(index, { port, dialect: DIALECTS[dialect] }));
    },
  ),
  /** Expects so many events from `firstSeq` on; tells how many frames have come, every now and then and at the end. */
  expect: command(
    z.object({ firstSeq: z.number(), events: z.number(), noteEvery: z.number() }),
    ({ firstSeq, events, noteEvery }) => {
      next.fill(firstSeq);
      const expected = events * next.length;
      phase = { expected, noteEvery, frames: 0, bytes: 0, wrong: 0, noteAt: noteEvery };
    },
  ),
  report: command(z.object({}), () => {
    if (phase === undefined) throw new Error('nothing was expected');
    const { frames, bytes, wrong } = phase;
    return { frames, bytes, wrong, lost };
  }),
});
