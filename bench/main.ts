import { parseArgs } from 'node:util';
import { coldstart } from './coldstart.ts';
import { engine } from './engine.ts';
import { fanout } from './fanout.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { mutations } from './mutations.ts';
import { type BenchOptions, webOptionsSchema } from './options.ts';
import { storm } from './storm.ts';
import { web } from './web.ts';

/**
 * `npm run bench -- NAME [--json] [--quick]`: prints tables; with --json the last line is one JSON object. `web` takes
 * `--only load|frames|memory`, `--seconds`, `--minutes` and `--rate`.
 */
const benches = new Map<string, (options: BenchOptions) => Promise<object>>([
  ['engine', engine],
  ['coldstart', coldstart],
  ['fanout', fanout],
  ['latency', latency],
  ['memory', memory],
  ['storm', storm],
  ['mutations', mutations],
  ['web', web],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    entries: { type: 'boolean', default: false },
    only: { type: 'string' },
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    rate: { type: 'string' },
  },
});
const bench = benches.get(positionals[0] ?? '');
const webOptions = webOptionsSchema.safeParse(values);
if (bench === undefined || positionals.length > 1 || !webOptions.success) {
  console.error(`usage: npm run bench -- ${[...benches.keys()].join('|')} [--json] [--quick] [--entries]`);
  console.error('  of web: [--only load|frames|memory] [--seconds N] [--minutes N] [--rate N]');
  process.exitCode = 1;
} else {
  const result = await bench({
    quick: values.quick,
    entries: values.entries,
    web: webOptions.data,
  });
  if (values.json) console.log(JSON.stringify(result));
}
