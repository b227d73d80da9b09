import type { Dice } from '../dice.ts';
import type { Field, Fields, Method } from './catalogue.ts';
import { id, KEYS, string, value } from './values.ts';

/** superjson of these fields: what a client of ours would send. */
export function superjsonOf(fields: Fields): string {
  const entries = Object.entries(fields);
  const json = entries.map(([name, { json: text }]) => `${JSON.stringify(name)}:${text}`).join(',');
  const types = entries
    .filter(([, { type }]) => type !== undefined)
    .map(([name, { type }]) => `${JSON.stringify(name)}:["${type}"]`);
  return types.length === 0
    ? `{"json":{${json}}}`
    : `{"json":{${json}},"meta":{"values":{${types.join(',')}}}}`;
}

/** The same with one thing wrong. */
export function spoiled(fields: Fields, dice: Dice): string {
  const names = Object.keys(fields);
  const name = names.length === 0 ? dice.pick(KEYS) : dice.pick(names);
  const { [name]: field, ...rest } = fields;
  switch (dice.below(6)) {
    case 0:
      return superjsonOf({ ...rest, [name]: { json: value(dice) } });
    case 1:
      // The type stays, so that superjson is to make something of it.
      return superjsonOf({ ...rest, [name]: typed(field, dice) });
    case 2:
      return superjsonOf(rest);
    case 3:
      return superjsonOf({ ...fields, [dice.pick(KEYS)]: { json: value(dice) } });
    case 4:
      return `{"json":${value(dice)}}`;
    default:
      // The same name twice: the last one counts.
      return superjsonOf(fields).replace('{"json":{', `{"json":{${JSON.stringify(name)}:${value(dice)},`);
  }
}

const AMOUNTS = [
  '"0"',
  '"-1"',
  '"9223372036854775807"',
  '"9223372036854775808"',
  '"18446744073709551616"',
  `"${'9'.repeat(300)}"`,
  `"${'9'.repeat(6_000)}"`,
  '"0x7fffffffffffffff"',
  '"0b1"',
  '" 12 "',
  '""',
  '"1n"',
  '"1e9"',
  '"1.5"',
  '1',
  '1.5',
  '1e300',
  'null',
  'true',
  '[]',
  '["1"]',
  '{}',
  '{"toString":1}',
] as const;

function typed(field: Field | undefined, dice: Dice): Field {
  if (field?.type === undefined) return { json: dice.chance(0.5) ? string(dice) : dice.pick(AMOUNTS) };
  return { json: dice.pick(AMOUNTS), type: field.type };
}

export interface CallText {
  readonly id?: string;
  readonly method: Method;
  readonly path: string;
  /** JSON; left out when it is not given. */
  readonly input?: string | undefined;
  readonly lastEventId?: string | undefined;
}

/** A message of tRPC's WebSocket protocol. */
export function callText(dice: Dice, call: CallText): string {
  const { id: own = String(dice.between(1, 1_000)), method, path, input, lastEventId } = call;
  const parts = [`"path":${JSON.stringify(path)}`];
  if (input !== undefined) parts.push(`"input":${input}`);
  if (lastEventId !== undefined) parts.push(`"lastEventId":${JSON.stringify(lastEventId)}`);
  const version = dice.chance(0.1) ? '"jsonrpc":"2.0",' : '';
  return `{"id":${own},${version}"method":"${method}","params":{${parts.join(',')}}}`;
}

/** With an id that may be none. */
export const hostileIdCall = (dice: Dice, call: CallText): string =>
  callText(dice, { ...call, id: id(dice) });
