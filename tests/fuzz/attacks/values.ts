import type { Dice } from '../dice.ts';

/** Hostile values as JSON text, so that numbers and keys are possible that no parsed value has. */

export const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'hasOwnProperty',
  '__defineGetter__',
  'then',
  'catch',
  'length',
  '',
  '0',
  '-1',
  '_def',
  'call',
  'apply',
  'json',
  'meta',
  'id',
  'a.b',
  'a\\.b',
] as const;

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e308',
  '1e999',
  '-1e999',
  '5e-324',
  '9007199254740991',
  '9007199254740993',
  '-9007199254740993',
  '18446744073709551616',
  '123456789012345678901234567890',
  '4294967296',
  '2147483648',
  '1e21',
] as const;

const STRINGS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u2066',
  '👩‍👩‍👧‍👦',
  'ﷺ',
  'null',
  'undefined',
  'NaN',
  '../../../../etc/passwd',
  "' OR 1=1 --",
  '%00%2e%2e',
  '<script>alert(1)</script>',
  '-1',
  '0',
  '1e3',
  '0x10',
  '99999999999999999999',
  'a'.repeat(64),
  'a'.repeat(65),
  '\u0301'.repeat(200),
  ...KEYS,
] as const;

export const number = (dice: Dice): string =>
  dice.chance(0.05) ? '9'.repeat(dice.between(20, 400)) : dice.pick(NUMBERS);

export const plainString = (dice: Dice): string =>
  dice.chance(0.05) ? dice.word(dice.between(1, 3_000)) : dice.pick(STRINGS);

export const string = (dice: Dice): string => JSON.stringify(plainString(dice));

/** Brackets within brackets. */
export function deep(dice: Dice, most: number): string {
  const [open, close] = dice.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"__proto__":', '}'],
    ['[{"json":', '}]'],
  ]);
  const depth = dice.between(1, Math.floor(most / (open.length + close.length)));
  return `${open.repeat(depth)}0${close.repeat(depth)}`;
}

/** A tree of whatever there is, with keys twice and keys of prototypes. */
export function value(dice: Dice, depth = 3): string {
  switch (dice.below(depth > 0 ? 8 : 5)) {
    case 0:
      return number(dice);
    case 1:
      return string(dice);
    case 2:
      return dice.pick(['true', 'false']);
    case 3:
      return 'null';
    case 4:
      return dice.pick(['[]', '{}', '""', '[[]]', '{"__proto__":{"polluted":true}}']);
    case 5:
      return `[${Array.from({ length: dice.below(4) }, () => value(dice, depth - 1)).join(',')}]`;
    case 6:
      return deep(dice, 60);
    default:
      return `{${Array.from({ length: dice.below(5) }, () => `${JSON.stringify(dice.pick(KEYS))}:${value(dice, depth - 1)}`).join(',')}}`;
  }
}

/** Something long: an array, an object, a string, a number, nesting. At most so many bytes. */
export function large(dice: Dice, most: number): string {
  const size = dice.between(Math.ceil(most / 4), most);
  switch (dice.below(7)) {
    case 0:
      return deep(dice, size);
    case 1:
      return `[${'0,'.repeat(Math.max(0, Math.floor(size / 2) - 2))}0]`;
    case 2:
      return `[${'{},'.repeat(Math.max(0, Math.floor(size / 3) - 2))}{}]`;
    case 3:
      return `"${'a'.repeat(Math.max(0, size - 2))}"`;
    case 4:
      return '9'.repeat(size);
    case 5:
      // The escape takes six bytes, what it stands for three.
      return `"${'\\u2028'.repeat(Math.max(0, Math.floor((size - 2) / 6)))}"`;
    default:
      return `{${'"a":0,'.repeat(Math.max(0, Math.floor(size / 6) - 2))}"a":0}`;
  }
}

/** What may stand where an id is due, right or wrong. */
export function id(dice: Dice): string {
  if (dice.chance(0.4)) return String(dice.between(1, 40));
  return dice.pick([
    'null',
    'true',
    '{}',
    '[]',
    '[1]',
    '{"toString":1}',
    '"NaN"',
    '1e400',
    '-1',
    '-0',
    '1.5',
    '9007199254740993',
    '1e20',
    '""',
    `"${'i'.repeat(64)}"`,
    `"${'i'.repeat(65)}"`,
    `"${'i'.repeat(4_000)}"`,
    '"__proto__"',
    '"constructor"',
    '"\\u0000"',
    '"\\ud800"',
    '"1"',
  ]);
}

/** What may stand where a position is due. */
export function position(dice: Dice, epoch: string): string {
  return dice.pick([
    `${epoch}-${dice.below(400)}`,
    `${epoch}-0`,
    `${epoch}-999999999999999`,
    `${epoch}-9999999999999999999999`,
    `${epoch}--1`,
    `${epoch}-1.5`,
    `${epoch}-1e3`,
    `${epoch}-`,
    `${epoch}`,
    `${epoch}-01`,
    `${epoch}-１２`,
    ` ${epoch}-1`,
    `${epoch}-1\n`,
    `${dice.word(16)}-${dice.below(400)}`,
    `${'e'.repeat(65)}-1`,
    '-',
    '-1',
    'ἐποχή-1',
    `${epoch}\u0000-1`,
    'x'.repeat(dice.between(1, 2_000)),
    ...KEYS,
  ]);
}
