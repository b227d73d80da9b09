import type { Dice } from './dice.ts';
import type { ServerProcess } from './server/process.ts';
import { ATTACKERS } from './world.ts';

/** An attacker may sign out, or be signed out by the others; then it comes again with a new session. */
const USES = 20;

/** The sessions of attackers who have wallets. */
export class Passes {
  readonly #held = new Map<string, { readonly accessToken: string; uses: number }>();

  constructor(private readonly server: Pick<ServerProcess, 'session'>) {}

  /** The first message of somebody who has signed in. */
  async greeting(dice: Dice): Promise<string> {
    const name = dice.pick(ATTACKERS);
    const held = this.#held.get(name);
    const pass = held === undefined || held.uses >= USES ? await this.#renew(name) : held;
    pass.uses += 1;
    return `{"method":"connectionParams","data":{"token":"${pass.accessToken}"}}`;
  }

  async #renew(name: string): Promise<{ readonly accessToken: string; uses: number }> {
    const { accessToken } = await this.server.session(name);
    const pass = { accessToken, uses: 0 };
    this.#held.set(name, pass);
    return pass;
  }
}
