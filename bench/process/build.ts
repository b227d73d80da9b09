import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Git-ignored; what a bench compiles goes here. */
export const OUT = fileURLToPath(new URL('../../.cache/bench', import.meta.url));

/** The programs of bench/processes/. */
export type ProcessName =
  | 'app-server'
  | 'fanout-load'
  | 'fanout-server'
  | 'latency-load'
  | 'memory-load'
  | 'memory-server'
  | 'mutations-load'
  | 'mutations-server'
  | 'storm-load'
  | 'web-server';

/**
 * Bundles the programs as `npm run build` bundles the server: what is measured is what runs in production. Straight
 * from TypeScript every closure would cost a call to tsx's name helper, and only ours would pay for it, because
 * packages come compiled.
 */
export async function buildProcesses(names: readonly ProcessName[]): Promise<void> {
  const programs = names.map((name) => ({ in: `bench/processes/${name}.ts`, out: name }));
  await build({
    absWorkingDir: ROOT,
    entryPoints: [...programs, { in: 'server/journal/worker.ts', out: 'journal-worker' }],
    outdir: OUT,
    bundle: true,
    splitting: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
}
