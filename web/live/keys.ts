/**
 * One text per value, whatever the order of its properties: the identity of a subscription's or query's input.
 * JSON.stringify alone, which TanStack Query uses, throws on the bigints that amounts are.
 */
export function stableKey(value: unknown): string {
  return JSON.stringify(value, (_property, inner: unknown) => {
    if (typeof inner === 'bigint') return { $bigint: inner.toString() };
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
