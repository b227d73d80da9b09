import type { CDPSession } from 'playwright-core';

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
export async function heldMemory(
  devtools: CDPSession,
): Promise<{ readonly heapBytes: number; readonly nodes: number; readonly listeners: number }> {
  await devtools.send('HeapProfiler.collectGarbage');
  const metric = await metrics(devtools);
  return {
    heapBytes: metric('JSHeapUsedSize'),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
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
