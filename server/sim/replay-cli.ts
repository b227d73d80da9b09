import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readKeypair } from './keypair-file.ts';
import { parseRecordedTrades, type RecordedTrade } from './recorded-trades.ts';
import { replayElsewhere } from './replay-elsewhere.ts';
import { type ReplayReport, replayHere } from './replay-here.ts';

const USAGE =
  'usage: npm run replay -- FILE.csv [--speed real|max] [--url http://HOST:PORT --operator KEYPAIR.json]';

/**
 * `npm run replay`: carries out recorded trades while a subscriber follows, and compares everything with the recording;
 * against a fresh log in a temporary folder, or with `--url` against a server, whose players all sign in. The last line
 * is one JSON object; the exit code is 0 only when nothing differs.
 */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      speed: { type: 'string', default: 'max' },
      url: { type: 'string' },
      operator: { type: 'string' },
    },
  });
  const [file, ...more] = positionals;
  const { speed, url, operator } = values;
  if (file === undefined || more.length > 0) throw new Error(USAGE);
  if (speed !== 'real' && speed !== 'max') throw new Error('--speed must be real or max');
  if ((url === undefined) !== (operator === undefined)) {
    throw new Error(
      `--url and --operator go together: an operator gives the recorded wallets their SOL\n${USAGE}`,
    );
  }

  const trades = parseRecordedTrades(await readFile(file, 'utf8'));
  const started = performance.now();
  const hooks = { before: speed === 'real' ? pacer() : undefined, say: console.error };
  const report: ReplayReport =
    url === undefined || operator === undefined
      ? await replayHere(trades, hooks)
      : await replayElsewhere(trades, { url, operator: await readKeypair(operator), ...hooks });
  console.log(JSON.stringify({ ...report, ms: Math.round(performance.now() - started) }));
  return (
    report.mismatches === 0 &&
    report.duplicates === 0 &&
    report.gaps === 0 &&
    report.received === report.trades &&
    report.trades === trades.length &&
    (report.ledgerSum ?? '0') === '0'
  );
}

/** Waits as long as there was between the trades. */
function pacer(): (trade: RecordedTrade) => Promise<void> {
  let previous: number | undefined;
  return async ({ at }) => {
    if (previous !== undefined && at > previous) await delay(at - previous);
    previous = at;
  };
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
