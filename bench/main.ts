import { parseArgs } from 'node:util';
import { coldstart } from './coldstart.ts';
import { engine } from './engine.ts';
import { fanout } from './fanout.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { mutations } from './mutations.ts';
import type { BenchOptions } from './options.ts';
import { storm } from './storm.ts';

/** `npm run bench -- NAME [--json] [--quick]`: prints tables; with --json the last line is one JSON object. */
const benches = new Map<string, (options: BenchOptions) => Promise<object>>([
  ['engine', engine],
  ['coldstart', coldstart],
  ['fanout', fanout],
  ['latency', latency],
  ['memory', memory],
  ['storm', storm],
  ['mutations', mutations],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    entries: { type: 'boolean', default: false },
  },
});
const bench = benches.get(positionals[0] ?? '');
if (bench === undefined || positionals.length > 1) {
  console.error(`usage: npm run bench -- ${[...benches.keys()].join('|')} [--json] [--quick] [--entries]`);
  process.exitCode = 1;
} else {
  const result = await bench({ quick: values.quick, entries: values.entries });
  if (values.json) console.log(JSON.stringify(result));
}
