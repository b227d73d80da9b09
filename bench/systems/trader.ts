import type { App } from '../../server/app.ts';
import { monotonicMs } from '../clock.ts';
import { buyOne } from '../market.ts';

/** The seq of a trade, and when its buyer was told of it ({@link monotonicMs}). */
export type Ack = readonly [seq: number, atMs: number];

const TICK_MS = 2;

/** Buys at an even rate, by the clock and not by the answers: what is due is bought whether or not the last one is done. */
export class Trader {
  readonly #app: App;
  readonly #perSecond: number;
  readonly #name: string;
  readonly #started = monotonicMs();
  readonly #timer: NodeJS.Timeout;
  readonly #buys: Promise<Ack>[] = [];

  constructor(app: App, { perSecond, name }: { readonly perSecond: number; readonly name: string }) {
    this.#app = app;
    this.#perSecond = perSecond;
    this.#name = name;
    this.#timer = setInterval(() => this.#catchUp(), TICK_MS);
  }

  /** Stops buying. Resolves when every buy has been acknowledged. @throws when one was refused */
  async stop(): Promise<Ack[]> {
    clearInterval(this.#timer);
    return Promise.all(this.#buys);
  }

  #catchUp(): void {
    const due = Math.floor(((monotonicMs() - this.#started) * this.#perSecond) / 1000);
    while (this.#buys.length < due) {
      const buy = this.#buy(this.#buys.length);
      // Awaited in stop(); until then a refusal is not unhandled.
      buy.catch(() => undefined);
      this.#buys.push(buy);
    }
  }

  async #buy(index: number): Promise<Ack> {
    const seq = await buyOne(this.#app, `${this.#name}-${index}`, index);
    return [seq, monotonicMs()];
  }
}
