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
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'staging'],
    ['SIMULATE', 'yes'],
    ['SIMULATE_TRADES_PER_SECOND', '0'],
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
