import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { items, type ServedNumbers, serveNumbers } from '../../../support/live-numbers.ts';
import { type Handler, handlers } from '../../../support/ws-conformance.ts';
import { resumed, started, stop, stopped, subscription } from '../../../support/ws-messages.ts';

/** Something that happens to a number log and to a client that reads it. */
type Step =
  | { readonly kind: 'commit'; readonly count: number }
  | { readonly kind: 'subscribe'; readonly id: number; readonly even: boolean }
  | { readonly kind: 'resume'; readonly id: number; readonly back: number; readonly even: boolean }
  | { readonly kind: 'stop'; readonly id: number };

const id = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('commit'), count: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('subscribe'), id, even: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('resume'),
      id,
      back: fc.integer({ min: -1, max: 30 }),
      even: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop'), id }) },
);

function take({ client, log }: ServedNumbers, next: Step): void {
  switch (next.kind) {
    case 'commit':
      log.commit(next.count);
      break;
    case 'subscribe':
      client.send(subscription(next.id, 'numbers', { even: next.even }));
      break;
    case 'resume': {
      const from = `test-${Math.max(0, log.hub.head - next.back)}`;
      client.send(resumed(next.id, 'numbers', from, { even: next.even }));
      break;
    }
    case 'stop':
      client.send(stop(next.id));
      break;
    default:
      next satisfies never;
  }
}

/** Messages by request id, in the order in which they came. */
function byId(messages: readonly unknown[]): Map<unknown, unknown[]> {
  const sorted = new Map<unknown, unknown[]>();
  for (const message of messages) {
    const key = Reflect.get(Object(message), 'id');
    sorted.set(key, [...(sorted.get(key) ?? []), message]);
  }
  return sorted;
}

async function transcript(handler: Handler, steps: readonly Step[]) {
  const served = await serveNumbers(handler, { ringCapacity: 8 });
  const messages: Map<unknown, unknown[]>[] = [];
  for (const next of steps) {
    take(served, next);
    messages.push(byId(await served.client.settled()));
  }
  const { subscribers } = served.log.channel;
  await served.close();
  return { messages, subscribers };
}

describe('both handlers', () => {
  it('say the same about the same live streams, whatever happens to them', async () => {
    const [stock, ours] = handlers;
    if (stock === undefined || ours === undefined) throw new Error('there are two handlers');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        expect(await transcript(ours, steps)).toEqual(await transcript(stock, steps));
      }),
      { seed: 7, numRuns: 20 },
    );
  });

  it.each(handlers)('$name: they say just what the log holds', async (handler) => {
    const { messages } = await transcript(handler, [
      { kind: 'commit', count: 20 },
      { kind: 'resume', id: 1, back: 15, even: false },
      { kind: 'commit', count: 10 },
      { kind: 'stop', id: 1 },
    ]);
    expect(messages.map((each) => each.get(1))).toEqual([
      undefined,
      [started(1), ...items(1, 6, 20)],
      items(1, 21, 30),
      [stopped(1)],
    ]);
  });
});
