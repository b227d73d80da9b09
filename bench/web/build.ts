import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build as buildApp } from 'vite';
import { type Manifest, manifestSchema } from './chunks.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MANIFEST = 'manifest.json';

/** Builds the web app as `npm run build` does, into a folder of its own. @returns what it is made of */
export async function buildWeb(outDir: string): Promise<Manifest> {
  await buildApp({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true, manifest: MANIFEST },
  });
  return manifestSchema.parse(JSON.parse(await readFile(join(outDir, MANIFEST), 'utf8')));
}

/** The program of the probe, to be put into pages before their own. */
export async function buildProbe(): Promise<string> {
  const { outputFiles } = await bundle({
    entryPoints: [join(ROOT, 'bench/web/probe.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  });
  return outputFiles.map(({ text }) => text).join('\n');
}
