import { z } from 'zod';

/** JSON Schema, draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const atLeast = z.object({ check: z.literal('greater_than'), value: z.bigint(), inclusive: z.boolean() });
const below = z.object({ check: z.literal('less_than'), value: z.bigint(), inclusive: z.boolean() });

/**
 * A bigint goes over the wire as decimal text (superjson lists where they are beside it): `format` tells it from other
 * text. Its limits, which JSON Schema has no words for, are text too.
 */
function bigintSchema(checks: readonly z.core.$ZodCheck<never>[]): JsonSchema {
  const defs: readonly unknown[] = checks.map(({ _zod }) => _zod.def);
  const from = defs.flatMap((def) => {
    const { data } = atLeast.safeParse(def);
    return data === undefined ? [] : [data.inclusive ? data.value : data.value + 1n];
  });
  const to = defs.flatMap((def) => {
    const { data } = below.safeParse(def);
    return data === undefined ? [] : [data.inclusive ? data.value : data.value - 1n];
  });
  const minimum = from.length === 0 ? undefined : from.reduce((a, b) => (a > b ? a : b));
  const maximum = to.length === 0 ? undefined : to.reduce((a, b) => (a < b ? a : b));
  return {
    type: 'string',
    format: 'bigint',
    pattern: patternFrom(minimum),
    ...(minimum === undefined ? {} : { 'x-minimum': `${minimum}` }),
    ...(maximum === undefined ? {} : { 'x-maximum': `${maximum}` }),
  };
}

function patternFrom(minimum: bigint | undefined): string {
  if (minimum === undefined || minimum < 0n) return '^(0|-?[1-9][0-9]*)$';
  return minimum === 0n ? '^(0|[1-9][0-9]*)$' : '^[1-9][0-9]*$';
}

const PARAMS = {
  // Brands are made by transforms: what goes in is what is on the wire, both ways.
  io: 'input',
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }) => {
    const { def } = zodSchema._zod;
    if (def.type === 'bigint') Object.assign(jsonSchema, bigintSchema(def.checks ?? []));
    if (def.type === 'default' && typeof def.defaultValue === 'bigint')
      jsonSchema.default = `${def.defaultValue}`;
  },
} as const satisfies z.core.ToJSONSchemaParams;

/** One schema with everything in it. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema, ...json } = z.toJSONSchema(schema, PARAMS);
  return json;
}

/** As {@link jsonSchemaOf}, without what only people read, and with the names of required fields in order. */
export function wireSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    ...PARAMS,
    override: (context) => {
      PARAMS.override(context);
      delete context.jsonSchema.description;
      context.jsonSchema.required?.sort();
    },
  });
  return json;
}

/** Where a named schema is in the document. */
export const SCHEMAS = '#/schemas/';

/** Several schemas by name; where one is used in another, that refers to it. */
export function jsonSchemasOf(
  named: Iterable<readonly [name: string, schema: z.ZodType]>,
): ReadonlyMap<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of named) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...PARAMS, uri: (id) => `${SCHEMAS}${id}` });
  return new Map(
    Object.entries(schemas).map(([name, made]) => {
      const { $schema, $id, ...json } = made;
      return [name, json];
    }),
  );
}
