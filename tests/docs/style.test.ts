import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STYLE } from '../../server/docs/style.ts';
import { type RunningServer, startServer } from '../../server/http.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { openMarket, type TestMarket } from '../support/test-app.ts';

const WIDTHS = [360, 390, 768, 1024, 1440];

/** The custom properties of a style sheet that are a colour for each theme. */
const coloursOf = (css: string): ReadonlyMap<string, string> =>
  new Map(
    [...css.matchAll(/(--[\w-]+): (light-dark\(#\w+, #\w+\));/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

it('has the colours of the web app', () => {
  const app = coloursOf(readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8'));
  const page = coloursOf(STYLE.text);
  expect(page.size).toBeGreaterThan(6);
  for (const [name, value] of page) expect([name, value]).toEqual([name, app.get(name)]);
});

describe('in a browser', () => {
  let market: TestMarket;
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    market = await openMarket();
    server = await startServer({
      app: market.app,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      host: '127.0.0.1',
      port: 0,
      webDir: '/nonexistent',
    });
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await market.app.close();
  });

  const look = async (page: Page): Promise<{ ground: string; text: string }> =>
    page.evaluate(() => {
      const { backgroundColor: ground, color: text } = getComputedStyle(document.documentElement);
      return { ground, text };
    });

  it.each([
    ['dark', { ground: 'rgb(11, 14, 18)', text: 'rgb(232, 236, 241)' }],
    ['light', { ground: 'rgb(244, 245, 247)', text: 'rgb(16, 21, 28)' }],
  ] as const)('is %s, with its own policy and without a script', async (colorScheme, colours) => {
    const { page, errors, close } = await openPage(browser, `${server.url}/docs/api`, {
      colorScheme,
      javaScriptEnabled: false,
      viewport: { width: 1440, height: 900 },
    });
    expect(await look(page)).toEqual(colours);
    const answer = page.locator('article:has(#procedure-buy) details').last();
    expect(await answer.locator('pre').isVisible()).toBe(false);
    await answer.locator('summary').click();
    expect(await answer.locator('pre').textContent()).toContain('receipt:');
    // The icon is the web app's, which is not served here.
    expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
    await close();
  });

  it.each(WIDTHS)('fits into %i pixels', async (width) => {
    const { page, close } = await openPage(browser, `${server.url}/docs/api`, {
      viewport: { width, height: 800 },
    });
    const { needed, shown } = await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      const { scrollWidth, clientWidth } = document.documentElement;
      return { needed: scrollWidth, shown: clientWidth };
    });
    expect(needed).toBeLessThanOrEqual(shown);
    await close();
  });

  it('keeps the contents in sight on a wide screen, and one step away on a narrow one', async () => {
    const wide = await openPage(browser, `${server.url}/docs/api#refusals`, {
      viewport: { width: 1440, height: 900 },
    });
    const box = await wide.page.locator('nav.side').boundingBox();
    expect([box?.y, box?.height]).toEqual([48, 852]);
    await wide.close();
    const narrow = await openPage(browser, `${server.url}/docs/api`, {
      viewport: { width: 390, height: 844 },
    });
    expect(await narrow.page.locator('h1').boundingBox()).toMatchObject({ y: expect.closeTo(72, -1) });
    await narrow.page.locator('.to-contents').click();
    await narrow.page.waitForFunction(() => {
      const top = document.querySelector('nav.side')?.getBoundingClientRect().top ?? Infinity;
      return top < innerHeight / 2;
    });
    await narrow.close();
  });
});
