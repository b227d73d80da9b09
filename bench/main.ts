import { parseArgs } from 'node:util';
import { coldstart } from './coldstart.ts';
import { engine } from './engine.ts';

/** `npm run bench -- NAME [--json]`: prints a table; with --json the last line is one JSON object. */
const benches = new Map<string, () => Promise<object>>([
  ['engine', engine],
  ['coldstart', coldstart],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const bench = benches.get(positionals[0] ?? '');
if (bench === undefined || positionals.length > 1) {
  console.error(`usage: npm run bench -- ${[...benches.keys()].join('|')} [--json]`);
  process.exitCode = 1;
} else {
  const result = await bench();
  if (values.json) console.log(JSON.stringify(result));
}
