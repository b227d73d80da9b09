import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { compress } from './scripts/compress.ts';
import { preloadFonts } from './scripts/preload-fonts.ts';
import { appRouter } from './server/api/router.ts';
import { contractOf } from './server/contract.ts';
import { channels } from './shared/channels.ts';

const here = import.meta.dirname;
const api = 'http://localhost:3001';

export default defineConfig({
  root: `${here}/web`,
  plugins: [react(), preloadFonts(), compress()],
  // The server is built from the same files, so a page says what the server that came with it expects.
  define: { __CONTRACT__: JSON.stringify(contractOf(appRouter, channels)) },
  build: {
    outDir: `${here}/dist/web`,
    emptyOutDir: true,
    // Of every package that is in the page; its settings lead there.
    license: { fileName: 'licenses.txt' },
  },
  server: {
    // Queries and mutations over HTTP and subscriptions over WebSocket share the first path.
    proxy: { '/trpc': { target: api, ws: true }, '/ws': { target: api, ws: true }, '/docs': api },
  },
  test: {
    // The tests lie beside web/, not inside it.
    root: here,
    include: ['tests/**/*.test.{ts,tsx}'],
    environment: 'node',
    pool: 'forks',
    // Integration and browser tests start servers of their own; more at a time makes them late rather than fast.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One second, the default, is short beside a busy machine.
    expect: { poll: { timeout: 10_000 } },
  },
});
