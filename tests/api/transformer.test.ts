import fc from 'fast-check';
import superjson, { type SuperJSONResult } from 'superjson';
import { describe, expect, it } from 'vitest';
import { serialize, transformer } from '../../server/api/transformer.ts';

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
  it('reads what superjson writes', () => {
    const input = { clientOrderId: 'a', sol: 5n, at: new Date(0) };
    expect(transformer.input.deserialize(superjson.serialize(input))).toEqual(input);
  });
});
