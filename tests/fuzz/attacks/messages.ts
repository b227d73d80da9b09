import type { Dice } from '../dice.ts';
import { deep, id, KEYS, large, number, string, value } from './values.ts';

/** Texts that are no messages of tRPC's WebSocket protocol, or too many of them. */

const BROKEN = [
  '',
  ' ',
  '{',
  '}',
  '[',
  ']',
  '[[',
  '{"id":',
  '{"id":1,}',
  "{'id':1}",
  '{"id":01}',
  '{"id":+1}',
  '{"id":NaN}',
  '{"id":Infinity}',
  '{"id":0x1}',
  '{"id":1n}',
  '\ufeff{}',
  'undefined',
  'nul',
  '"\\x"',
  '"\\u12"',
  '"\n"',
  '{"a":1}{"b":2}',
  '{"id":1,"method":"query"',
  '/* */{}',
  '<xml/>',
  'PING ',
  'ping',
  '"PING"',
  'PINGPING',
  ' PING',
  'PONG\n',
] as const;

export function brokenJson(dice: Dice): string {
  if (dice.chance(0.5)) return dice.pick(BROKEN);
  if (dice.chance(0.5)) return `${dice.pick(['[', '{"a":', '[{"id":'])}`.repeat(dice.between(1, 300));
  const whole = `{"id":1,"method":"query","params":{"path":"agents","input":${value(dice)}}}`;
  return whole.slice(0, dice.between(1, whole.length - 1));
}

/** JSON, but no message, or one with fields of any kind. */
export function notMessages(dice: Dice): string {
  switch (dice.below(8)) {
    case 0:
      return value(dice);
    case 1:
      return number(dice);
    case 2:
      return string(dice);
    case 3:
      return dice.chance(0.1) ? large(dice, 4_000) : deep(dice, 400);
    case 4:
      return `{"id":${id(dice)},"method":${value(dice, 1)},"params":${value(dice)}}`;
    case 5:
      return `{"id":1,"method":"query","params":{"path":${value(dice, 1)},"input":${value(dice)}}}`;
    case 6:
      return `{"id":1,"id":${id(dice)},"method":"query","method":"mutation","params":null,"params":{"path":"agents"}}`;
    default:
      return `{"__proto__":{"id":1,"method":"query"},"${dice.pick(KEYS)}":${value(dice)},"id":${id(dice)},"method":"subscription.stop"}`;
  }
}

/** Batches of sizes around and beyond the limit. Large ones are of short messages, as 16 KiB is all there is. */
export function batchText(dice: Dice, call: (dice: Dice) => string): string {
  const size = dice.pick([0, 1, 2, 63, 64, 65, 1_000]);
  const short = (): string =>
    dice.pick([
      '{"id":1}',
      '{}',
      'null',
      '[]',
      '1',
      `{"id":${dice.between(1, 99)},"method":"subscription.stop"}`.slice(0, 14).concat('}'),
    ]);
  const long = (): string => (dice.chance(0.5) ? call(dice) : short());
  const parts = Array.from({ length: size }, size > 2 ? short : long);
  if (size === 64) parts.splice(0, 8, ...Array.from({ length: 8 }, () => call(dice)));
  return `[${parts.join(',')}]`;
}

/** Connection params where calls are due. */
export const lateParams = (dice: Dice): string => paramsText(dice);

const DATA = [
  'null',
  '{}',
  '{"token":"x"}',
  '{"token":1}',
  '{"token":null}',
  '{"token":{}}',
  '{"__proto__":{"token":"x"}}',
  '{"constructor":"x"}',
  '[]',
  '["token"]',
  '"token"',
  '1',
] as const;

/** The first message of a connection that has promised its params. */
export function paramsText(dice: Dice): string {
  if (dice.chance(0.1)) return value(dice);
  if (dice.chance(0.1)) return `{"method":"connectionParams","data":{"token":${string(dice)}}}`;
  const method = dice.pick(['connectionParams', 'connectionParams', 'connectionparams', 'query']);
  const data = dice.chance(0.2) ? value(dice) : dice.pick(DATA);
  return `{"method":"${method}","data":${data}}`;
}
