import type { AppOptions } from '../../server/app.ts';
import { UnavailableError } from '../../server/journal/executor.ts';
import type { Command } from '../../server/market/command.ts';
import { Random } from '../../server/sim/random.ts';
import { agentId, clientOrderId } from '../../shared/ids.ts';
import { tokenUnits } from '../../shared/units.ts';
import { nextTurn } from './gate.ts';
import { commandFrom, GENES_PER_COMMAND } from './random-commands.ts';
import { TestMarket } from './test-app.ts';
import { wallet } from './wallets.ts';

/** The wallets that random commands are of. */
export const PEOPLE = ['ann', 'bob', 'cyd', 'dee', 'eve', 'fay'] as const;

/** Between one command and the next, so that seasons end and round trips do not always count as one. */
const STEP_MS = 1_500;

/** Bits of a command's third number: with all of them 0 it is about one of the oldest agents. */
const OLDEST = 7 << 12;

/** The numbers of so many sequences of commands, the same ones every time. Half of them are about the oldest agents. */
export const randomGenes = (
  commands: number,
  { sequences, seed }: { readonly sequences: number; readonly seed: number },
): Uint32Array[] => {
  const random = new Random(seed);
  const length = commands * GENES_PER_COMMAND;
  return Array.from({ length: sequences }, () =>
    Uint32Array.from({ length }, (_, index) => {
      const gene = random.below(2 ** 32);
      return index % GENES_PER_COMMAND === 2 && random.below(2) === 0 ? gene & ~OLDEST : gene;
    }),
  );
};

/** A market with agents, a vault, a season and funded wallets, so that random commands soon meet each other. */
export async function preparedMarket(options: Partial<AppOptions> = {}): Promise<TestMarket> {
  const market = await new TestMarket().open(options);
  for (const name of PEOPLE) await market.fund(name, '200');
  await market.createAgent('ONE', wallet('ann'));
  await market.createAgent('TWO', wallet('cyd'));
  await market.as(wallet('bob')).createVault({
    clientOrderId: clientOrderId('first-vault'),
    name: 'First',
    performanceFeeBps: 2_000,
  });
  await market.app.services.executor.submit({ kind: 'turn_season', season: 0, lengthMs: 60_000 });
  for (const name of PEOPLE.slice(0, 4)) {
    const { trade } = await market.buy(wallet(name), agentId('1'), '0.2');
    const tokens = tokenUnits(trade.tokens / 2n);
    await market.as(wallet(name)).stake({ clientOrderId: market.orderId(), agentId: agentId('1'), tokens });
  }
  return market;
}

export interface Part {
  readonly from: number;
  readonly to: number;
  /** Commands sent at a time. */
  readonly size: number;
}

/** Sends a part of the commands, each made for the state that the one before the group has left. */
export async function sendCommands(
  market: TestMarket,
  genes: Uint32Array,
  { from, to, size }: Part,
): Promise<void> {
  for (let start = from; start < to; start += size) {
    const indexes = Array.from({ length: Math.min(size, to - start) }, (_, index) => start + index);
    market.clock.advance(STEP_MS * indexes.length);
    await Promise.all(
      indexes.map((index) => carriedOut(market, commandFrom(genes, index, market.app.market))),
    );
  }
}

/** Sends a command, as often as it takes while the market recovers: what it has done it does not do again. */
async function carriedOut({ app }: TestMarket, command: Command): Promise<void> {
  for (;;) {
    try {
      await app.services.executor.submit(command);
      return;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      await nextTurn();
    }
  }
}
