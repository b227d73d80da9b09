import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { atMost, type Goal } from '../goals.ts';
import { round } from '../stats.ts';
import { type Manifest, type Purpose, purposesOf } from './chunks.ts';
import { type Site, visit } from './site.ts';

/** 180 kB. */
const MOST_BYTES = 180_000;
const PATHS = ['/', '/agent/1'] as const;
/** For what a page loads once it is idle. */
const AFTERWARDS_MS = 2_000;

interface Script {
  readonly file: string;
  readonly gzipBytes: number;
  /** `later`: asked for after the page was live. */
  readonly purpose: Purpose | 'later';
}

interface FirstLoad {
  readonly path: string;
  readonly liveMs: number;
  readonly scripts: readonly Script[];
}

interface Built {
  readonly webDir: string;
  readonly manifest: Manifest;
}

/** The scripts that a browser without a cache asks for until the page is live, by what gzip makes of them. */
export async function measureLoad(site: Site, built: Built): Promise<{ goals: Goal[]; result: object[] }> {
  const loads: FirstLoad[] = [];
  for (const path of PATHS) loads.push(await firstLoad(site, path, built));
  const rows = loads.map(({ path, liveMs, scripts }) => {
    const sum = (purpose: Script['purpose']): number =>
      scripts.reduce((total, script) => total + (script.purpose === purpose ? script.gzipBytes : 0), 0);
    return {
      path,
      neededBytes: sum('needed'),
      chartBytes: sum('chart'),
      laterBytes: sum('later'),
      developmentBytes: sum('development'),
      files: scripts.filter(({ purpose }) => purpose === 'needed').length,
      liveMs: round(liveMs),
    };
  });
  console.log('first load: gzipped bytes of JavaScript');
  console.table(rows);
  return {
    goals: rows.map(({ path, neededBytes }) =>
      atMost(`${path}: gzipped bytes until it is live`, neededBytes, MOST_BYTES),
    ),
    result: rows.map((row, index) => ({ ...row, scripts: loads[index]?.scripts })),
  };
}

async function firstLoad(site: Site, path: string, { webDir, manifest }: Built): Promise<FirstLoad> {
  const asked = new Set<string>();
  const purposes = purposesOf(manifest);
  const started = performance.now();
  const prepare = (page: Page): void => {
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith('.js')) asked.add(pathname.slice(1));
    });
  };
  return visit(site, { path, prepare }, async ({ page }) => {
    const liveMs = performance.now() - started;
    const early = new Set(asked);
    await page.waitForTimeout(AFTERWARDS_MS);
    const scripts = await Promise.all(
      [...asked].map(async (file): Promise<Script> => {
        const purpose = purposes.get(file) ?? 'needed';
        return {
          file,
          gzipBytes: gzipSync(await readFile(join(webDir, file))).length,
          purpose: purpose === 'needed' && !early.has(file) ? 'later' : purpose,
        };
      }),
    );
    return { path, liveMs, scripts };
  });
}
