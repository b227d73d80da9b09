import { join } from 'node:path';
import { printGoals } from './goals.ts';
import type { BenchOptions, WebOptions } from './options.ts';
import { prepareRuns } from './process/processes.ts';
import { inTemporaryDirectory } from './temporary.ts';
import { buildProbe, buildWeb } from './web/build.ts';
import { measureFrames } from './web/frames.ts';
import { measureLoad } from './web/load.ts';
import { measureMemory } from './web/memory.ts';
import { openSite, type Site } from './web/site.ts';

const TRADES_PER_SECOND = 200;
const FULL = { seconds: 20, minutes: 10 };
const QUICK = { seconds: 5, minutes: 0.5 };

/**
 * The built web app in a headless browser, at the real server: what the first visit loads, how it moves while trades come
 * in, and what it holds on to over minutes. Server, load and browser, which draws without a graphics card, share the
 * machine: the rate that was reached is part of the result.
 */
export async function web({ quick, web: chosen }: BenchOptions): Promise<object> {
  const sizes = quick ? QUICK : FULL;
  const tradesPerSecond = chosen.rate ?? TRADES_PER_SECOND;
  const inRun = await prepareRuns(['web-server']);
  return inTemporaryDirectory(async (directory) => {
    const webDir = join(directory, 'web');
    const manifest = await buildWeb(webDir);
    const script = await buildProbe();
    const measure = async (site: Site) => {
      const is = (part: WebOptions['only']): boolean => chosen.only === undefined || chosen.only === part;
      const load = is('load') ? await measureLoad(site, { webDir, manifest }) : undefined;
      const frames = is('frames')
        ? await measureFrames(site, { seconds: chosen.seconds ?? sizes.seconds, tradesPerSecond, script })
        : undefined;
      const memory = is('memory')
        ? await measureMemory(site, { minutes: chosen.minutes ?? sizes.minutes, tradesPerSecond })
        : undefined;
      return { load, frames, memory };
    };
    const { load, frames, memory } = await inRun(async (run) =>
      measure(await openSite(run, { directory: join(directory, 'data'), webDir })),
    );
    const goals = [load, frames, memory].flatMap((part) => part?.goals ?? []);
    printGoals(goals);
    return {
      bench: 'web',
      tradesPerSecond,
      load: load?.result,
      frames: frames?.result,
      memory: memory?.result,
      goals,
    };
  });
}
