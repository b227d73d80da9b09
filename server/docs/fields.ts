import { type JsonSchema, SCHEMAS } from './json-schema.ts';

/** A piece of what a field's type is called; `refersTo` names the schema or the unit that explains it. */
export interface TypePart {
  readonly text: string;
  readonly refersTo?: { readonly kind: 'schema' | 'unit'; readonly name: string };
}

/** A field of an object as a table shows it. What is in objects inside has the path to it: `firstBuy.sol`, `medals[].prize`. */
export interface Field {
  readonly path: string;
  readonly required: boolean;
  readonly type: readonly TypePart[];
  /** JSON, or a bigint's digits. */
  readonly standard: string | undefined;
  /** `1–100`, `≤ 64 characters`. */
  readonly bounds: string | undefined;
  /** Only what is said of the field itself: what its unit is, is said there. */
  readonly description: string | undefined;
}

/** One of several forms that an object may have, and what tells it from the others. */
export interface Variant {
  readonly when: { readonly path: string; readonly is: string } | undefined;
  readonly description: string | undefined;
  readonly fields: readonly Field[];
}

/** The fields of an object; where it has several forms, those that all of them have are in `fields`. */
export interface ObjectShape {
  readonly fields: readonly Field[];
  readonly variants: readonly Variant[];
}

/** What units mean, by title. */
export type Units = ReadonlyMap<string, string>;

/** How an object, or a union of objects, is read. */
export function shapeOf(schema: JsonSchema, units: Units): ObjectShape {
  const forms = formsOf(schema);
  if (forms === undefined) {
    return { fields: fieldsOf(schema, '', units), variants: [] };
  }
  const tables = forms.map((form) => ({ form, fields: fieldsOf(form, '', units) }));
  const [first, ...others] = tables;
  const common = (first?.fields ?? []).filter((field) =>
    others.every(({ fields }) => fields.some((other) => isSame(other, field))),
  );
  return {
    fields: common,
    variants: tables.map(({ form, fields }) => {
      const own = fields.filter((field) => !common.some((shared) => isSame(shared, field)));
      const tag = own.find(
        ({ path }) => form.properties?.[path] !== undefined && isConst(form.properties[path]),
      );
      return {
        when: tag === undefined ? undefined : { path: tag.path, is: textOf(tag.type) },
        description: form.description,
        fields: own.filter((field) => field !== tag),
      };
    }),
  };
}

/** The forms of a union of objects. */
function formsOf({ oneOf, anyOf }: JsonSchema): readonly JsonSchema[] | undefined {
  const forms = oneOf ?? anyOf;
  return forms?.every(({ properties }) => properties !== undefined) === true ? forms : undefined;
}

const isConst = (schema: JsonSchema | boolean): boolean =>
  typeof schema === 'object' && schema.const !== undefined;
const isSame = (a: Field, b: Field): boolean => JSON.stringify(a) === JSON.stringify(b);

export const textOf = (parts: readonly TypePart[]): string => parts.map(({ text }) => text).join('');

function fieldsOf(
  { properties = {}, required = [] }: JsonSchema,
  prefix: string,
  units: Units,
): readonly Field[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return [];
    const path = `${prefix}${name}`;
    const value = nonNull(property);
    const description = property.description ?? value.description;
    const field: Field = {
      path,
      required: required.includes(name),
      type: typeOf(property),
      standard: standardOf(property, value),
      // What is said in words counts what is kept; the schema's own bound counts what is sent.
      bounds: description?.includes('characters') === true ? undefined : boundsOf(value),
      description: description === units.get(value.title ?? '') ? undefined : description,
    };
    const list = itemsOf(value);
    const inner =
      list === undefined ? fieldsOf(value, `${path}.`, units) : fieldsOf(list, `${path}[].`, units);
    return [field, ...inner];
  });
}

const alternatives = ({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] => anyOf ?? oneOf ?? [];

/** What it is when it is not null. */
const nonNull = (schema: JsonSchema): JsonSchema =>
  alternatives(schema).find(({ type }) => type !== 'null') ?? schema;

const itemsOf = ({ items }: JsonSchema): JsonSchema | undefined =>
  typeof items === 'object' && !Array.isArray(items) ? items : undefined;

const OR: TypePart = { text: ' | ' };

function typeOf(schema: JsonSchema): readonly TypePart[] {
  const { $ref, type, title, format, enum: values } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice(SCHEMAS.length);
    return [{ text: name, refersTo: { kind: 'schema', name } }];
  }
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }];
  if (values !== undefined) return [{ text: values.map((value) => JSON.stringify(value)).join(' | ') }];
  const options = alternatives(schema);
  if (options.length > 0)
    return options.flatMap((option, index) => [...(index === 0 ? [] : [OR]), ...typeOf(option)]);
  const items = itemsOf(schema);
  if (items !== undefined) {
    const item = typeOf(items);
    return item.includes(OR) || items.enum !== undefined
      ? [{ text: '(' }, ...item, { text: ')[]' }]
      : [...item, { text: '[]' }];
  }
  const text = format === 'bigint' ? format : [type ?? 'any'].flat().join(' | ');
  return title === undefined
    ? [{ text }]
    : [{ text: `${text} ` }, { text: title, refersTo: { kind: 'unit', name: title } }];
}

/** The value that a field has when it is left out. */
function standardOf({ default: standard }: JsonSchema, { format }: JsonSchema): string | undefined {
  if (standard === undefined) return undefined;
  return format === 'bigint' ? `${standard}n` : JSON.stringify(standard);
}

function boundsOf(schema: JsonSchema): string | undefined {
  const { minLength, maxLength, minItems, maxItems, minimum, maximum, exclusiveMinimum } = schema;
  if (schema.format === 'bigint') {
    const least = schema['x-minimum'];
    if (least === undefined) return 'may be negative';
    return least === '0' ? undefined : `≥ ${least}`;
  }
  if (maxItems !== undefined) return `${range(minItems, maxItems)} items`;
  if (maxLength !== undefined) return `${range(minLength, maxLength)} characters`;
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return range(minimum, maximum);
  if (exclusiveMinimum !== 0) return undefined;
  return schema.type === 'integer' ? '≥ 1' : '> 0';
}

function range(least: number | undefined, most: number): string {
  const upper = most.toLocaleString('en-US');
  return least === undefined ? `≤ ${upper}` : `${least}–${upper}`;
}
