import fc from 'fast-check';
import superjson, { type SuperJSONResult } from 'superjson';
import { describe, expect, it } from 'vitest';
import { deserialize, serialize, transformer } from '../../server/api/transformer.ts';

const overTheWire = (written: SuperJSONResult): unknown =>
  superjson.deserialize(JSON.parse(JSON.stringify(written)));

/** Trees of what the API answers, with keys of all kinds. */
const plainTree = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.bigInt(),
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a.b', 'a\\b', '', '0', 'toJSON')), tie('tree'), {
      maxKeys: 4,
    }),
  ),
})).tree;

/** And of everything else that superjson knows. */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withSparseArray: true,
  withNullPrototype: true,
  withTypedArray: true,
});

/** What the two give, or that they refuse. */
const outcome = (write: (value: unknown) => SuperJSONResult, value: unknown): unknown => {
  try {
    return { value: overTheWire(write(value)) };
  } catch {
    return 'refused';
  }
};

function listsInEachOther(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

describe('the output transformer', () => {
  it.each([
    ['plain trees', plainTree],
    ['everything else', anything],
  ])('is read by superjson as what superjson itself writes: %s', (_, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(outcome(serialize, value)).toEqual(outcome(superjson.serialize, value));
      }),
      { seed: 20_261_122, numRuns: 5_000 },
    );
  });

  it('writes the very same where no two bigints are equal', () => {
    const message = {
      id: 'epoch-7',
      data: { sol: 1n, tokens: 2n, nested: { list: [3n, { price: 4n }], at: 5 }, none: null, text: 'x' },
    };
    expect(JSON.stringify(serialize(message))).toBe(JSON.stringify(superjson.serialize(message)));
    expect(JSON.stringify(serialize({ text: 'x' }))).toBe(JSON.stringify(superjson.serialize({ text: 'x' })));
  });

  it('says nothing of bigints that are equal', () => {
    expect(serialize({ a: 1n, b: 1n }).meta).toEqual({ values: { a: ['bigint'], b: ['bigint'] }, v: 1 });
  });

  it('leaves an object that occurs twice, and a cycle, to superjson', () => {
    const twice = { n: 1n };
    expect(serialize({ a: twice, b: twice })).toEqual(superjson.serialize({ a: twice, b: twice }));
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    expect(serialize(cycle)).toEqual(superjson.serialize(cycle));
  });

  it('leaves what is not a tree to superjson', () => {
    for (const value of [undefined, 7n, Number.NaN, -0, new Date(0), { at: new Date(0) }, [undefined]]) {
      expect(serialize(value)).toEqual(superjson.serialize(value));
    }
  });

  it('does not change what it is given', () => {
    const given = Object.freeze({ sol: 1n, list: Object.freeze([Object.freeze({ n: 2n })]) });
    expect(serialize(given).json).toEqual({ sol: '1', list: [{ n: '2' }] });
  });
});

describe('the input transformer', () => {
  const inPlace = (payload: SuperJSONResult): unknown => superjson.deserialize(payload, { inPlace: true });
  const readings = (text: string): unknown[] =>
    [deserialize, inPlace].map((read) => {
      try {
        return { value: read(JSON.parse(text)) };
      } catch {
        return 'refused';
      }
    });

  const leaves = fc.oneof(fc.bigInt(), fc.string(), fc.date(), fc.double(), fc.constant(undefined));
  const fields = fc.dictionary(fc.string(), leaves, { maxKeys: 4 });
  it.each([
    ['fields', fields],
    ['plain trees', plainTree],
    ['trees', fc.dictionary(fc.string(), fc.oneof(leaves, fields, fc.array(leaves)), { maxKeys: 4 })],
  ])('reads what superjson writes as superjson does: %s', (_, values: fc.Arbitrary<unknown>) => {
    fc.assert(
      fc.property(values, (value) => {
        let text: string;
        try {
          text = JSON.stringify(superjson.serialize(value));
        } catch {
          return;
        }
        const [ours, theirs] = readings(text);
        expect(ours).toEqual(theirs);
      }),
      { seed: 20_261_123, numRuns: 5_000 },
    );
  });

  const keys = fc.constantFrom('a', 'b', 'a.b', 'a\\.b', '', '__proto__', 'constructor', 'toString', '0');
  const kinds = fc.constantFrom<unknown>(['bigint'], ['Date'], ['undefined'], ['number']);
  const contents = fc.constantFrom<unknown>('1', '-7', '', 'x', '0x10', 1, 1.5, true, null, ['2'], {
    a: '3',
  });
  const written = fc.record(
    {
      json: fc.oneof(fc.dictionary(keys, contents, { maxKeys: 3 }), contents),
      meta: fc.oneof(
        fc.record(
          {
            values: fc.oneof(fc.dictionary(keys, kinds, { maxKeys: 3 }), kinds),
            v: fc.constantFrom<unknown>(0, 1, '1', null),
            referentialEqualities: fc.constantFrom<unknown>(undefined, {}, { a: ['b'] }, [['a']], 'a', null),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom<unknown>(null, 'meta', 7),
      ),
    },
    { requiredKeys: [] },
  );
  it('reads and refuses what nobody would write as superjson does, and touches no prototype', () => {
    fc.assert(
      fc.property(written, (payload) => {
        const [ours, theirs] = readings(JSON.stringify(payload));
        expect(ours).toEqual(theirs);
      }),
      { seed: 20_261_123, numRuns: 20_000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a typed array, as long as the sender likes', { a: [['typed-array', 'Float64Array']] }],
    ['a set', { a: ['set'] }],
    ['a map', { a: ['map'] }],
    ['a regular expression', { a: ['regexp'] }],
    ['an address', { a: ['URL'] }],
    ['an error', { a: ['Error'] }],
    ['a class', { a: [['class', 'Order']] }],
    ['a name that is no type', { a: ['toString'] }],
    ['a type within a type', { a: ['bigint', { b: ['bigint'] }] }],
    ['a type where a list of it is due', { a: 'bigint' }],
    ['a text for the whole', 'bigint'],
    ['a tree in a tree', { a: { b: ['bigint'] } }],
    ['nothing', { a: [] }],
    ['null', null],
    ['a list of lists', [['bigint']]],
  ])('refuses %s', (_, values) => {
    const text = JSON.stringify({ json: { a: 1_000_000_000 }, meta: { values, v: 1 } });
    expect(() => deserialize(JSON.parse(text))).toThrow(TypeError);
  });

  it.each<[string, unknown]>([
    ['a payload that is null', null],
    [
      'equalities of paths that lead nowhere',
      { json: {}, meta: { referentialEqualities: { 'x.y.z': ['q'] } } },
    ],
    ['a path to a prototype', { json: { a: {} }, meta: { referentialEqualities: { a: ['__proto__.x'] } } }],
    ['a long name that is no type', { json: 1, meta: { values: ['x'.repeat(15_000)] } }],
    ['7,000 lists in each other', { json: 1, meta: { values: listsInEachOther(7_000) } }],
  ])('tells what an input is, and repeats nothing of it: %s', (_, payload) => {
    const read = (): unknown => Reflect.apply(deserialize, undefined, [payload]);
    expect(read).toThrow(
      new TypeError('The input is not superjson of JSON values and bigint, undefined, number, Date'),
    );
  });

  it('is what the router reads inputs with', () => {
    expect(transformer.input.deserialize).toBe(deserialize);
  });
});
