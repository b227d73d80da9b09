import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fuzz } from './run.ts';

/**
 * `npm run fuzz -- [--attacks N] [--seed S] [--seconds MAX]`: attacks a live server. The last line is one JSON object; the
 * exit code is 0 only when everything held.
 */
const { values } = parseArgs({
  options: {
    attacks: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const whole = z.coerce.number().int().positive();
const seed = whole.optional().parse(values.seed) ?? 1 + (Date.now() % 2 ** 31);
const attacks = whole.parse(values.attacks);

process.stderr.write(`seed ${seed}, ${attacks} attacks\n`);
const report = await fuzz({
  attacks,
  seed,
  seconds: whole.optional().parse(values.seconds),
  onProgress: (text) => process.stderr.write(`${text}\n`),
});
process.stdout.write(`${JSON.stringify(report)}\n`);
if (report.verdict !== 'held') process.exitCode = 1;
