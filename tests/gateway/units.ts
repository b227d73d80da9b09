import { z } from 'zod';
import type { Message } from './json-client.ts';

/** Reads decimal text back: `units('1.5', 6)` is 1500000n. @throws when it is not plain decimal text of so many places */
export function units(text: unknown, places: number): bigint {
  const match = typeof text === 'string' ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) : null;
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (match === null || fraction.length > places) throw new RangeError(`no amount: ${String(text)}`);
  return BigInt(`${sign}${whole}${fraction.padEnd(places, '0')}`);
}

const record = z.record(z.string(), z.unknown());

/** The `data` of an item. */
export const dataOf = (message: Message): Readonly<Record<string, unknown>> => record.parse(message.data);

/** One field of the `data` of an item, which is a list. */
export const listIn = (message: Message, field: string): readonly Readonly<Record<string, unknown>>[] =>
  z.array(record).parse(dataOf(message)[field]);

/** The number of an entry in its position. */
export const seqOf = (message: Message): number => Number(String(message.id).split('-')[1]);
