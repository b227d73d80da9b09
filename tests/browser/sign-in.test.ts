import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { walletAddress } from '../../shared/ids.ts';
import { launchBrowser, type OpenedPage, openPage, Site } from '../support/browser.ts';
import { shownAddress, signIn, walletButton } from '../support/page-parts.ts';

let browser: Browser;
let site: Site;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  site = await Site.open();
});
afterEach(async () => {
  await opened?.close();
  await site.close();
  expect(opened?.errors).toEqual([]);
});

async function visit(options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
  opened = await openPage(browser, site.url, options);
  return opened.page;
}

const signInButton = (page: Page) => page.getByRole('banner').getByRole('button', { name: 'Sign in' });
describe('signing in with the burner wallet', () => {
  it('shows the address, outlives a reload, and ends in every tab', async () => {
    const page = await visit();
    const address = await signIn(page);
    expect(await walletButton(page).textContent()).toBe(`Wallet ${address.slice(0, 4)}…${address.slice(-4)}`);
    expect(site.market.app.services.identity.sessions(walletAddress(address))).toHaveLength(1);

    await page.reload();
    await walletButton(page).waitFor();
    expect(await shownAddress(page)).toBe(address);
    const other = await page.context().newPage();
    await other.goto(site.url);
    await walletButton(other).waitFor();

    await walletButton(page).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await signInButton(page).waitFor();
    await signInButton(other).waitFor();
    // The page is signed out at once; the server hears of it a moment later.
    await expect.poll(() => site.market.app.services.identity.sessions(walletAddress(address))).toEqual([]);

    // It is the same wallet the next time, and the other tab hears of that too.
    expect(await signIn(page)).toBe(address);
    await walletButton(other).waitFor();
  });

  it('works from the keyboard alone', async () => {
    const page = await visit();
    await signInButton(page).focus();
    await page.keyboard.press('Enter');
    await walletButton(page).waitFor();
    // The button that takes the other one's place takes the focus over.
    await page.keyboard.press('Enter');
    const copy = page.getByRole('menuitem', { name: 'Copy address' });
    await expect.poll(() => copy.evaluate((item) => item === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await copy.waitFor({ state: 'detached' });
    await expect
      .poll(() => walletButton(page).evaluate((button) => button === document.activeElement))
      .toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await signInButton(page).waitFor();
  });

  it('says so when the session was ended elsewhere', async () => {
    const page = await visit();
    const address = walletAddress(await signIn(page));
    const { identity } = site.market.app.services;
    for (const { id } of identity.sessions(address)) identity.revoke(address, id);
    await page.getByText('the session was ended elsewhere').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await signInButton(page).waitFor();
  });

  it('fits a phone', async () => {
    const page = await visit({ viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true });
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await signInButton(page).waitFor();
    expect(await overflow()).toBe(0);
    await signIn(page);
    await walletButton(page).tap();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).waitFor();
    expect(await overflow()).toBe(0);
  });
});
