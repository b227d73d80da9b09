import superjson, { type SuperJSONResult } from 'superjson';

const BIGINT: ['bigint'] = ['bigint'];
const NOT_PLAIN: unique symbol = Symbol('not plain');

type Json = SuperJSONResult['json'];
type Copied = Json | typeof NOT_PLAIN;

interface Found {
  /** Where bigints are, in superjson's notation. */
  values: Record<string, ['bigint']> | undefined;
  readonly objects: Set<object>;
}

/**
 * Writes what superjson's `deserialize` reads. Nearly everything the API answers is a tree of objects and arrays with
 * strings, finite numbers, booleans, null and bigints; superjson takes 20 µs and 35 kB of garbage for one trade of those,
 * a single walk 2 µs. Anything else, and a tree that holds an object twice, is left to superjson.
 *
 * The two differ in one respect: superjson also lists bigints that are equal as references to each other, which says
 * nothing, bigints being values.
 */
export function serialize(value: unknown): SuperJSONResult {
  if (typeof value !== 'object' || value === null) return superjson.serialize(value);
  const found: Found = { values: undefined, objects: new Set() };
  const json = copy(value, '', found);
  if (json === NOT_PLAIN) return superjson.serialize(value);
  return found.values === undefined ? { json } : { json, meta: { values: found.values, v: 1 } };
}

function copy(value: unknown, path: string, found: Found): Copied {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : NOT_PLAIN;
    case 'bigint':
      found.values ??= {};
      found.values[path] = BIGINT;
      return value.toString();
    case 'object':
      if (value === null) return null;
      if (found.objects.has(value)) return NOT_PLAIN;
      found.objects.add(value);
      if (Array.isArray(value)) return copyArray(value, path, found);
      return isPlainObject(value) ? copyObject(value, path, found) : NOT_PLAIN;
    default:
      return NOT_PLAIN;
  }
}

function copyArray(array: readonly unknown[], path: string, found: Found): Copied {
  const copies: Json[] = [];
  for (let index = 0; index < array.length; index += 1) {
    const item = copy(array[index], path === '' ? `${index}` : `${path}.${index}`, found);
    if (item === NOT_PLAIN) return NOT_PLAIN;
    copies.push(item);
  }
  return copies;
}

function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function copyObject(object: Readonly<Record<string, unknown>>, path: string, found: Found): Copied {
  const copies: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    if (!isPlainKey(key)) return NOT_PLAIN;
    const item = copy(object[key], path === '' ? key : `${path}.${key}`, found);
    if (item === NOT_PLAIN) return NOT_PLAIN;
    copies[key] = item;
  }
  return copies;
}

/** Keys that superjson neither escapes in a path nor refuses. */
function isPlainKey(key: string): boolean {
  // Paths here take the empty one for the root.
  if (key === '' || key === '__proto__' || key === 'constructor' || key === 'prototype') return false;
  return !key.includes('.') && !key.includes('\\');
}

/** What inputs may hold besides JSON, in superjson's names: bigints, `undefined`, NaN and the like, dates. */
const READABLE: readonly unknown[] = ['bigint', 'undefined', 'number', 'Date'];

/**
 * Reads an input that superjson's `serialize` has written. Of superjson's types only {@link READABLE} ones are taken: a
 * few bytes that ask for a typed array of any length, or for a tree without end, must not cost the server more than they
 * cost their sender.
 * @throws TypeError when the payload holds other types or is none of superjson's; it repeats nothing of the payload
 */
export function deserialize(payload: SuperJSONResult): unknown {
  try {
    const values: unknown = payload.meta?.values;
    if (values !== undefined) refuseOthers(values);
    // What has just been parsed belongs to nobody else.
    return superjson.deserialize(payload, { inPlace: true });
  } catch (cause) {
    const message = `The input is not superjson of JSON values and ${READABLE.join(', ')}`;
    throw new TypeError(message, { cause });
  }
}

/** @param values either the type of the whole, as a list of one, or such types by path */
function refuseOthers(values: unknown): void {
  const trees: readonly unknown[] =
    typeof values === 'object' && values !== null && !Array.isArray(values)
      ? Object.values(values)
      : [values];
  for (const tree of trees) {
    if (!Array.isArray(tree) || tree.length !== 1 || !READABLE.includes(tree[0])) {
      throw new TypeError('A type that no input may hold');
    }
  }
}

/** superjson on the wire: {@link serialize} writes it and {@link deserialize} reads it as superjson does. */
export const transformer = {
  input: { serialize: superjson.serialize, deserialize },
  output: { serialize, deserialize: superjson.deserialize },
};
