import { runInThisContext } from 'node:vm';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { transform } from 'esbuild';
import fc from 'fast-check';
import superjson from 'superjson';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appRouter } from '../../server/api/router.ts';
import { transformer } from '../../server/api/transformer.ts';
import { anchors } from '../../server/docs/anchors.ts';
import { EXAMPLE_WALLET, EXAMPLES } from '../../server/docs/examples.ts';
import { jsonSchemaOf } from '../../server/docs/json-schema.ts';
import { literal } from '../../server/docs/literal.ts';
import { readProcedures } from '../../server/docs/procedures.ts';
import { channels } from '../../shared/channels.ts';
import { isAgentId, isClientOrderId, isWalletAddress } from '../../shared/ids.ts';
import { agentIdSchema, clientOrderIdSchema, walletAddressSchema } from '../../shared/schema.ts';
import { shown, theReference } from './shown-page.ts';

const reference = theReference();
const page = shown(reference);
const inputs = new Map(readProcedures(appRouter).map(({ name, input }) => [name, input]));
const document = z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(reference)));

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addFormat('bigint', true);
ajv.addFormat('base64', /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/);
ajv.addSchema(document, 'api.json');

/** What ajv has against a value; nothing when it is as the schema at that place of the document says. */
const faultsOf = (pointer: string, value: unknown): unknown => {
  const validate = ajv.compile({ $ref: `api.json#${pointer}` });
  validate(value);
  return validate.errors ?? [];
};

describe('the example inputs', () => {
  it.each(reference.procedures)(
    'of $name is what its schema takes, as it goes over the wire',
    ({ name, example }) => {
      const input = inputs.get(name);
      if (input === undefined) {
        expect(example.input).toBeNull();
        return;
      }
      if (example.input === null) throw new Error('there is an input, but no example of one');
      expect(
        input.safeParse(transformer.input.deserialize(structuredClone(example.input))).error,
      ).toBeUndefined();
      const index = reference.procedures.findIndex((procedure) => procedure.name === name);
      expect(faultsOf(`/procedures/${index}/input`, example.input.json)).toEqual([]);
    },
  );

  it.each(reference.procedures)('of $name is what the call on the page gives', async ({ name, type }) => {
    const code = page
      .getElementById(anchors.procedure(name))
      ?.closest('article')
      ?.querySelector('figure code');
    const called = await inputOfCall(code?.textContent ?? '');
    expect(called).toEqual({ path: name, how: HOW[type], input: EXAMPLES.get(name) });
    expect(inputs.get(name)?.safeParse(called.input).error).toBeUndefined();
  });

  it.each(reference.procedures)(
    'of $name is what goes over the wire on the page',
    ({ name, example: { wire, input } }) => {
      if ('message' in wire)
        expect(wire.message.params).toEqual({ path: name, ...(input === null ? {} : { input }) });
      else if (wire.method === 'POST') expect(wire.body).toEqual(input ?? undefined);
      else {
        const query = new URL(wire.path, 'http://localhost').searchParams.get('input');
        expect(query === null ? null : JSON.parse(query)).toEqual(input);
      }
    },
  );
});

const HOW = { mutation: 'mutate', query: 'query', subscription: 'subscribe' } as const;
const callSchema = z.object({ path: z.string(), how: z.string(), input: z.unknown() });

const runnable = z.custom<(...parameters: readonly unknown[]) => Promise<void>>(
  (value) => typeof value === 'function',
);

/** Runs a call on a client that only writes down what it is asked. */
async function inputOfCall(code: string): Promise<z.infer<typeof callSchema>> {
  const calls: unknown[] = [];
  const at = (path: readonly string[]): object =>
    new Proxy(() => undefined, {
      get: (_, name) => at([...path, String(name)]),
      apply: (_, __, [input]) => calls.push({ path: path.slice(0, -1).join('.'), how: path.at(-1), input }),
    });
  const client = at([]);
  const consume = () => undefined;
  const { code: script } = await transform(`(async (client, consumeEvery, consumeLatest) => {\n${code}\n})`, {
    loader: 'ts',
  });
  await runnable.parse(runInThisContext(script))(client, consume, consume);
  const [call] = z.tuple([callSchema]).parse(calls);
  return call;
}

describe('the schemas', () => {
  it('refuse what is wrong', () => {
    const index = reference.procedures.findIndex(({ name }) => name === 'sell');
    const good = { clientOrderId: 'a', agentId: '1', tokens: '5' };
    const faults = (input: object) => faultsOf(`/procedures/${index}/input`, input);
    expect(faults(good)).toEqual([]);
    for (const bad of [
      { ...good, tokens: '0' },
      { ...good, tokens: '-5' },
      { ...good, tokens: 5 },
      { ...good, minSol: 'much' },
      { ...good, agentId: '01' },
      { ...good, clientOrderId: 'a b' },
      { agentId: '1', tokens: '5' },
    ]) {
      expect(faults(bad), JSON.stringify(bad)).not.toEqual([]);
    }
  });

  it.each([
    ['agent ids', agentIdSchema, isAgentId, '0123456789a-'],
    ['order ids', clientOrderIdSchema, isClientOrderId, 'azAZ09._:- é'],
  ] as const)('say of %s what the server says', (_, schema, accepts, alphabet) => {
    const pattern = new RegExp(jsonSchemaOf(schema).pattern ?? '$.', 'u');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 70 }),
          fc.string({ maxLength: 20 }),
        ),
        (text) => pattern.test(text) === accepts(text),
      ),
      { seed: 20_260_105, numRuns: 2_000 },
    );
  });

  it('take every address that the server takes', () => {
    const pattern = new RegExp(jsonSchemaOf(walletAddressSchema).pattern ?? '$.', 'u');
    for (const address of [EXAMPLE_WALLET, '1'.repeat(32)]) {
      expect([isWalletAddress(address), pattern.test(address)]).toEqual([true, true]);
    }
    for (const other of ['', 'O'.repeat(32), EXAMPLE_WALLET.slice(1, 20), `${EXAMPLE_WALLET}1`]) {
      expect([isWalletAddress(other), pattern.test(other)], other).toEqual([false, false]);
    }
  });
});

describe('the first items', () => {
  const subscriptions = reference.procedures.filter(({ type }) => type === 'subscription');

  it.each(subscriptions)(
    'of $name is a message of the channel that it names',
    ({ name, channel, example }) => {
      if (example.answer === null) throw new Error('nothing is recorded');
      const kind = Object.entries(channels).find(([known]) => known === channel)?.[1];
      const item = z.object({ id: z.string(), data: z.unknown() });
      const { data } = item.parse(superjson.deserialize(structuredClone(example.answer)));
      expect(kind?.message.safeParse(data).error, name).toBeUndefined();
      // And as JSON, by the schemas of the document.
      const index = reference.channels.findIndex((documented) => documented.name === channel);
      expect(faultsOf(`/channels/${index}/messages/0`, item.parse(example.answer.json).data)).toEqual([]);
    },
  );

  it('are recorded of every procedure', () => {
    expect(reference.procedures.filter(({ example }) => example.answer === null)).toEqual([]);
  });
});

describe('a literal', () => {
  it('is what it was, when it is run', () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.bigInt(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(plain.value, (value) => {
        expect(runInThisContext(`(${literal(value)})`)).toEqual(value);
      }),
      { seed: 20_260_106, numRuns: 1_000 },
    );
  });
});
