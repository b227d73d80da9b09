import { z } from 'zod';
import { type WalletAddress, walletAddress } from '../shared/ids.ts';
import { LAMPORTS_PER_SOL, type Lamports, lamports, sol } from '../shared/units.ts';
import { limitVariables, ratesOf, serverLimitsOf } from './config-limits.ts';
import { parseOrigin } from './guards/origins.ts';
import type { RateSettings } from './guards/rate-limits.ts';
import { weaknessOf } from './identity/secret.ts';
import type { ServerLimits } from './server-limits.ts';

/** Of a season, unless SEASON_SECONDS says otherwise: a day, and with simulated traders a minute. */
const SEASON_SECONDS = { live: 86_400, simulated: 60 };

/** Where Vite serves the page while it is worked on; it passes the API on. */
const DEVELOPMENT_PAGES = ['http://localhost:5173', 'http://127.0.0.1:5173'];

/** A text that another function reads. */
const readBy = <T>(read: (text: string) => T) =>
  z.string().transform((text, { addIssue }): T => {
    try {
      return read(text);
    } catch (error) {
      addIssue(error instanceof Error ? error.message : 'cannot be read');
      return z.NEVER;
    }
  });
/** Separated by commas. */
const listBy = <T>(read: (text: string) => T) =>
  readBy((text) => text.split(',').map((item) => read(item.trim())));

/** The one place that reads the environment. What the variables mean is in `.env.example`. */
const port = z.coerce.number().int().min(0).max(65_535);
const schema = z.object({
  PORT: port.default(3001),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(10),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  // So that seasons end at the same times every day.
  SEASON_SECONDS: z.coerce
    .number()
    .int()
    .min(10)
    .max(366 * 86_400)
    .refine((seconds) => 86_400 % seconds === 0 || seconds % 86_400 === 0, {
      error: 'must divide a day, or be whole days',
    })
    .optional(),
  WHALE_SOL: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/, { error: 'must be a number of SOL such as 2.5' })
    .transform(sol)
    .default(lamports(LAMPORTS_PER_SOL)),
  PUBLIC_URL: readBy(parseOrigin).optional(),
  ALLOWED_ORIGINS: listBy(parseOrigin).default([]),
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
  SESSION_SECRET: z.string().optional(),
  OPERATORS: listBy(walletAddress).default([]),
  FAUCET: z.enum(['on', 'off']).optional(),
  ...limitVariables,
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
  /** Length of an olympics season, ms. */
  readonly seasonMs: number;
  /** The least SOL that makes a trade worth telling everybody. */
  readonly whaleSol: Lamports;
  readonly simulate: { readonly tradesPerSecond: number } | null;
  /** The origin that people open the site at; `undefined` is the port on localhost. */
  readonly publicUrl: string | undefined;
  /** Further origins whose pages may come. */
  readonly origins: readonly string[];
  readonly proxyHops: number;
  /** `undefined`: one of its own, kept in the data directory. */
  readonly sessionSecret: string | undefined;
  readonly operators: readonly WalletAddress[];
  readonly faucet: boolean;
  readonly limits: ServerLimits;
  readonly rates: RateSettings;
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
  const { data } = parsed;
  const production = data.NODE_ENV === 'production';
  const weakness = data.SESSION_SECRET === undefined ? undefined : weaknessOf(data.SESSION_SECRET);
  // The secret itself is not repeated.
  if (weakness !== undefined && production) throw new ConfigError(`SESSION_SECRET: it ${weakness}`);
  const simulate = data.SIMULATE === undefined ? !production : data.SIMULATE === 'on';
  const seasonSeconds = data.SEASON_SECONDS ?? (simulate ? SEASON_SECONDS.simulated : SEASON_SECONDS.live);
  return {
    port: data.PORT,
    host: data.HOST,
    dataDir: data.DATA_DIR,
    drainMs: data.DRAIN_SECONDS * 1000,
    logLevel: data.LOG_LEVEL,
    seasonMs: seasonSeconds * 1000,
    whaleSol: data.WHALE_SOL,
    simulate: simulate ? { tradesPerSecond: data.SIMULATE_TRADES_PER_SECOND } : null,
    publicUrl: data.PUBLIC_URL,
    origins: [...data.ALLOWED_ORIGINS, ...(production ? [] : DEVELOPMENT_PAGES)],
    proxyHops: data.TRUSTED_PROXY_HOPS,
    sessionSecret: data.SESSION_SECRET,
    operators: data.OPERATORS,
    faucet: data.FAUCET === undefined ? !production : data.FAUCET === 'on',
    limits: serverLimitsOf(data),
    rates: ratesOf(data),
  };
}
