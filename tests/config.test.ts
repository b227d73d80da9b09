import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../server/config.ts';
import { DEFAULT_RATES, NO_RATES } from '../server/guards/rate-limits.ts';
import { DEFAULT_SERVER_LIMITS } from '../server/server-limits.ts';
import { wallet } from './support/wallets.ts';

function errorOf(read: () => unknown): Error {
  try {
    read();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it was read');
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      port: 3001,
      host: '127.0.0.1',
      dataDir: './data',
      drainMs: 10_000,
      logLevel: 'info',
      seasonMs: 60_000,
      whaleSol: 1_000_000_000n,
      simulate: { tradesPerSecond: 4 },
      publicUrl: undefined,
      origins: ['http://localhost:5173', 'http://127.0.0.1:5173'],
      proxyHops: 0,
      sessionSecret: undefined,
      operators: [],
      faucet: true,
      limits: DEFAULT_SERVER_LIMITS,
      rates: DEFAULT_RATES,
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(readConfig({ PORT: '', SIMULATE: '' })).toEqual(readConfig({}));
  });

  it.each([
    ['production', undefined, null],
    ['production', 'on', { tradesPerSecond: 4 }],
    ['development', 'off', null],
  ])('NODE_ENV=%s SIMULATE=%s simulates: %j', (environment, simulate, expected) => {
    expect(readConfig({ NODE_ENV: environment, SIMULATE: simulate }).simulate).toEqual(expected);
  });

  it.each([
    // Simulated traders need no day to fill a season.
    [{ SIMULATE: 'off' }, 86_400_000],
    [{ NODE_ENV: 'production' }, 86_400_000],
    [{ NODE_ENV: 'production', SIMULATE: 'on' }, 60_000],
    // Divisors of a day, and whole days.
    [{ SEASON_SECONDS: '10' }, 10_000],
    [{ SEASON_SECONDS: '3600' }, 3_600_000],
    [{ SEASON_SECONDS: '43200', SIMULATE: 'off' }, 43_200_000],
    [{ SEASON_SECONDS: '604800' }, 604_800_000],
    [{ SEASON_SECONDS: '' }, 60_000],
  ])('%j has seasons of %d ms', (env, expected) => {
    expect(readConfig(env).seasonMs).toBe(expected);
  });

  it.each([
    ['1', 1_000_000_000n],
    ['2.5', 2_500_000_000n],
    ['0', 0n],
    ['0.000000001', 1n],
    ['999999999.999999999', 999_999_999_999_999_999n],
  ])('WHALE_SOL=%s is %d lamports', (text, expected) => {
    expect(readConfig({ WHALE_SOL: text }).whaleSol).toBe(expected);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'staging'],
    ['SIMULATE', 'yes'],
    ['SIMULATE_TRADES_PER_SECOND', '0'],
    ['SEASON_SECONDS', '0'],
    ['SEASON_SECONDS', '-60'],
    ['SEASON_SECONDS', '5'],
    ['SEASON_SECONDS', '70'],
    ['SEASON_SECONDS', '90.5'],
    ['SEASON_SECONDS', '129600'],
    ['SEASON_SECONDS', 'a day'],
    // The times of its ends could not be written down.
    ['SEASON_SECONDS', '8640086400000'],
    ['WHALE_SOL', '-1'],
    ['WHALE_SOL', '1e3'],
    ['WHALE_SOL', '1.'],
    ['WHALE_SOL', '.5'],
    ['WHALE_SOL', '0.0000000001'],
    ['WHALE_SOL', '10000000000'],
    ['WHALE_SOL', 'one'],
    ['TRUSTED_PROXY_HOPS', '-1'],
    ['TRUSTED_PROXY_HOPS', '1.5'],
    ['TRUSTED_PROXY_HOPS', '11'],
    ['TRUSTED_PROXY_HOPS', 'true'],
    ['FAUCET', 'yes'],
    ['LIMIT_CONNECTIONS_PER_IP', '0'],
    ['LIMIT_CONNECTIONS_PER_IP', '-1'],
    ['LIMIT_CONNECTIONS_PER_IP', '2.5'],
    ['LIMIT_TRADES_PER_IP', '5'],
    ['LIMIT_TRADES_PER_IP', '5/0'],
    ['LIMIT_TRADES_PER_IP', '0/5'],
    ['LIMIT_TRADES_PER_IP', '5/1/1'],
    ['LIMIT_MESSAGES', '20'],
    ['LIMIT_MESSAGES', '20 burst 0'],
    ['LIMIT_MESSAGES', 'OFF'],
    // What a browser would never say, or what would let in more than is meant.
    ['PUBLIC_URL', 'agent.fun'],
    ['PUBLIC_URL', 'https://agent.fun/app'],
    ['PUBLIC_URL', 'wss://agent.fun'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'https://*.agent.fun'],
    ['ALLOWED_ORIGINS', 'null'],
    ['ALLOWED_ORIGINS', 'https://agent.fun,'],
    ['OPERATORS', 'root'],
  ])('%s=%s is refused in one line that names it', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    const { message } = errorOf(read);
    expect(message.startsWith(`${name}="${value}": `)).toBe(true);
    expect(message).not.toContain('\n');
  });

  it('takes the sites whose pages may come as browsers write them', () => {
    const config = readConfig({
      NODE_ENV: 'production',
      PUBLIC_URL: 'HTTPS://Agent.fun:443/',
      ALLOWED_ORIGINS: 'https://www.agent.fun, https://staging.agent.fun:8443',
    });
    expect(config.publicUrl).toBe('https://agent.fun');
    expect(config.origins).toEqual(['https://www.agent.fun', 'https://staging.agent.fun:8443']);
    expect(readConfig({ NODE_ENV: 'production' }).origins).toEqual([]);
  });

  it('has no operators, no simulation and no faucet in production unless it is told', () => {
    const production = { NODE_ENV: 'production' };
    expect(readConfig(production)).toMatchObject({ operators: [], simulate: null, faucet: false });
    expect(readConfig({ ...production, FAUCET: 'on' }).faucet).toBe(true);
    expect(readConfig({ FAUCET: 'off' }).faucet).toBe(false);
    const OPERATORS = `${wallet('ann')}, ${wallet('bob')}`;
    expect(readConfig({ ...production, OPERATORS }).operators).toEqual([wallet('ann'), wallet('bob')]);
  });

  it.each([['hunter2'], ['x'.repeat(64)], ['0123456789'.repeat(4)]])(
    'a secret such as %j is refused in production, and not repeated',
    (secret) => {
      const read = () => readConfig({ NODE_ENV: 'production', SESSION_SECRET: secret });
      expect(read).toThrow(ConfigError);
      expect(read).toThrow(/^SESSION_SECRET: it [^\n]+$/);
      expect(read).not.toThrow(secret);
      // Whoever tries something out may have any.
      expect(readConfig({ SESSION_SECRET: secret }).sessionSecret).toBe(secret);
    },
  );

  it('a secret that cannot be guessed is taken; without one there will be one', () => {
    const secret = 'abcdefghijklmnopqrstuvwxyz012345';
    const production = { NODE_ENV: 'production' };
    expect(readConfig({ ...production, SESSION_SECRET: secret }).sessionSecret).toBe(secret);
    expect(readConfig({ ...production, SESSION_SECRET: '' }).sessionSecret).toBeUndefined();
  });

  it('sets each limit, or turns it off', () => {
    const set = {
      LIMIT_CONNECTIONS_PER_IP: '7',
      LIMIT_CONNECTS_PER_IP: '8/9',
      LIMIT_REQUESTS_PER_IP: '10/11',
      LIMIT_MESSAGES: '12 burst 13',
      LIMIT_SUBSCRIBES: '14 burst 15',
      LIMIT_TRADES_PER_WALLET: '16/17',
      LIMIT_TRADES_PER_IP: '18/19',
      LIMIT_CREATIONS_PER_WALLET: '20/21',
      LIMIT_CREATIONS_PER_IP: '22/23',
      LIMIT_SIGN_INS_PER_IP: '24/25',
      LIMIT_FAUCET_PER_IP: '26/27',
    };
    const { limits, rates } = readConfig(set);
    expect(limits).toMatchObject({
      connectionsPerAddress: 7,
      messages: { perSecond: 12, burst: 13 },
      subscribes: { perSecond: 14, burst: 15 },
    });
    expect(rates).toEqual({
      connects: { wallet: null, address: { count: 8, seconds: 9 } },
      requests: { wallet: null, address: { count: 10, seconds: 11 } },
      trades: { wallet: { count: 16, seconds: 17 }, address: { count: 18, seconds: 19 } },
      creations: { wallet: { count: 20, seconds: 21 }, address: { count: 22, seconds: 23 } },
      sign_ins: { wallet: null, address: { count: 24, seconds: 25 } },
      faucet: { wallet: null, address: { count: 26, seconds: 27 } },
    });
    const off = readConfig(Object.fromEntries(Object.keys(set).map((name) => [name, 'off'])));
    expect(off.limits).toMatchObject({ connectionsPerAddress: null, messages: null, subscribes: null });
    expect(off.rates).toEqual(NO_RATES);
    // Still, nobody may send nonsense for ever.
    expect(off.limits.refusals.count).toBeGreaterThan(0);
    // One by itself leaves the others as they are.
    expect(readConfig({ LIMIT_TRADES_PER_IP: 'off' }).rates).toEqual({
      ...DEFAULT_RATES,
      trades: { ...DEFAULT_RATES.trades, address: null },
    });
  });

  it('is documented in .env.example, variable by variable', () => {
    const documented = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const sources = ['config', 'config-limits'].map((name) =>
      readFileSync(new URL(`../server/${name}.ts`, import.meta.url), 'utf8'),
    );
    const names = [...sources.join('\n').matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(documented).toMatch(new RegExp(`^#? ?${name}=`, 'm'));
  });
});
