import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** What is compressed already, or is too small to gain. */
const COMPRESSIBLE = /\.(js|css|html|svg|txt)$/;
const LEAST_BYTES = 1_024;

/** Writes every text of the build a second and a third time, compressed, so that the server need not do it over and over. */
export const compress = (): Plugin => ({
  name: 'compress',
  apply: 'build',
  writeBundle({ dir = '.' }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!COMPRESSIBLE.test(name)) continue;
      const file = join(dir, name);
      const text = readFileSync(file);
      if (text.length < LEAST_BYTES) continue;
      writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
      const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      writeFileSync(`${file}.br`, brotliCompressSync(text, { params: quality }));
    }
  },
});
