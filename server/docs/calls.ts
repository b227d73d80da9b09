import type { SuperJSONResult } from 'superjson';
import { transformer } from '../api/transformer.ts';
import { literal } from './literal.ts';
import type { Procedure } from './procedures.ts';

/** How a procedure is called without a tRPC client. */
export type WireCall =
  | { readonly method: 'GET'; readonly path: string }
  | { readonly method: 'POST'; readonly path: string; readonly body: SuperJSONResult | undefined }
  | { readonly path: string; readonly message: SubscribeMessage };

interface SubscribeMessage {
  readonly id: number;
  readonly method: 'subscription';
  readonly params: { readonly path: string; readonly input?: SuperJSONResult };
}

type Named = Pick<Procedure, 'name' | 'type'>;

const API_PATH = '/trpc';

/** An input as it goes over the wire; `undefined` when there is none. */
export const wireInput = (input: unknown): SuperJSONResult | undefined =>
  input === undefined ? undefined : transformer.input.serialize(input);

export function wireCall({ name, type }: Named, input: unknown): WireCall {
  const body = wireInput(input);
  switch (type) {
    case 'query': {
      const query = body === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(body))}`;
      return { method: 'GET', path: `${API_PATH}/${name}${query}` };
    }
    case 'mutation':
      return { method: 'POST', path: `${API_PATH}/${name}`, body };
    case 'subscription':
      return {
        path: API_PATH,
        message: {
          id: 1,
          method: 'subscription',
          params: { path: name, ...(body === undefined ? {} : { input: body }) },
        },
      };
    default:
      return type satisfies never;
  }
}

/** What a subscription's channel is like, as its consumer must know it. */
export interface Consumed {
  readonly channel: string;
  readonly delivery: 'every' | 'latest';
  /** Properties of the snapshot, beside its type and reason. */
  readonly snapshot: readonly string[];
}

/** A call of the typed client (`shared/client`). */
export function typescriptCall({ name, type }: Named, input: unknown, consumed?: Consumed): string {
  if (type !== 'subscription') {
    // What the last part of `auth.sessions` gives is called sessions.
    const result = type === 'query' ? name.split('.').at(-1) : 'result';
    const call = `const ${result} = await client.${name}.${type === 'query' ? 'query' : 'mutate'}(`;
    return `${call}${input === undefined ? '' : literal(input, '', call.length)});`;
  }
  if (consumed === undefined) throw new Error(`${name} does not say which channel it reads`);
  const { channel, delivery, snapshot } = consumed;
  const { consume, method, parameter, comment } = CONSUMERS[delivery];
  return `client.${name}.subscribe(
  ${literal(input, '  ')},
  {
    onData: ${consume}<'${channel}'>({
      snapshot({ ${snapshot.join(', ')} }) {
        // Replace your view.
      },
      ${method}(${parameter}) {
        // ${comment}
      },
    }),
  },
);`;
}

const CONSUMERS = {
  every: { consume: 'consumeEvery', method: 'event', parameter: 'event', comment: 'Fold it in.' },
  latest: {
    consume: 'consumeLatest',
    method: 'latest',
    parameter: 'value',
    comment: 'It replaces the one before.',
  },
} as const;
