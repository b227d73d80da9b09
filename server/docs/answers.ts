import type { SuperJSONResult } from 'superjson';
import { z } from 'zod';
import recorded from './answers.json' with { type: 'json' };

const payload = z.custom<SuperJSONResult>(
  (value) => typeof value === 'object' && value !== null && 'json' in value,
);

/**
 * What the examples were answered, and the first items of the subscriptions, as they went over the wire. Recorded by
 * `npx vitest run tests/docs -u`, with the inputs that were made of earlier ones (`inputs.json`); without the `-u` the tests
 * compare.
 */
export const ANSWERS: ReadonlyMap<string, SuperJSONResult> = new Map(
  Object.entries(z.record(z.string(), payload).parse(recorded)),
);
