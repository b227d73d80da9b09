import type { Dice } from '../dice.ts';
import { KEYS, large, value } from './values.ts';

/** What superjson's `meta` can ask for, beyond what inputs may hold. */
const TYPES = [
  '["bigint"]',
  '["Date"]',
  '["undefined"]',
  '["number"]',
  '["regexp"]',
  '["set"]',
  '["map"]',
  '["URL"]',
  '["Error"]',
  '"bigint"',
  '[["symbol","Symbol.iterator"]]',
  '[["class","Object"]]',
  '[["class","__proto__"]]',
  '[["typed-array","Float64Array"]]',
  '[["typed-array","constructor"]]',
  '[["custom","x"]]',
  '[["error",["message"]]]',
  '["set",{"0":["map"]}]',
  '["map",{"0.0":["set"]}]',
  '[{"a":["bigint"]}]',
  '[["bigint"],["bigint"]]',
  '[]',
  '[[]]',
  '{}',
  'null',
  '0',
  '"__proto__"',
  '["__proto__"]',
  '["constructor"]',
] as const;

const PATHS = [
  '',
  'a',
  'a.b',
  'a.0',
  'a\\.b',
  '0',
  'limit',
  'agentId',
  '__proto__',
  '__proto__.polluted',
  'constructor',
  'constructor.prototype',
  'constructor.prototype.polluted',
  'a.__proto__.polluted',
  'a.constructor.prototype.polluted',
  'prototype',
  'toString',
  '\\',
  '\\\\',
  '.',
  '..',
  'a..b',
  'a.'.repeat(500),
] as const;

const JSONS = [
  '{}',
  '{"a":{"b":"1"},"limit":5}',
  '{"a":["1","2"]}',
  '[]',
  '[1,2]',
  'null',
  '"x"',
  '1',
  '{"a":null}',
  '{"limit":"/(a+)+$/"}',
  '{"limit":"9e15","agentId":"/x/gggg"}',
  '{"a":[[["b"]]],"limit":[["k","v"]]}',
  '{"limit":"not a date"}',
  '{"limit":1000000000}',
] as const;

const pathText = (dice: Dice): string => JSON.stringify(dice.pick(PATHS));

function valuesOf(dice: Dice): string {
  if (dice.chance(0.3)) return dice.pick(TYPES);
  const length = dice.chance(0.02) ? 200 : dice.between(1, 4);
  return `{${Array.from({ length }, () => `${pathText(dice)}:${dice.pick(TYPES)}`).join(',')}}`;
}

/** Trees that refer to themselves, to prototypes, to what is not there, or to very much. */
function referencesOf(dice: Dice): string {
  switch (dice.below(7)) {
    case 0:
      return '{"a":["a"]}';
    case 1:
      return '{"a":["a.b","a.b.a"],"a.b":["a"]}';
    case 2:
      return '[["a","a.a","a.a.a"]]';
    case 3:
      return `{${pathText(dice)}:[${pathText(dice)},${pathText(dice)}]}`;
    case 4:
      return `{"a":[${Array.from({ length: dice.between(1, 1_500) }, (_, index) => `"k${index}"`).join(',')}]}`;
    case 5:
      return `[[${pathText(dice)}],{${pathText(dice)}:[${pathText(dice)}]}]`;
    default:
      return value(dice);
  }
}

/** A payload that superjson is to read. At most about 12 KiB. */
export function hostileSuperjson(dice: Dice): string {
  const json = dice.chance(0.05) ? large(dice, 8_000) : dice.chance(0.2) ? value(dice) : dice.pick(JSONS);
  switch (dice.below(8)) {
    case 0:
      return `{"json":${json},"meta":${value(dice)}}`;
    case 1:
      return `{"json":${json},"meta":{"values":${value(dice)}}}`;
    case 2:
      return `{"json":${json},"meta":{"referentialEqualities":${referencesOf(dice)},"v":1}}`;
    case 3:
      return `{"json":${json},"meta":{"values":${valuesOf(dice)},"referentialEqualities":${referencesOf(dice)}}}`;
    case 4:
      return dice.pick(['null', '1', '"json"', '[]', '{}', `{"${dice.pick(KEYS)}":1}`, value(dice)]);
    case 5:
      return `{"json":{"limit":"${'9'.repeat(dice.between(1, 8_000))}"},"meta":{"values":{"limit":["bigint"]}}}`;
    default:
      return `{"json":${json},"meta":{"values":${valuesOf(dice)}${dice.pick(['', ',"v":1', ',"v":2', ',"v":"x"', ',"v":null'])}}}`;
  }
}
