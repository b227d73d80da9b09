import { z } from 'zod';

/** The one place that reads the environment. What the variables mean is in `.env.example`. */
const port = z.coerce.number().int().min(0).max(65_535);
const schema = z.object({
  PORT: port.default(3001),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(10),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  SIMULATE: z.enum(['on', 'off']).optional(),
  SIMULATE_TRADES_PER_SECOND: z.coerce.number().positive().max(1000).default(4),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** How long the last of the clients has to leave after SIGTERM, in milliseconds; 0 does not wait for any. */
  readonly drainMs: number;
  readonly logLevel: z.infer<typeof schema>['LOG_LEVEL'];
  readonly simulate: { readonly tradesPerSecond: number } | null;
}

/** A variable that cannot be used; the message names it and says why, in one line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the configuration. An empty variable counts as unset. @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0] ?? 'environment');
    throw new ConfigError(`${name}=${JSON.stringify(set[name])}: ${issue?.message ?? 'cannot be used'}`);
  }
  const { PORT, HOST, DATA_DIR, DRAIN_SECONDS, LOG_LEVEL, NODE_ENV, SIMULATE, SIMULATE_TRADES_PER_SECOND } =
    parsed.data;
  const simulate = SIMULATE === undefined ? NODE_ENV !== 'production' : SIMULATE === 'on';
  return {
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    drainMs: DRAIN_SECONDS * 1000,
    logLevel: LOG_LEVEL,
    simulate: simulate ? { tradesPerSecond: SIMULATE_TRADES_PER_SECOND } : null,
  };
}
