// Bundles the server. Packages stay external: they are installed beside dist/.
import { access, copyFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** What runs as a program or a thread of its own, and the name of its bundle in dist/server/. */
const ENTRIES = [
  { source: 'server/main.ts', bundle: 'main' },
  { source: 'server/journal/worker.ts', bundle: 'journal-worker' },
  { source: 'server/snapshot-worker.ts', bundle: 'snapshot-worker' },
];
/** Data that the server reads beside its bundle. */
const DATA = [{ source: 'server/sim/mainnet-trades.csv', name: 'mainnet-trades.csv' }];
const OUT = 'dist/server';

process.chdir(new URL('..', import.meta.url).pathname);

const found = await Promise.allSettled(ENTRIES.map(({ source }) => access(source)));
const missing = ENTRIES.filter((_, index) => found[index]?.status === 'rejected');
if (missing.length > 0) {
  console.error(`build-server: no such entry: ${missing.map(({ source }) => source).join(', ')}`);
  process.exit(1);
}

await rm(OUT, { recursive: true, force: true });
await build({
  entryPoints: ENTRIES.map(({ source, bundle }) => ({ in: source, out: bundle })),
  outdir: OUT,
  bundle: true,
  splitting: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'info',
}).catch(() => {
  // esbuild has already printed what is wrong and where.
  process.exitCode = 1;
});
for (const { source, name } of DATA) await copyFile(source, `${OUT}/${name}`);
