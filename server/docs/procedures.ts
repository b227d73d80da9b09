import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import type { Access } from '../api/trpc.ts';

export type ProcedureType = 'mutation' | 'query' | 'subscription';

/** A procedure as it documents itself. */
export interface Procedure {
  readonly name: string;
  readonly type: ProcedureType;
  readonly access: Access;
  readonly description: string;
  /** Of a subscription: the channel that it reads. */
  readonly channel: string | undefined;
  /** `undefined` when it takes none. */
  readonly input: z.ZodType | undefined;
}

const definition = z.object({
  type: z.enum(['mutation', 'query', 'subscription']),
  meta: z.object({
    access: z.enum(['public', 'wallet', 'operator']),
    description: z.string().min(1),
    channel: z.string().optional(),
  }),
  inputs: z.array(z.instanceof(z.ZodType)).max(1, { error: 'more than one input is not documented' }),
});

/** tRPC keeps what it knows of a procedure in a property of the function. */
const procedure = z
  .custom<object>((value) => typeof value === 'function')
  .transform((value): unknown => Reflect.get(value, '_def'))
  .pipe(definition);

/**
 * Reads the procedures out of a router, in the order in which they were defined.
 * @throws Error naming the procedure that does not say what it does and who may call it
 */
export function readProcedures(router: AnyTRPCRouter): readonly Procedure[] {
  const procedures: unknown = router._def.procedures;
  return Object.entries(z.record(z.string(), z.unknown()).parse(procedures)).map(([name, value]) => {
    const { data, error } = procedure.safeParse(value);
    if (data === undefined) throw new Error(`${name} is not documented: ${z.prettifyError(error)}`);
    const { type, meta, inputs } = data;
    return { name, type, ...meta, channel: meta.channel, input: inputs[0] };
  });
}
