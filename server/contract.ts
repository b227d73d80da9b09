import { createHash } from 'node:crypto';
import type { AnyTRPCRouter } from '@trpc/server';
import { wireSchemaOf } from './docs/json-schema.ts';
import { readProcedures } from './docs/procedures.ts';
import type { CatalogueEntry } from './docs/reference.ts';

export type ContractChannel = Omit<CatalogueEntry, 'description'>;

/** Hex digits of the hash that are given. */
const LENGTH = 16;

/**
 * Names what a client must have been built for to be understood and to understand: every procedure with its type and its
 * input, every channel with its delivery, its key and its messages. The order in which they are defined makes no
 * difference, and neither do descriptions. What queries and mutations answer has no schema, and is not in it.
 * @returns 16 hex digits of a SHA-256
 * @throws Error naming a procedure that is not documented
 */
export function contractOf(
  router: AnyTRPCRouter,
  channels: Readonly<Record<string, ContractChannel>>,
): string {
  const procedures = readProcedures(router).map(({ name, type, input }) => [
    name,
    { type, input: input === undefined ? null : wireSchemaOf(input) },
  ]);
  const catalogue = Object.entries(channels).map(([name, { delivery, key, message }]) => [
    name,
    { delivery, key: key ?? null, message: wireSchemaOf(message) },
  ]);
  const contract = {
    procedures: Object.fromEntries(procedures),
    channels: Object.fromEntries(catalogue),
  };
  return createHash('sha256').update(JSON.stringify(contract, sorted)).digest('hex').slice(0, LENGTH);
}

/** A replacer that writes the keys of every object in order. */
const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
