/** Characters of a line, the indent included. */
const WIDTH = 56;
const STEP = '  ';

/**
 * A value of JSON, bigints and `undefined` as it is written in TypeScript: on one line if it fits there.
 * @param before characters that are on that line already
 */
export function literal(value: unknown, indent = '', before = indent.length): string {
  const line = inline(value);
  if (before + line.length <= WIDTH || typeof value !== 'object' || value === null) return line;
  const inner = indent + STEP;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => `${inner}${literal(item, inner)},\n`);
    return `[\n${items.join('')}${indent}]`;
  }
  const properties = Object.entries(value).map(
    ([key, item]) => `${inner}${name(key)}: ${literal(item, inner)},\n`,
  );
  return `{\n${properties.join('')}${indent}}`;
}

function inline(value: unknown): string {
  if (typeof value === 'bigint') return `${grouped(value)}n`;
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const properties = Object.entries(value).map(([key, item]) => `${name(key)}: ${inline(item)}`);
  return properties.length === 0 ? '{}' : `{ ${properties.join(', ')} }`;
}

/** In threes, as long numbers are read: 500_000_000. */
const grouped = (value: bigint): string => `${value}`.replace(/\B(?=(\d{3})+$)/g, '_');

const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

const name = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key));
