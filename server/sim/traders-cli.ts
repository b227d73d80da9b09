import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readKeypair } from './keypair-file.ts';
import { RemotePlayers } from './remote-players.ts';
import { SimulatedTraders } from './traders.ts';

const STOP_WITHIN_MS = 2_000;

const arguments_ = z.object({
  url: z.url({ protocol: /^https?$/, error: '--url http://HOST:PORT is needed' }),
  rate: z.coerce.number().positive().max(1000),
  wallets: z.coerce.number().int().min(1).max(1000),
  seed: z.string().min(1),
  operator: z.string().optional(),
});

/**
 * `npm run traders -- --url http://HOST:PORT [--rate 2] [--wallets 20] [--seed TEXT] [--operator KEYPAIR.json]`: simulated
 * traders in the market of a server, each with a keypair that signs in, until they are interrupted. They get their SOL
 * from the faucet, or from an operator. The same seed makes the same wallets.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      rate: { type: 'string', default: '2' },
      wallets: { type: 'string', default: '20' },
      seed: { type: 'string', default: randomBytes(8).toString('hex') },
      operator: { type: 'string' },
    },
  });
  const parsed = arguments_.safeParse(values);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { url, rate, wallets, seed, operator } = parsed.data;
  const say = (details: object, message: string): void => console.error(message, details);
  const traders = new SimulatedTraders({
    players: new RemotePlayers({
      url,
      seed,
      operator: operator === undefined ? undefined : await readKeypair(operator),
    }),
    logger: { info: say, warn: say, error: say },
    seed: Number.parseInt(seed, 36) % 2 ** 31 || 1,
    tradesPerSecond: rate,
    runId: Date.now().toString(36),
    wallets,
  });
  traders.start();
  console.error(`${wallets} traders at ${url}, about ${rate} trades a second; seed ${seed}`);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  // What it waits for may take long, and needs nobody to see it through.
  await Promise.race([traders.stop(), delay(STOP_WITHIN_MS)]);
  process.exit();
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
