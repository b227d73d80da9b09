import { initTRPC, type TRPCDataTransformer } from '@trpc/server';
import { z } from 'zod';
import type { Filter } from '../../server/realtime/cursor.ts';
import type { QuoteLog, QuoteMessage } from './quote-log.ts';

const streamInput = z.object({ lastEventId: z.string().optional() }).optional();

const AS_IT_IS: TRPCDataTransformer = { serialize: (value) => value, deserialize: (value) => value };

const MAX_GENERATED = 20_000;

/** A router that serves a log of quotes, and counts what is asked of it. */
export class QuoteService {
  /** Inputs of `sized`, in the order of its calls. */
  readonly asked: number[] = [];
  /** How often the generators have been asked for an item. */
  pulls = 0;
  /** Generators that have not come to their end. */
  generators = 0;
  /** Calls of `pending` that wait, and how many have been aborted. */
  pending = 0;
  aborted = 0;
  readonly router;

  /** @param log what is served; a new one is for those who subscribe from then on */
  constructor(
    public log: QuoteLog,
    transformer: TRPCDataTransformer = AS_IT_IS,
  ) {
    const t = initTRPC.create({ isDev: false, transformer });
    const stream = (channel: 'every' | 'latest', filter?: Filter<QuoteMessage>) =>
      t.procedure.input(streamInput).subscription(({ input, signal }) => {
        const { hub, [channel]: source } = this.log;
        return hub.stream(source, { lastEventId: input?.lastEventId, signal, filter });
      });
    const ofKey0: Filter<QuoteMessage> = {
      accepts: (message) => message.type === 'quote' && message.key === 'key0',
      snapshot: (reason) => {
        const { head } = this.log.hub;
        const newest = this.log.newest(head).get('key0');
        return {
          seq: head,
          data: { type: 'snapshot', reason, newest: newest === undefined ? {} : { key0: newest } },
        };
      },
    };
    this.router = t.router({
      every: stream('every'),
      latest: stream('latest'),
      /** The quotes of one key. */
      everyOfKey0: stream('every', ofKey0),
      latestOfKey0: stream('latest', ofKey0),
      even: stream('every', {
        accepts: (message) => message.type === 'quote' && message.n % 2 === 0,
        snapshot: (reason) => ({ seq: this.log.hub.head, data: { type: 'snapshot', reason, newest: {} } }),
      }),
      /** More numbers than anyone takes, each with `size` bytes; none has to be waited for. */
      generated: t.procedure.input(z.object({ size: z.number() })).subscription(({ input, signal }) => {
        return this.#generate(input.size, signal);
      }),
      /** Answers with `size` bytes. */
      sized: t.procedure.input(z.object({ n: z.number(), size: z.number() })).query(({ input }) => {
        this.asked.push(input.n);
        return { n: input.n, text: 'y'.repeat(input.size) };
      }),
      /** Waits until it is aborted. */
      pending: t.procedure.mutation(({ signal }) => this.#wait(signal)),
    });
  }

  async *#generate(size: number, signal: AbortSignal | undefined): AsyncGenerator<object, void> {
    this.generators += 1;
    try {
      // Not for ever: who never stopped to ask would stop the whole process.
      for (let n = 1; n <= MAX_GENERATED && signal?.aborted !== true; n += 1) {
        this.pulls += 1;
        yield { n, text: 'z'.repeat(size) };
      }
    } finally {
      this.generators -= 1;
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    this.pending += 1;
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        this.pending -= 1;
        this.aborted += 1;
        reject(signal.reason);
      });
    });
  }
}
