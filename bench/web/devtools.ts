import type { CDPSession } from 'playwright-core';
import { z } from 'zod';

/** Seconds that the page's main thread has spent since it was opened, in all and on what. */
export async function busySeconds(devtools: CDPSession): Promise<{
  readonly task: number;
  readonly script: number;
  readonly style: number;
  readonly layout: number;
}> {
  const metric = await metrics(devtools);
  return {
    task: metric('TaskDuration'),
    script: metric('ScriptDuration'),
    style: metric('RecalcStyleDuration'),
    layout: metric('LayoutDuration'),
  };
}

/** What a page holds once garbage has been collected. */
export interface Memory {
  readonly heapBytes: number;
  /** Of them what the engine has compiled: it goes on compiling for minutes, whatever the page does. */
  readonly codeBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

export async function heldMemory(devtools: CDPSession): Promise<Memory> {
  await devtools.send('HeapProfiler.collectGarbage');
  const metric = await metrics(devtools);
  return {
    heapBytes: metric('JSHeapUsedSize'),
    codeBytes: await compiledBytes(devtools),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
}

/** What is needed of a heap snapshot: a row of numbers for each node, and what they mean. */
const heapSnapshot = z.object({
  snapshot: z.object({
    meta: z.object({
      node_fields: z.array(z.string()),
      node_types: z.tuple([z.array(z.string())], z.unknown()),
    }),
  }),
  nodes: z.array(z.number()),
});

async function compiledBytes(devtools: CDPSession): Promise<number> {
  const chunks: string[] = [];
  const take = ({ chunk }: { readonly chunk: string }): void => {
    chunks.push(chunk);
  };
  devtools.on('HeapProfiler.addHeapSnapshotChunk', take);
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  devtools.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { snapshot, nodes } = heapSnapshot.parse(JSON.parse(chunks.join('')));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const code = types[0].indexOf('code');
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += fields.length) {
    if (nodes[node + type] === code) bytes += nodes[node + size] ?? 0;
  }
  return bytes;
}

/** @throws when asked for one that there is not */
async function metrics(devtools: CDPSession): Promise<(name: string) => number> {
  await devtools.send('Performance.enable', { timeDomain: 'timeTicks' });
  const { metrics: found } = await devtools.send('Performance.getMetrics');
  const values = new Map(found.map(({ name, value }) => [name, value]));
  return (name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`the browser does not know ${name}`);
    return value;
  };
}
