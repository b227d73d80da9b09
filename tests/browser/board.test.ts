import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WalletAddress } from '../../shared/ids.ts';
import { launchBrowser, type OpenedPage, openPage, Site } from '../support/browser.ts';

let browser: Browser;
let site: Site;
let trader: WalletAddress;
let opened: OpenedPage[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  opened = [];
  site = await Site.open();
  trader = await site.market.fund('trader');
});
afterEach(async () => {
  for (const { close } of opened) await close();
  await site.close();
  for (const { errors } of opened) expect(errors).toEqual([]);
});

async function visit(path = '/', options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
  const one = await openPage(browser, `${site.url}${path}`, options);
  opened.push(one);
  await liveState(one.page, 'Live');
  return one.page;
}

const liveState = (page: Page, word: string): Promise<void> =>
  page.locator('.live', { hasText: word }).waitFor();
const row = (page: Page, symbol: string) => page.locator('.agent-row', { hasText: symbol });
const priceIn = (page: Page, symbol: string) => row(page, symbol).locator('.col-price .figure').first();

/** The seqs of the trades on the page's tape, newest first. */
const tape = (page: Page): Promise<(string | undefined)[]> =>
  page.locator('.tape-row').evaluateAll((rows) => rows.map((element) => element.dataset['seq']));

describe('the board', () => {
  it('shows an agent that is created, a trade and the price it makes, without a reload', async () => {
    const page = await visit();
    await page.getByText('No agents yet').waitFor();
    await page.getByText('No trades yet').waitFor();

    const agentId = await site.market.createAgent('ORCL');
    await row(page, 'ORCL').waitFor();
    const before = await priceIn(page, 'ORCL').textContent();

    const { trade } = await site.market.buy(trader, agentId, '2');
    await page.locator(`.tape-row[data-seq="${trade.seq}"]`, { hasText: 'ORCL' }).waitFor();
    await expect.poll(() => priceIn(page, 'ORCL').textContent()).not.toBe(before);
    await expect.poll(() => page.locator('.tape-row .tape-sol').first().textContent()).toMatch(/^\+1\.97/);

    const { trade: sale } = await site.market.sell(trader, agentId);
    await expect.poll(() => tape(page)).toEqual([`${sale.seq}`, `${trade.seq}`]);
    await expect.poll(() => page.locator('.tape-row .tape-sol').first().textContent()).toMatch(/^−/);
  });

  it('holds the tape under the pointer, counts what waits and catches up at once', async () => {
    const agentId = await site.market.createAgent('HOLD');
    await site.market.buy(trader, agentId);
    const page = await visit();
    await expect.poll(() => tape(page)).toHaveLength(1);
    await page.locator('.tape-row').first().hover();
    await page.getByRole('button', { name: 'Paused' }).waitFor();
    for (let count = 0; count < 3; count += 1) await site.market.buy(trader, agentId);
    await page.getByRole('button', { name: '3 new' }).waitFor();
    expect(await tape(page)).toHaveLength(1);
    await page.mouse.move(10, 10);
    await expect.poll(() => tape(page)).toHaveLength(4);
  });

  it('keeps the sort and the agent in the address', async () => {
    const agentId = await site.market.createAgent('ADDR');
    await site.market.buy(trader, agentId);
    const page = await visit();
    await page.getByRole('button', { name: 'Trending' }).click();
    await row(page, 'ADDR').waitFor();
    expect(new URL(page.url()).search).toBe('?sort=trending');
    await row(page, 'ADDR').getByRole('link').click();
    await page.getByRole('heading', { name: 'ADDR' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/agent/${agentId}`);
    await page.reload();
    await page.getByRole('heading', { name: 'ADDR' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Trending', pressed: true }).waitFor();
  });
});

describe("an agent's page", () => {
  it('shows its trades, price, candles and holders live', async () => {
    const agentId = await site.market.createAgent('PAGE');
    const other = await site.market.createAgent('OTHER');
    const page = await visit(`/agent/${agentId}`);
    await page.getByRole('heading', { name: 'PAGE' }).waitFor();
    await page.getByText('The first trade draws the first candle.').waitFor();
    const price = page.locator('.agent-price .figure');
    const before = await price.textContent();

    await site.market.buy(trader, other);
    const { trade } = await site.market.buy(trader, agentId, '3');
    await expect.poll(() => tape(page)).toEqual([`${trade.seq}`]);
    await expect.poll(() => price.textContent()).not.toBe(before);
    await page.locator('.candle').first().waitFor();
    await page.locator('.holder-row').first().waitFor();
    // They come on two channels, and so perhaps in two frames.
    await expect.poll(() => page.locator('.chart-last text').textContent()).toBe(await price.textContent());
  });

  it('says so when there is no such agent', async () => {
    const page = await visit('/agent/99');
    await page.getByText('There is no agent 99.').waitFor();
    await page.getByRole('link', { name: 'All agents' }).click();
    await page.getByText('No agents yet').waitFor();
  });
});

describe('a lost connection', () => {
  it('is told, recovered from without help, and leaves no trade out or in twice', async () => {
    const agentId = await site.market.createAgent('LOST');
    const seqs: number[] = [];
    const buy = async (): Promise<void> => {
      seqs.unshift((await site.market.buy(trader, agentId, '0.01')).trade.seq);
    };
    await buy();
    const board = await visit();
    const agent = await visit(`/agent/${agentId}`);
    await buy();
    const expectTapes = async (): Promise<void> => {
      for (const page of [board, agent]) await expect.poll(() => tape(page)).toEqual(seqs.map(String));
    };
    await expectTapes();

    for (let round = 0; round < 2; round += 1) {
      const port = await site.stop();
      for (const page of [board, agent]) await liveState(page, 'Reconnecting');
      await board.getByText('Connection lost').waitFor();
      await buy();
      await buy();
      await site.start(port);
      await buy();
      for (const page of [board, agent]) await liveState(page, 'Live');
      await board.getByText(/^Caught up \d+ events? in (under )?\d+\.\d s$/).waitFor();
      await buy();
      await expectTapes();
    }
  });
});

describe('a phone', () => {
  it('has everything within its width', async () => {
    const agentId = await site.market.createAgent('NARROW1234', trader);
    await site.market.buy(trader, agentId, '40');
    const page = await visit('/', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await row(page, 'NARROW1234').waitFor();
    expect(await overflow()).toBe(0);
    await page.getByRole('button', { name: 'Trades' }).tap();
    await page.locator('.tape-row').first().waitFor();
    expect(await overflow()).toBe(0);
    await page.getByRole('link', { name: 'NARROW1234' }).first().tap();
    await page.locator('.holder-row').first().waitFor();
    await page.locator('.candle').first().waitFor();
    expect(await overflow()).toBe(0);
  });
});
