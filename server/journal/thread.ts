import { Worker } from 'node:worker_threads';

export interface ThreadOptions {
  readonly name: string;
  /** Its entry point when the program runs from the sources, and when it runs from the build. */
  readonly source: URL;
  readonly built: URL;
  readonly workerData: unknown;
}

/** Starts a worker thread: from TypeScript in development and tests, from the file beside the bundle otherwise. */
export function startThread({ name, source, built, workerData }: ThreadOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(built, { name, workerData });
  // A thread does not take over its parent's loader, so it first registers one of its own.
  const script = `
    require('node:module').register('tsx/esm', ${JSON.stringify(import.meta.url)}, { data: true });
    import(${JSON.stringify(source.href)});`;
  return new Worker(script, { name, workerData, eval: true });
}
