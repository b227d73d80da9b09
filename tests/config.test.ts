import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../server/config.ts';

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
  ])('%s=%s is refused in one line that names it', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name}="${value}": [^\\n]+$`));
  });

  it('is documented in .env.example, variable by variable', () => {
    const documented = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const source = readFileSync(new URL('../server/config.ts', import.meta.url), 'utf8');
    const names = [...source.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(documented).toMatch(new RegExp(`^#? ?${name}=`, 'm'));
  });
});
