import { base58 } from '@scure/base';
import fc from 'fast-check';
import { z } from 'zod';
import { CURVE_SUPPLY } from '../../shared/curve.ts';
import {
  agentIdSchema,
  lamportsSchema,
  mintAddressSchema,
  poolIdSchema,
  positiveLamportsSchema,
  positiveSharesSchema,
  positiveTokenUnitsSchema,
  priceSchema,
  rateSchema,
  seqSchema,
  sharesSchema,
  timeSchema,
  tokenUnitsSchema,
  vaultIdSchema,
  walletAddressSchema,
} from '../../shared/schema.ts';

const amount = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const positive = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
export const address = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => base58.encode(bytes));
const number = fc.integer({ min: 1, max: 999_999_999_999_999 }).map(String);
const seq = fc.integer({ min: 0, max: 2 ** 49 });

/** Values for the schemas that say in code what they take. */
const LEAVES = new Map<z.core.$ZodType, fc.Arbitrary<unknown>>([
  ...[lamportsSchema, tokenUnitsSchema, sharesSchema, priceSchema].map((schema) => [schema, amount] as const),
  ...[positiveLamportsSchema, positiveTokenUnitsSchema, positiveSharesSchema].map(
    (schema) => [schema, positive] as const,
  ),
  ...[walletAddressSchema, mintAddressSchema, poolIdSchema].map((schema) => [schema, address] as const),
  [agentIdSchema, number],
  [vaultIdSchema, number],
  [rateSchema, fc.bigInt({ min: 0n, max: 10n ** 60n })],
  [seqSchema, seq],
  [timeSchema, fc.integer({ min: 0, max: 2 ** 45 })],
]);

/** Values for fields of which the market knows more than their schema. */
const FIELDS = new Map<string, fc.Arbitrary<unknown>>([
  ['realTokens', fc.bigInt({ min: 0n, max: CURVE_SUPPLY })],
  ['performanceFeeBps', fc.integer({ min: 0, max: 2_000 })],
]);

/** Values that the schema takes. @throws TypeError for a kind of schema that the catalogue has not had yet */
export function valuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const known = LEAVES.get(schema);
  if (known !== undefined) return known;
  if (schema instanceof z.ZodObject) {
    const fields: [string, z.core.$ZodType][] = Object.entries(schema.shape);
    return fc.record(
      Object.fromEntries(fields.map(([name, field]) => [name, FIELDS.get(name) ?? valuesOf(field)])),
    );
  }
  if (schema instanceof z.ZodDiscriminatedUnion) return fc.oneof(...schema.options.map(valuesOf));
  if (schema instanceof z.ZodArray) return fc.array(valuesOf(schema.element), { maxLength: 4 });
  if (schema instanceof z.ZodNullable) return fc.option(valuesOf(schema.unwrap()), { freq: 2 });
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodString) return fc.string({ unit: 'binary' });
  if (schema instanceof z.ZodBigInt) return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n });
  if (schema instanceof z.ZodNumber) {
    const max = Math.min(10_000, schema.maxValue ?? 10_000);
    return fc.integer({ min: 0, max }).filter((value) => schema.safeParse(value).success);
  }
  throw new TypeError(`no values are known for ${schema._zod.def.type}`);
}
