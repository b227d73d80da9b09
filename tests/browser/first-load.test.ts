import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, Site } from '../support/browser.ts';
import { liveState } from '../support/page-parts.ts';

/** Of program, compressed: what a phone on a slow network has to wait for. */
const MOST_BYTES = 180_000;
/** The library that draws comes after the page; the wallet to develop with comes to developers only. */
const NOT_FIRST = /\/(chart-canvas|burner)-/;
const WEB_DIR = fileURLToPath(new URL('../../dist/web', import.meta.url));

let browser: Browser;
let site: Site;
let path: string;

beforeAll(async () => {
  browser = await launchBrowser();
  site = await Site.open();
  path = `/agent/${await site.market.createAgent('LIGHT')}`;
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

describe.each([
  ['the board', () => '/'],
  ['an agent', () => path],
])('the first load of %s', (_name, pathOf) => {
  it('is small, comes compressed, from here alone, and is kept', async () => {
    const scripts: string[] = [];
    const answers: Record<string, string>[] = [];
    const hosts = new Set<string>();
    const { page, errors, close } = await openPage(browser, 'about:blank');
    page.on('response', (response) => {
      const url = new URL(response.url());
      hosts.add(url.host);
      if (!url.pathname.startsWith('/assets/') || !url.pathname.endsWith('.js')) return;
      answers.push(response.headers());
      if (!NOT_FIRST.test(url.pathname)) scripts.push(url.pathname);
    });
    await page.goto(`${site.url}${pathOf()}`);
    await liveState(page, 'live');
    await page.waitForLoadState('networkidle');

    expect(scripts.length).toBeGreaterThan(1);
    const bytes = scripts.reduce((sum, script) => sum + compressedSize(script), 0);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
    expect([...hosts]).toEqual([new URL(site.url).host]);
    for (const headers of answers) expect(headers['cache-control']).toContain('immutable');
    const plain = answers.filter((headers) => headers['content-encoding'] === undefined);
    // Those too small to gain.
    for (const headers of plain) expect(Number(headers['content-length'])).toBeLessThan(1_024);
    await close();
    expect(errors).toEqual([]);
  });
});

it('leads to the licences of what it is made of', async () => {
  const { page, errors, close } = await openPage(browser, `${site.url}/settings`);
  const href = await page.getByRole('link', { name: 'Licences' }).getAttribute('href');
  const text = await (await fetch(new URL(href ?? '', site.url))).text();
  for (const name of ['lightweight-charts', 'react', '@trpc/client', '@dicebear/bottts-neutral']) {
    expect(text).toContain(`## ${name} - `);
  }
  await close();
  expect(errors).toEqual([]);
});

const compressedSize = (script: string): number => {
  const file = `${WEB_DIR}${script}`;
  return (statSync(`${file}.gz`, { throwIfNoEntry: false }) ?? statSync(file)).size;
};
