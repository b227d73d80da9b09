import { createSignInMessageText } from '@solana/wallet-standard-util';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { wireCall } from '../../server/docs/calls.ts';
import { EXAMPLES } from '../../server/docs/examples.ts';
import type { ProcedureDoc } from '../../server/docs/reference.ts';
import { type RunningServer, startServer } from '../../server/http.ts';
import { Identity } from '../../server/identity/identity.ts';
import { MemoryLog } from '../../server/journal/memory-log.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import type { Challenge } from '../../shared/auth.ts';
import type { AgentId } from '../../shared/ids.ts';
import type { ServerStats } from '../../shared/stats.ts';
import { sol } from '../../shared/units.ts';
import { Signer, wireProof } from '../support/signer.ts';
import { TestMarket } from '../support/test-app.ts';

const HOUR_MS = 3_600_000;
/** The example wallet. */
export const EXAMPLE_SIGNER = new Signer(7);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What differs from run to run is made up. */
const STATS: ServerStats = {
  totalClients: 2_000,
  totalChannels: 3,
  channels: [
    { name: 'prices', subscribers: 1_900 },
    { name: 'trades', subscribers: 1_200 },
    { name: 'agent:1', subscribers: 85 },
  ],
  doors: [
    { name: 'trpc', connections: 1_800, subscriptions: 2_900, congested: 1, sent: 1_204_000, cut: 4 },
    { name: 'gateway', connections: 200, subscriptions: 285, congested: 0, sent: 96_000, cut: 0 },
  ],
  rates: { entriesPerSecond: 104, itemsPerSecond: 52_300 },
  lag: { commitMs: { p50: 0.8, p99: 3.1 }, eventLoopMs: { p50: 0.2, p99: 4.4 }, congestedClients: 1 },
  conflated: 48_210,
  dropped: { gaps: 2, clients: 4 },
};

/** Another one would have the answers recorded anew after every change of a schema. */
const CONTRACT = '6f9628ccde25727c';

const answer = z.object({ result: z.object({ data: z.looseObject({ json: z.unknown() }) }) });

export interface CarriedOut {
  readonly answer: unknown;
  readonly made?: object;
}

const challengeSchema = z.custom<Challenge>();
const tokensSchema = z.object({ accessToken: z.string(), refreshToken: z.string() });
const sessionsSchema = z.array(z.object({ sessionId: z.string() }));
const frame = z.object({
  id: z.literal(1),
  result: z.object({ type: z.string(), data: z.unknown().optional() }),
});

/**
 * The market that the examples of the reference are carried out on, behind a server: in the order of the examples all
 * are accepted. Its clock, its log's name, its secret and its stats are its own, so that the answers are the same every
 * time, where `node:crypto` is seeded too.
 */
