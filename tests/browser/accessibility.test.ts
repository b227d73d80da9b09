import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeProblems } from '../support/axe.ts';
import { launchBrowser, type OpenedPage, openPage, Site } from '../support/browser.ts';
import { liveState, overflow, PHONE, signIn } from '../support/page-parts.ts';

let browser: Browser;
let site: Site;
let paths: Readonly<Record<string, string>>;

beforeAll(async () => {
  browser = await launchBrowser();
  site = await Site.open();
  const { market } = site;
  const trader = await market.fund('trader');
  const agentId = await market.createAgent('FIRST');
  const graduated = await market.createAgent('DONE');
  await market.buy(trader, agentId, '40');
  await market.sell(trader, agentId, '1000000');
  await market.buy(trader, graduated, '100');
  const { vault } = await market
    .as(trader)
    .createVault({ clientOrderId: market.orderId(), name: 'The vault' });
  await market.app.runSeasons(86_400_000);
  paths = {
    board: '/',
    agent: `/agent/${agentId}`,
    graduated: `/agent/${graduated}`,
    'an agent that is not there': '/agent/999',
    portfolio: '/portfolio',
    olympics: '/olympics',
    vaults: '/vaults',
    vault: `/vault/${vault.vaultId}`,
    activity: '/activity',
    create: '/create',
    settings: '/settings',
    nowhere: '/nowhere',
  };
}, 60_000);
afterAll(async () => {
  await browser.close();
  await site.close();
});

const SCREENS = [
  'board',
  'agent',
  'graduated',
  'an agent that is not there',
  'portfolio',
  'olympics',
  'vaults',
  'vault',
  'activity',
  'create',
  'settings',
  'nowhere',
];

async function look(page: Page, screen: string): Promise<void> {
  await page.goto(`${site.url}${paths[screen]}`);
  await liveState(page, 'live');
  await page.locator('main h1').waitFor({ state: 'attached' });
  // Whatever is asked for has come, or the page says that it has not.
  await page.locator('[role="status"][aria-label^="Loading"]').first().waitFor({ state: 'detached' });
}

describe.each([
  ['dark, signed in', { colorScheme: 'dark' as const, viewport: { width: 1600, height: 1000 } }, true],
  ['light, signed out', { colorScheme: 'light' as const, viewport: { width: 1280, height: 800 } }, false],
  ['dark, on a phone', { colorScheme: 'dark' as const, ...PHONE }, true],
  [
    'light, on a small phone',
    { colorScheme: 'light' as const, ...PHONE, viewport: { width: 320, height: 640 } },
    false,
  ],
])('the page, %s', (_name, options, signedIn) => {
  let opened: OpenedPage;
  beforeAll(async () => {
    // Without motion nothing is half faded in while it is looked at.
    opened = await openPage(browser, site.url, { reducedMotion: 'reduce', ...options });
    await liveState(opened.page, 'live');
    if (signedIn) await signIn(opened.page);
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.errors).toEqual([]);
  });

  it.each(SCREENS)('%s can be used by everybody, and fits', async (screen) => {
    await look(opened.page, screen);
    expect(await axeProblems(opened.page)).toEqual([]);
    expect(await overflow(opened.page)).toBe(0);
    expect(await opened.page.locator('h1').count()).toBe(1);
  });
});

describe('what opens over the page', () => {
  let opened: OpenedPage;
  let page: Page;
  beforeAll(async () => {
    opened = await openPage(browser, `${site.url}${paths['agent']}`, { reducedMotion: 'reduce', ...PHONE });
    ({ page } = opened);
    await liveState(page, 'live');
    await signIn(page);
  });
  afterAll(async () => {
    await opened.close();
    expect(opened.errors).toEqual([]);
  });

  it.each<[string, (shown: Page) => Promise<void>]>([
    [
      'search',
      async () => {
        await page.getByRole('button', { name: 'Search' }).tap();
        await page.getByRole('combobox', { name: /^Search/ }).fill('fir');
        await page.getByRole('option', { name: /FIRST/ }).first().waitFor();
      },
    ],
    ['the list of keys', () => page.keyboard.press('?')],
    ['the panel to trade', () => page.getByRole('button', { name: 'Buy', exact: true }).tap()],
  ])('%s can be used by everybody, keeps the focus inside and gives it back', async (_name, open) => {
    await open(page);
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await axeProblems(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('dialog') ?? null)).toBe(null);
  });

  it.each([
    ['the wallet menu', /^Wallet /],
    ['the connection', /connection details$/],
  ])('%s can be used by everybody, and closes on Escape', async (_name, name) => {
    const button = page.getByRole('button', { name });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('true');
    expect(await axeProblems(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.keyboard.press('Escape');
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('false');
  });
});
