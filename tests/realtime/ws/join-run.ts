import { expect } from 'vitest';
import { parsePosition } from '../../../server/realtime/position.ts';
import { applyWSSHandler } from '../../../server/realtime/ws/index.ts';
import { nextTurn } from '../../support/gate.ts';
import { type PipedClient, PipedServer } from '../../support/piped-server.ts';
import { QuoteLog } from '../../support/quote-log.ts';
import { QuoteService } from '../../support/quote-service.ts';
import { type QuoteViewOptions, viewOf } from '../../support/quote-view.ts';

/** What can happen to a connection, as far as order matters. Nothing else happens unless a tick ends. */
export const ACTIONS = [
  'commit',
  'commit two',
  'block the socket',
  'let a write leave',
  'unblock the socket',
  'let a read go on',
  'end the tick',
  'stop',
  'PING',
] as const;
export type Action = (typeof ACTIONS)[number];

/** More than the frame of one quote, less than those of two. */
const BUDGET = 200;
const HEAD = 4;

/** What can be subscribed to. */
const STREAMS = {
  every: { channel: 'every' },
  latest: { channel: 'latest' },
  everyOfKey0: { channel: 'every', key: 'key0' },
  latestOfKey0: { channel: 'latest', key: 'key0' },
} as const;

export interface Start {
  readonly streams: readonly (keyof typeof STREAMS)[];
  /** What each subscription asks for. */
  readonly lastEventId: string | undefined;
  /** What has happened before. */
  readonly before?: readonly Action[];
}

interface Ping {
  readonly head: number;
  /** It was read at once, and all subscriptions had caught up or could do so without waiting. */
  readonly caughtUp: boolean;
}

const service = new QuoteService(new QuoteLog({ ringCapacity: 1 }));
const server = new PipedServer((wss) => {
  applyWSSHandler({ wss, router: service.router, limits: { sendBudgetBytes: BUDGET } });
});

/**
 * One connection with a subscription to each stream of `start`, under the ids 1, 2, …, and what happens to it. The budget
 * holds one quote, and the ring two, so a few actions lead through congestion, history and back.
 */
export class Run {
  readonly log = new QuoteLog({ ringCapacity: 2, head: HEAD, keys: 2, select: (seq) => seq % 3 !== 0 });
  readonly #done: Action[] = [];
  readonly #pings: Ping[] = [];
  #blocked = false;
  #stopped = false;
  /** A read goes on when the tick ends. */
  #letGo = false;
  /** The channels' reads of the past up to the last end of a tick. */
  #pastReads = 0;
  /** What the server has read. */
  #messages = 0;

  private constructor(
    readonly start: Start,
    readonly client: PipedClient,
  ) {
    client.server.on('message', () => {
      this.#messages += 1;
    });
  }

  static async begin(start: Start): Promise<Run> {
    const run = new Run(start, await server.connect());
    service.log = run.log;
    run.log.hold();
    run.client.send(
      start.streams.map((path, index) => ({
        id: index + 1,
        method: 'subscription',
        params: { path, lastEventId: start.lastEventId },
      })),
    );
    await run.client.quiet();
    run.#pastReads = run.log.pastReads;
    for (const action of start.before ?? []) await run.act(action);
    return run;
  }

  /** @returns whether it could change anything */
  async act(action: Action): Promise<boolean> {
    const before = this.#done.at(-1);
    this.#done.push(action);
    const { log, client } = this;
    switch (action) {
      case 'commit':
        log.commit(1);
        return true;
      case 'commit two':
        log.commit(2);
        return true;
      case 'block the socket':
        return this.#block(true);
      case 'unblock the socket':
        return this.#block(false);
      case 'let a write leave':
        return client.socket.leave();
      case 'let a read go on':
        if (!log.letGo()) return false;
        this.#letGo = true;
        return true;
      case 'end the tick':
        await nextTurn();
        this.#letGo = false;
        this.#pastReads = log.pastReads;
        return before !== undefined && before !== 'end the tick';
      case 'stop':
        return this.#stop();
      case 'PING':
        this.#ping();
        return true;
      default:
        return action satisfies never;
    }
  }

  /** Leaves it as it is. */
  abandon(): void {
    this.client.socket.destroy();
  }

  /** Lets everything that waits go its way. @throws when what has come in the end is not what was due */
  async finish(): Promise<void> {
    this.#block(false);
    do await this.client.quiet();
    while (this.log.letGo());
    try {
      this.#checkPongs();
      for (const [index, channel] of this.start.streams.entries())
        this.#checkSubscription(index + 1, channel);
      const strange = this.client.answers.filter(({ kind }) =>
        ['error', 'close', 'reconnect'].includes(kind),
      );
      expect(strange).toEqual([]);
    } catch (cause) {
      throw new Error(`${this.#done.join(', ')}: ${JSON.stringify(this.client.answers, null, 1)}`, { cause });
    } finally {
      this.abandon();
    }
  }

  #block(blocked: boolean): boolean {
    if (this.#blocked === blocked) return false;
    this.#blocked = blocked;
    if (blocked) this.client.socket.block();
    else this.client.socket.unblock();
    return true;
  }

  #stop(): boolean {
    if (this.#stopped) return false;
    this.#stopped = true;
    this.client.send(this.start.streams.map((_, index) => ({ id: index + 1, method: 'subscription.stop' })));
    return true;
  }

  #ping(): void {
    const { log, client } = this;
    const head = log.hub.head;
    const free = (): boolean =>
      !client.server.isPaused && !this.#letGo && log.held === 0 && log.pastReads === this.#pastReads;
    const before = free();
    const read = this.#messages;
    client.send('PING');
    const caughtUp = before && free() && this.#messages > read && !this.#stopped;
    this.#pings.push({ head, caughtUp });
  }

  #checkPongs(): void {
    const { answers } = this.client;
    const places = answers.flatMap(({ kind }, index) => (kind === 'PONG' ? [index] : []));
    expect(places).toHaveLength(this.#pings.length);
    for (const [index, { head, caughtUp }] of this.#pings.entries()) {
      if (!caughtUp) continue;
      for (const [place, stream] of this.start.streams.entries()) {
        const view = viewOf(answers.slice(0, places[index]), place + 1, this.log, this.#optionsOf(stream));
        expect(view.covers(head), 'before the PONG').toBe(true);
      }
    }
  }

  #checkSubscription(id: number, stream: keyof typeof STREAMS): void {
    const { log, client } = this;
    const mine = client.answers.filter((answer) => 'id' in answer && answer.id === id);
    const view = viewOf(mine, id, log, this.#optionsOf(stream));
    const kinds = mine.map(({ kind }) => kind);
    expect(kinds.indexOf('started')).toBe(0);
    expect(kinds.lastIndexOf('started')).toBe(0);
    if (this.#stopped) {
      expect(kinds.indexOf('stopped')).toBe(kinds.length - 1);
      expect(log[STREAMS[stream].channel].subscribers).toBe(0);
    } else {
      expect(kinds).not.toContain('stopped');
      expect(view.covers(log.hub.head)).toBe(true);
      expect(view.newest).toEqual(view.expected(log.hub.head));
    }
  }

  #optionsOf(stream: keyof typeof STREAMS): QuoteViewOptions {
    const position = parsePosition(this.start.lastEventId ?? '');
    return { ...STREAMS[stream], after: position?.epoch === this.log.hub.epoch ? position.seq : undefined };
  }
}
