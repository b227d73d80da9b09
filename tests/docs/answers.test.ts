import { expect, it, onTestFinished, vi } from 'vitest';
import { appRouter } from '../../server/api/router.ts';
import { EXAMPLE_WALLET, EXAMPLES } from '../../server/docs/examples.ts';
import { referenceOf } from '../../server/docs/reference.ts';
import { channels } from '../../shared/channels.ts';
import { EXAMPLE_SIGNER, ExampleMarket } from './example-market.ts';

// Nonces, ids and tokens are random; here they are the same every time, whatever else is drawn between them.
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const drawn = new Map<number, number>();
  const randomBytes = (size: number): Buffer => {
    const before = drawn.get(size) ?? 0;
    drawn.set(size, before + 1);
    return crypto.createHash('shake256', { outputLength: size }).update(`${size} ${before}`).digest();
  };
  return { ...crypto, randomBytes };
});

/** Columns, as in biome.json. */
const WIDTH = 110;

/** As the formatter has it: a list of texts that fits is on one line. */
const written = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(
    /^( *(?:"[^"]*": )?)\[\n((?: *"[^"]*",?\n)+) *\](,?)$/gm,
    (lines: string, head: string, texts: string, end: string) => {
      const line = `${head}[${texts.trim().replace(/\n */g, ' ')}]${end}`;
      return line.length <= WIDTH ? line : lines;
    },
  )}\n`;

it('answers every example over the wire as the page says; "npx vitest run tests/docs -u" records anew', async () => {
  const market = await ExampleMarket.open();
  onTestFinished(() => market.close());
  const { procedures } = referenceOf({ router: appRouter, channels });
  const answers: Record<string, unknown> = {};
  const inputs: Record<string, unknown> = {};
  for (const name of EXAMPLES.keys()) {
    const procedure = procedures.find((known) => known.name === name);
    if (procedure === undefined) throw new Error(`there is no procedure ${name}`);
    const { answer, made } = await market.carryOut(procedure);
    answers[name] = answer;
    if (made !== undefined) inputs[name.replace('auth.', '')] = made;
  }
  expect(Object.keys(answers)).toHaveLength(procedures.length);
  await expect(written(inputs)).toMatchFileSnapshot('../../server/docs/inputs.json');
  await expect(written(answers)).toMatchFileSnapshot('../../server/docs/answers.json');
});

it('has the key of the example wallet', () => {
  expect(EXAMPLE_SIGNER.address).toBe(EXAMPLE_WALLET);
});
