import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { atLeast, atMost, type Goal } from '../goals.ts';
import { median, percentile, round } from '../stats.ts';
import { busySeconds } from './devtools.ts';
import { printByPage } from './print.ts';
import type { ProbeReport } from './probe.ts';
import { PAGES, type PageName, type Site, showTape, type Visit, visit } from './site.ts';

const WARM_UP_MS = 3_000;
/** What is committed so shortly before the end may be painted after it. */
const LAST_MS = 1_000;

const commitsSchema = z.array(
  z.object({ seq: z.number(), agentId: z.string(), atMs: z.number(), figures: z.array(z.string()) }),
);
const timesSchema = z.array(z.tuple([z.string(), z.number()]));
const reportSchema: z.ZodType<ProbeReport> = z.object({
  endedMs: z.number(),
  frames: z.array(z.number()),
  longTasks: z.array(z.number()),
  rows: timesSchema,
  figures: timesSchema,
});
type Commits = z.infer<typeof commitsSchema>;

export interface FramesOptions {
  readonly seconds: number;
  readonly tradesPerSecond: number;
  /** The program of the probe. */
  readonly script: string;
}

/** Frames, long tasks and the time from a commit to its pixels, while trades come at a rate. */
export async function measureFrames(
  site: Site,
  options: FramesOptions,
): Promise<{ goals: Goal[]; result: object[] }> {
  const measured: Awaited<ReturnType<typeof measure>>[] = [];
  for (const name of PAGES) measured.push(await measure(site, name, options));
  printByPage('frames', measured);
  return {
    goals: measured.flatMap(({ page, fps, longTasks, rowP99Ms, errors }) => [
      atLeast(`${page}: frames a second`, fps, 55),
      atMost(`${page}: tasks over 50 ms`, longTasks, 0),
      atMost(`${page}: commit to pixel p99, ms`, rowP99Ms, 100),
      atMost(`${page}: errors`, errors.length, 0),
    ]),
    result: measured,
  };
}

async function measure(site: Site, name: PageName, options: FramesOptions) {
  const { path, agentIds } = site.pages[name];
  const { server } = site;
  await server.call('trade', { perSecond: options.tradesPerSecond, agentIds }, z.null());
  try {
    return await visit(site, { path, script: options.script }, (opened) =>
      watch(opened, { site, name, seconds: options.seconds }),
    );
  } finally {
    await server.call('rest', {}, z.null());
  }
}

async function watch(
  { page, devtools, errors }: Visit,
  {
    site: { server },
    name,
    seconds,
  }: { readonly site: Site; readonly name: PageName; readonly seconds: number },
) {
  await showTape(page);
  await sleep(WARM_UP_MS);
  await server.call('record', {}, z.null());
  const beganMs = z.number().parse(await page.evaluate('benchProbe.begin()'));
  const before = await busySeconds(devtools);
  const serverCores = await server.coresDuring(sleep(seconds * 1000));
  const after = await busySeconds(devtools);
  const seen = reportSchema.parse(await page.evaluate('benchProbe.report()'));
  const commits = await server.call('recorded', {}, commitsSchema);
  const tookS = (seen.endedMs - beganMs) / 1000;
  const perSecond = framesBySecond(seen.frames, beganMs, Math.floor(tookS));
  const expected = commits.filter(({ atMs }) => atMs >= beganMs && atMs <= seen.endedMs - LAST_MS);
  const rows = rowLatencies(expected, seen.rows);
  const figures = figureLatencies(commits, seen.figures);
  const share = (part: keyof typeof after): number => round((after[part] - before[part]) / tookS, 2);
  const ms = (values: readonly number[], part: number): number => round(percentile(values, part), 1);
  return {
    page: name,
    tradesPerSecond: round(expected.length / (tookS - LAST_MS / 1000), 1),
    fps: median(perSecond),
    worstFps: Math.min(...perSecond),
    longTasks: seen.longTasks.length,
    longestMs: Math.max(0, ...seen.longTasks),
    rowP50Ms: ms(rows, 0.5),
    rowP99Ms: ms(rows, 0.99),
    rowsSeen: rows.length,
    rowsExpected: expected.length,
    figureP50Ms: ms(figures, 0.5),
    figureP99Ms: ms(figures, 0.99),
    figuresSeen: figures.length,
    /** Of the page's main thread: of each second. */
    busy: share('task'),
    script: share('script'),
    style: share('style'),
    layout: share('layout'),
    serverCores: round(serverCores, 2),
    errors,
  };
}

/** How many frames began in each whole second. */
function framesBySecond(frames: readonly number[], beganMs: number, seconds: number): number[] {
  const counts = new Array<number>(seconds).fill(0);
  for (const at of frames) {
    const second = Math.floor((at - beganMs) / 1000);
    if (second >= 0 && second < seconds) counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

type Times = z.infer<typeof timesSchema>;

function rowLatencies(commits: Commits, rows: Times): number[] {
  const paintedAt = new Map(rows);
  return commits.flatMap(({ seq, atMs }) => {
    const painted = paintedAt.get(`${seq}`);
    return painted === undefined ? [] : [painted - atMs];
  });
}

/** A card shows the newest of what came since the last frame: figures that nobody saw are not missed. */
function figureLatencies(commits: Commits, figures: Times): number[] {
  const committed = new Map<string, number[]>();
  for (const { agentId, atMs, figures: titles } of commits) {
    for (const title of titles) {
      const key = `${agentId} ${title}`;
      committed.set(key, [...(committed.get(key) ?? []), atMs]);
    }
  }
  return figures.flatMap(([key, painted]) => {
    // The same value may have come up before.
    const atMs = committed.get(key)?.findLast((at) => at <= painted);
    return atMs === undefined ? [] : [painted - atMs];
  });
}
