import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WalletAddress } from '../../shared/ids.ts';
import { BrowserWorld } from '../support/browser-world.ts';
import { liveState, overflow, PHONE, tapeSeqs } from '../support/page-parts.ts';

const world = BrowserWorld.forEachTest();
let trader: WalletAddress;
beforeEach(async () => {
  trader = await world.site.market.fund('trader');
});

const WIDE = { viewport: { width: 1600, height: 1000 } };
const column = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const card = (page: Page, symbol: string, within = 'New') =>
  column(page, within).locator('.agent-card', { hasText: symbol });
const priceIn = (page: Page, symbol: string) => card(page, symbol).locator('.card-price .figure');
const rail = (page: Page, name: string) =>
  page.getByRole('group', { name: 'What happens' }).getByRole('button', { name });

describe('the board', () => {
  it('shows an agent that is created, a trade and the price it makes, without a reload', async () => {
    const page = await world.visits.open('/', WIDE);
    await page.getByText('No agents yet').waitFor();
    await rail(page, 'Trades').click();
    await page.getByText('No trades yet').waitFor();

    const id = await world.site.market.createAgent('ORCL');
    await card(page, 'ORCL').waitFor();
    const before = await priceIn(page, 'ORCL').textContent();

    const { trade } = await world.site.market.buy(trader, id, '2');
    await page.locator(`.tape-row[data-seq="${trade.seq}"]`, { hasText: 'ORCL' }).waitFor();
    await expect.poll(() => priceIn(page, 'ORCL').textContent()).not.toBe(before);
    await expect.poll(() => page.locator('.tape-row .tape-sol').first().textContent()).toMatch(/^\+1\.97/);

    const { trade: sale } = await world.site.market.sell(trader, id);
    await expect.poll(() => tapeSeqs(page)).toEqual([`${sale.seq}`, `${trade.seq}`]);
    await expect.poll(() => page.locator('.tape-row .tape-sol').first().textContent()).toMatch(/^−/);
  });

  it('crowns a king, celebrates who dethrones it, and is through with that when asked', async () => {
    const first = await world.site.market.createAgent('KING');
    const second = await world.site.market.createAgent('RIVAL');
    await world.site.market.buy(trader, first, '1');
    const page = await world.visits.open('/', WIDE);
    const king = page.getByRole('region', { name: 'King of the hill' });
    await king.getByText('KING', { exact: true }).first().waitFor();
    // Who came to a hill with a king on it has seen no dethroning.
    expect(await page.locator('.dethroning').count()).toBe(0);
    await world.site.market.buy(trader, second, '3');
    await page.locator('.dethroning').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.dethroning').waitFor({ state: 'detached' });
    await expect.poll(() => king.locator('.king-symbol').textContent()).toBe('RIVAL');
  });

  it('moves an agent to the graduated ones when its curve is sold out', async () => {
    const id = await world.site.market.createAgent('GRAD');
    await world.site.market.buy(trader, id, '60');
    const page = await world.visits.open('/', WIDE);
    await card(page, 'GRAD', 'Final stretch').waitFor();
    await world.site.market.buy(trader, id, '60');
    await card(page, 'GRAD', 'Graduated').waitFor();
    await card(page, 'GRAD', 'Final stretch').waitFor({ state: 'detached' });
    await card(page, 'GRAD').getByText('Graduated').waitFor();
  });

  it('holds the tape under the pointer, counts what waits and catches up at once', async () => {
    const id = await world.site.market.createAgent('HOLD');
    await world.site.market.buy(trader, id);
    const page = await world.visits.open('/', WIDE);
    await rail(page, 'Trades').click();
    await expect.poll(() => tapeSeqs(page)).toHaveLength(1);
    await page.locator('.tape-row').first().hover();
    await page.getByRole('button', { name: 'Paused' }).waitFor();
    for (let count = 0; count < 3; count += 1) await world.site.market.buy(trader, id);
    await page.getByRole('button', { name: '3 new' }).waitFor();
    expect(await tapeSeqs(page)).toHaveLength(1);
    await page.mouse.move(10, 10);
    await expect.poll(() => tapeSeqs(page)).toHaveLength(4);
  });

  it('keeps order and filters in the address', async () => {
    const small = await world.site.market.createAgent('SMALL');
    const large = await world.site.market.createAgent('LARGE');
    await world.site.market.createAgent('NEWEST');
    await world.site.market.buy(trader, small, '1');
    await world.site.market.buy(trader, large, '9');
    const page = await world.visits.open('/', WIDE);
    const symbols = () => column(page, 'New').locator('.card-link').allTextContents();
    await expect.poll(symbols).toEqual(['NEWEST', 'LARGE', 'SMALL']);
    await page.getByLabel('Sort', { exact: true }).selectOption({ label: 'By market cap' });
    await expect.poll(symbols).toEqual(['LARGE', 'SMALL', 'NEWEST']);
    await page.getByRole('button', { name: 'Hide quiet' }).click();
    await page.reload();
    await liveState(page, 'live');
    await expect.poll(symbols).toEqual(['LARGE', 'SMALL']);
    await card(page, 'SMALL').getByRole('link', { name: 'SMALL', exact: true }).click();
    await page.getByRole('heading', { name: 'SMALL', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/agent/${small}`);
    await page.goBack();
    await expect.poll(symbols).toEqual(['LARGE', 'SMALL']);
  });

  it('finds an agent from anywhere', async () => {
    await world.site.market.createAgent('NEEDLE');
    const page = await world.visits.open('/olympics');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search/ }).fill('need');
    await page.getByRole('option', { name: /NEEDLE/ }).click();
    await page.getByRole('heading', { name: 'NEEDLE', exact: true }).waitFor();
  });
});

describe("an agent's page", () => {
  it('shows its trades, price, candles and holders live', async () => {
    const id = await world.site.market.createAgent('PAGE');
    const other = await world.site.market.createAgent('OTHER');
    const page = await world.visits.open(`/agent/${id}`);
    await page.getByRole('heading', { name: 'PAGE', exact: true }).waitFor();
    await page.getByText('The first trade draws the first candle.').waitFor();
    const price = page.locator('.price-large');
    const before = await price.textContent();

    await world.site.market.buy(trader, other);
    const { trade } = await world.site.market.buy(trader, id, '3');
    await expect.poll(() => tapeSeqs(page)).toEqual([`${trade.seq}`]);
    await expect.poll(() => price.textContent()).not.toBe(before);
    await page.locator('.chart-frame[data-candles="1"]').waitFor();
    await page.locator('.holder-row').first().waitFor();
    // They come on two channels, and so perhaps in two frames.
    await expect
      .poll(() => page.locator('.chart-frame').getAttribute('aria-label'))
      .toContain((await price.textContent()) ?? 'a price');
  });

  it('says so when there is no such agent', async () => {
    const page = await world.visits.open('/agent/99');
    await page.getByText('There is no agent 99.').waitFor();
    await page.getByRole('link', { name: 'All agents' }).click();
    await page.getByText('No agents yet').waitFor();
  });
});

describe('a lost connection', () => {
  it('is told, recovered from without help, and leaves no trade out or in twice', async () => {
    const id = await world.site.market.createAgent('LOST');
    const seqs: number[] = [];
    const buy = async (): Promise<void> => {
      seqs.unshift((await world.site.market.buy(trader, id, '0.01')).trade.seq);
    };
    await buy();
    const board = await world.visits.open('/', WIDE);
    await rail(board, 'Trades').click();
    const agent = await world.visits.open(`/agent/${id}`);
    await buy();
    const expectTapes = async (): Promise<void> => {
      for (const page of [board, agent]) await expect.poll(() => tapeSeqs(page)).toEqual(seqs.map(String));
    };
    await expectTapes();
    await agent.locator('.chart-canvas canvas').first().waitFor();

    for (let round = 0; round < 2; round += 1) {
      const port = await world.site.stop();
      for (const page of [board, agent]) await liveState(page, 'reconnecting');
      await board.getByText('Connection lost').waitFor();
      await buy();
      await buy();
      await world.site.start(port);
      await buy();
      for (const page of [board, agent]) await liveState(page, 'live');
      await board.getByText(/^Caught up \d+ events? in (under )?\d+\.\d s$/).waitFor();
      await buy();
      await expectTapes();
    }
  });
});

describe('a phone', () => {
  it('has everything within its width', async () => {
    const id = await world.site.market.createAgent('NARROW1234', trader);
    await world.site.market.buy(trader, id, '40');
    const page = await world.visits.open('/', PHONE);
    await card(page, 'NARROW1234').waitFor();
    expect(await overflow(page)).toBe(0);
    const shown = page.getByRole('group', { name: 'Show' });
    await shown.getByRole('button', { name: 'Live' }).tap();
    await rail(page, 'Trades').tap();
    await page.locator('.tape-row').first().waitFor();
    expect(await overflow(page)).toBe(0);
    await page.locator('.tape-symbol').first().tap();
    await page.locator('.holder-row').first().waitFor();
    await page.locator('.chart-canvas canvas').first().waitFor();
    expect(await overflow(page)).toBe(0);
  });

  it('has the name of the page one is on in sight', async () => {
    const page = await world.visits.open('/portfolio', { ...PHONE, viewport: { width: 320, height: 640 } });
    const place = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Portfolio' });
    const right = () => place.evaluate((link) => link.getBoundingClientRect().right - innerWidth);
    await expect.poll(right).toBeLessThanOrEqual(0);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });
});