export class ExampleMarket {
  readonly #market = new TestMarket(new MemoryLog('4f1c09ab2d7e6053'));
  readonly #identity = Identity.inMemory({
    secret: 'signs nothing but the examples of the reference',
    operators: [EXAMPLE_SIGNER.address],
    clock: this.#market.clock.now,
  });
  #accessToken = '';
  /** By procedure: what earlier examples were answered. */
  readonly #answered = new Map<string, unknown>();
  #server: RunningServer | undefined;
  #turing: AgentId | undefined;

  private constructor() {}

  static async open(): Promise<ExampleMarket> {
    const examples = new ExampleMarket();
    await examples.#fill();
    return examples;
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.#market.app.close();
  }

  get url(): string {
    if (this.#server === undefined) throw new Error('it is not open');
    return this.#server.url;
  }

  /** Two agents, of which one graduates, and a season that is over. */
  async #fill(): Promise<void> {
    const market = this.#market;
    await market.open({ identity: this.#identity });
    vi.spyOn(market.app.services, 'stats').mockReturnValue(STATS);
    vi.spyOn(market.app.services, 'contract').mockReturnValue(CONTRACT);
    await this.#turnSeason(0);
    const creator = await market.fund('creator');
    const ann = await market.fund('ann');
    const [turing, hopper] = await Promise.all(
      [
        { name: 'Turing', symbol: 'TURING', purpose: 'Decides what can be decided.' },
        { name: 'Hopper', symbol: 'HOPPER', purpose: 'Finds the moth.' },
      ].map(async (agent) => {
        const created = await market.as(creator).createAgent({ clientOrderId: market.orderId(), ...agent });
        return created.agent.agentId;
      }),
    );
    if (turing === undefined || hopper === undefined) throw new Error('they were not created');
    this.#turing = turing;
    await this.#buy('ann', '2');
    market.clock.advance(60_000);
    await market.buy(ann, hopper, '200');
    market.clock.advance(HOUR_MS);
    await this.#turnSeason(1);
    await this.#buy('bob', '1');
    await market.operator.credit({
      clientOrderId: market.orderId(),
      wallet: EXAMPLE_SIGNER.address,
      sol: sol('100'),
    });
    this.#server = await startServer({
      app: market.app,
      logger: quiet,
      host: '127.0.0.1',
      port: 0,
      webDir: '/nonexistent',
      limits: NO_SERVER_LIMITS,
    });
    const { accessToken } = await this.#identity.vouch(EXAMPLE_SIGNER.address, 'another-device');
    this.#accessToken = accessToken;
  }

  async #turnSeason(season: number): Promise<void> {
    await this.#market.app.services.executor.submit({ kind: 'turn_season', season, lengthMs: HOUR_MS });
  }

  async #buy(name: string, amount: string): Promise<void> {
    if (this.#turing === undefined) throw new Error('it is not open');
    await this.#market.buy(await this.#market.fund(name), this.#turing, amount);
  }

  /**
   * Makes the example's call over the wire, and gives what came: of a subscription, the first item. `made` is the input
   * when it had to be made of earlier answers, and the example's own may be an older one.
   */
  async carryOut(procedure: Pick<ProcedureDoc, 'name' | 'type'>): Promise<CarriedOut> {
    const { name } = procedure;
    this.#market.clock.advance(7_000);
    // Only then is there something to claim.
    if (name === 'claimRewards') await this.#buy('cid', '3');
    const made = this.#madeInput(name);
    const wire = wireCall(procedure, made ?? EXAMPLES.get(name));
    if ('message' in wire) return { answer: await this.#firstItem(wire.path, wire.message) };
    const response = await fetch(`${this.url}${wire.path}`, {
      method: wire.method,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.#accessToken}`,
        'user-agent': 'example-client',
      },
      ...('body' in wire ? { body: JSON.stringify(wire.body) } : {}),
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${name}: ${response.status} ${JSON.stringify(body)}`);
    const { data } = answer.parse(body).result;
    this.#answered.set(name, data.json);
    // The session that was opened is the one to go on with.
    const tokens = tokensSchema.safeParse(data.json).data;
    if (tokens !== undefined) this.#accessToken = tokens.accessToken;
    return { answer: data, ...(made === undefined ? {} : { made }) };
  }

  #madeInput(name: string): object | undefined {
    const answered = (of: string): unknown => this.#answered.get(of);
    switch (name) {
      case 'auth.signIn': {
        const challenge = challengeSchema.parse(answered('auth.challenge'));
        return wireProof(EXAMPLE_SIGNER.prove(createSignInMessageText({ ...challenge })));
      }
      case 'auth.refresh':
        return { refreshToken: tokensSchema.parse(answered('auth.signIn')).refreshToken };
      case 'auth.renew':
        return { accessToken: tokensSchema.parse(answered('auth.refresh')).accessToken };
      case 'auth.revokeSession':
        return { sessionId: sessionsSchema.parse(answered('auth.sessions'))[0]?.sessionId };
      default:
        return undefined;
    }
  }

  async #firstItem(path: string, message: object): Promise<unknown> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}${path}?connectionParams=1`);
    const params = { method: 'connectionParams', data: { token: this.#accessToken } };
    try {
      return await new Promise((resolve, reject) => {
        socket.on('error', reject);
        socket.on('open', () => {
          socket.send(JSON.stringify(params));
          socket.send(JSON.stringify(message));
        });
        socket.on('message', (data) => {
          const { data: parsed } = frame.safeParse(JSON.parse(String(data)));
          if (parsed === undefined) reject(new Error(String(data)));
          else if (parsed.result.type === 'data') resolve(parsed.result.data);
        });
      });
    } finally {
      socket.terminate();
    }
  }
}
