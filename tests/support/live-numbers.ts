import type { Channel } from '../../server/realtime/channel.ts';
import type { Filter } from '../../server/realtime/cursor.ts';
import type { FrameClient } from './frame-client.ts';
import { Gate } from './gate.ts';
import { NumberLog, type NumberMessage } from './number-log.ts';
import { type Handler, type Served, type ServeOptions, serve, t } from './ws-conformance.ts';
import { type RequestId, trackedData } from './ws-messages.ts';

/** The messages that carry a number log's items. */
export const snapshot = (
  id: RequestId,
  seq: number,
  numbers: readonly number[],
  reason: 'start' | 'gap' = 'start',
) => trackedData(id, `test-${seq}`, { type: 'snapshot', reason, numbers });
export const item = (id: RequestId, n: number) => trackedData(id, `test-${n}`, { type: 'number', n });
export const items = (id: RequestId, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => item(id, first + index));

interface StreamInput {
  readonly lastEventId?: string | undefined;
  /** Even numbers only. */
  readonly even?: boolean | undefined;
}

/** Parses the input of a subscription to numbers. */
export function optionsOf(input: unknown): StreamInput | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const lastEventId: unknown = Reflect.get(input, 'lastEventId');
  return {
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    even: Reflect.get(input, 'even') === true,
  };
}

export interface ServedNumbers extends Served {
  readonly client: FrameClient;
  readonly log: NumberLog;
  /** A channel whose snapshots and history fail. */
  readonly broken: Channel<NumberMessage>;
  /** Opens when the procedure `slow` has been called, which then waits for {@link setUp}. */
  readonly entered: Gate;
  readonly setUp: Gate;
}

/** Serves the live streams of a number log, and connects to them. */
export async function serveNumbers(
  handler: Handler,
  options: ConstructorParameters<typeof NumberLog>[0],
  serveOptions: Omit<ServeOptions, 'router'> = {},
): Promise<ServedNumbers> {
  const log = new NumberLog(options);
  const entered = new Gate();
  const setUp = new Gate();
  const even: Filter<NumberMessage> = {
    accepts: (message) => message.type === 'number' && message.n % 2 === 0,
    snapshot: (reason) => ({
      seq: log.hub.head,
      data: { type: 'snapshot', reason, numbers: log.through(log.hub.head).filter((n) => n % 2 === 0) },
    }),
  };
  const broken: Channel<NumberMessage> = log.hub.channel({
    ...log.channel.source,
    delivery: 'every',
    snapshot: () => {
      throw new Error('no snapshot');
    },
    history: () => Promise.reject(new Error('no history')),
  });
  const router = t.router({
    numbers: t.procedure.input(optionsOf).subscription(({ input, signal }) =>
      log.hub.stream(log.channel, {
        signal,
        lastEventId: input?.lastEventId,
        filter: input?.even ? even : undefined,
      }),
    ),
    slow: t.procedure.subscription(async ({ signal }) => {
      entered.open();
      await setUp.opened;
      return log.hub.stream(log.channel, { signal });
    }),
    broken: t.procedure
      .input(optionsOf)
      .subscription(({ input, signal }) =>
        log.hub.stream(broken, { lastEventId: input?.lastEventId, signal }),
      ),
    one: t.procedure.query(() => 1),
  });
  const served = await serve(handler, { ...serveOptions, router });
  return { ...served, client: await served.connect(), log, broken, entered, setUp };
}
