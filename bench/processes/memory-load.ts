import { z } from 'zod';
import { answer, command } from '../process/answer.ts';
import { openAll } from '../wire/open-all.ts';
import { PositionFinder } from '../wire/position-finder.ts';
import { RawConnection, sharedBuffer } from '../wire/raw-connection.ts';
import { refuseError, subscribeTo, TRPC_PATH } from '../wire/trpc.ts';

/** Connections of the memory bench: each subscribes to `paths`, gets a first item of every one, and is then idle. */
const buffer = sharedBuffer();

interface Target {
  readonly port: number;
  readonly positions: PositionFinder;
  readonly paths: readonly string[];
}

function open({ port, positions, paths }: Target): Promise<void> {
  return new Promise((subscribed, refused) => {
    let waiting = paths.length;
    const connection = new RawConnection({
      port,
      path: TRPC_PATH,
      buffer,
      onOpen: () => {
        for (const [index, path] of paths.entries()) connection.sendText(subscribeTo(path, index + 1));
        if (waiting === 0) subscribed();
      },
      onText: (data, start, end) => {
        if (positions.find(data, start, end) < 0) refuseError(data.toString('utf8', start, end));
        else waiting -= 1;
        if (waiting === 0) subscribed();
      },
      onClose: () => refused(new Error('a connection was refused or cut')),
    });
  });
}

answer({
  connect: command(
    z.object({ port: z.number(), epoch: z.string(), paths: z.array(z.string()), count: z.number() }),
    async ({ port, epoch, paths, count }) => {
      const positions = new PositionFinder(epoch);
      await openAll(count, () => open({ port, positions, paths }));
    },
  ),
});
