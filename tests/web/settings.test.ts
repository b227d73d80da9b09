import { describe, expect, it } from 'vitest';
import { deviceName } from '../../web/settings/device-name.ts';
import { bpsText, readPercent, readSol } from '../../web/settings/readings.ts';
import { DEFAULT_SETTINGS, isSolText, parseSettings, type Settings } from '../../web/settings/settings.ts';

const fine = <T>(value: T) => ({ kind: 'fine', value });
const OTHER: Settings = {
  theme: 'light',
  sound: true,
  slippageBps: 250,
  impactWarningBps: 1_000,
  buyPresets: ['0.25', '2', '3.5', '100'],
  quickBuy: '0.75',
};

describe('settings that were stored', () => {
  it('are read as they were written', () => {
    expect(parseSettings(JSON.parse(JSON.stringify(OTHER)))).toEqual(OTHER);
  });

  it.each([undefined, null, 3, 'text', [], {}])('are the defaults when they are none (%j)', (stored) => {
    expect(parseSettings(stored)).toEqual(DEFAULT_SETTINGS);
  });

  it.each([
    ['theme', 'pink'],
    ['sound', 'yes'],
    ['slippageBps', 0],
    ['slippageBps', 5_001],
    ['slippageBps', 1.5],
    ['slippageBps', '100'],
    ['impactWarningBps', -1],
    ['impactWarningBps', null],
    ['buyPresets', ['1', '2', '3']],
    ['buyPresets', ['1', '2', '3', '-4']],
    ['buyPresets', ['1', '2', '3', 4]],
    ['quickBuy', '0'],
    ['quickBuy', '1e3'],
    ['quickBuy', 1],
  ] as const)('lose no more than the one that is damaged (%s: %j)', (name, damaged) => {
    expect(parseSettings({ ...OTHER, [name]: damaged })).toEqual({
      ...OTHER,
      [name]: DEFAULT_SETTINGS[name],
    });
  });
});

describe('a percentage that is typed', () => {
  it.each([
    ['1', 100],
    ['0.5', 50],
    ['0,5', 50],
    ['.01', 1],
    ['50', 5_000],
    [' 2.50 ', 250],
  ])('%j is read', (text, bps) => {
    expect(readPercent(text)).toEqual(fine(bps));
    expect(readPercent(bpsText(bps))).toEqual(fine(bps));
  });

  it.each([
    ['', /Enter/],
    ['0', /more than 0/],
    ['0.00', /more than 0/],
    ['50.01', /At most 50 %/],
    ['0.001', /At most 2 decimals/],
    ['-1', /^Not a number/],
    ['one', /^Not a number/],
    ['1,000', /comma/],
  ])('%j is refused in words', (text, why) => {
    expect(readPercent(text)).toMatchObject({ kind: 'wrong', why: expect.stringMatching(why) });
  });
});

describe('an amount of SOL that is typed', () => {
  it.each([
    ['1', '1'],
    ['0,50', '0.5'],
    ['1,204.50', '1204.5'],
    ['.000000001', '0.000000001'],
    ['999999999', '999999999'],
  ])('%j is stored as %j, which can be read again', (text, stored) => {
    expect(readSol(text)).toEqual(fine(stored));
    expect(isSolText(stored)).toBe(true);
  });

  it.each([
    ['', /Enter/],
    ['0', /more than 0/],
    ['0.0000000001', /At most 9 decimals/],
    ['1000000000', /more SOL than there is/],
    ['99999999999999999999', /^More than there can be/],
    ['1 SOL', /^Not a number/],
  ])('%j is refused in words', (text, why) => {
    expect(readSol(text)).toMatchObject({ kind: 'wrong', why: expect.stringMatching(why) });
  });
});

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    'Chrome on Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
    'Edge on Windows',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  ['node', 'node'],
  ['', 'Unknown device'],
  ['x'.repeat(60), `${'x'.repeat(40)}…`],
])('a device that says %j is called %j', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});
