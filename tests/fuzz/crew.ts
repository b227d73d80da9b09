import { gatewayKinds } from './attacks/gateway.ts';
import { trpcKinds } from './attacks/trpc.ts';
import { BrokenFrames } from './carriers/broken.ts';
import type { Carrier, CarrierOptions } from './carriers/carrier.ts';
import { HttpCalls } from './carriers/http.ts';
import { Openings } from './carriers/openings.ts';
import { Params } from './carriers/params.ts';
import { SlowClients } from './carriers/slow.ts';
import { SocketMessages } from './carriers/sockets.ts';
import { sharesOf } from './deck.ts';
import type { Dice } from './dice.ts';

/** Attackers at work at a time, beside the sockets that are held open. */
const ATTACKERS = 8;
/** At least so many of each kind, as long as that leaves room for the weights. */
const LEAST = 250;
/** After so many connections in a row on which nothing could be delivered, the server takes no more. */
const PATIENCE = 200;
/** The doors close at the 101st and at the 21st error within 10 s. Not every message that may be an error is one. */
const TRPC_ERRORS = 130;
const GATEWAY_ERRORS = 25;

/** All attackers of a run. */
export class Crew {
  readonly #carriers: readonly Carrier[];
  readonly #slow: SlowClients;
  #fruitless = 0;
  #stopped = false;

  constructor(
    options: CarrierOptions,
    private readonly dice: Dice,
  ) {
    const { target } = options;
    this.#slow = new SlowClients(options);
    this.#carriers = [
      new SocketMessages(options, {
        path: '/trpc',
        kinds: trpcKinds(target),
        most: 8,
        size: 250,
        signsIn: true,
        errors: TRPC_ERRORS,
      }),
      new SocketMessages(options, {
        path: '/ws',
        kinds: gatewayKinds(target),
        most: 8,
        size: 250,
        signsIn: false,
        errors: GATEWAY_ERRORS,
      }),
      new BrokenFrames(options),
      new Params(options),
      new HttpCalls(options),
      new Openings(options),
      this.#slow,
    ];
  }

  /** Delivers at least so many attacks. Resolves when that is done, {@link stop} is called, or the server takes no more. */
  async attack(total: number): Promise<'done' | 'stopped' | 'refused'> {
    const kinds = this.#carriers.flatMap((carrier) => carrier.kinds);
    const share = sharesOf(kinds, total, Math.min(LEAST, Math.floor(total / kinds.length / 2)));
    for (const carrier of this.#carriers) carrier.add(share);
    await Promise.all(Array.from({ length: ATTACKERS }, () => this.#work(this.dice.fork())));
    if (this.#stopped) return 'stopped';
    return this.#fruitless >= PATIENCE ? 'refused' : 'done';
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Gives up every connection that is held open. */
  async leave(): Promise<void> {
    await this.#slow.leave(this.dice);
  }

  async #work(dice: Dice): Promise<void> {
    while (!this.#stopped && this.#fruitless < PATIENCE) {
      const carrier = this.#next(dice);
      if (carrier === undefined) return;
      this.#fruitless = (await carrier.deliver(dice)) ? 0 : this.#fruitless + 1;
    }
  }

  /** Each as likely as it has connections left to make, so that all kinds of attacks go on beside each other. */
  #next(dice: Dice): Carrier | undefined {
    const left = this.#carriers.map(({ connectionsLeft }) => connectionsLeft);
    let at = dice.below(left.reduce((sum, count) => sum + count, 0));
    return this.#carriers.find((_, index) => {
      const count = left[index] ?? 0;
      if (at < count) return true;
      at -= count;
      return false;
    });
  }
}
