import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WalletAddress } from '../../shared/ids.ts';
import { BrowserWorld } from '../support/browser-world.ts';
import { liveState, tapeSeqs } from '../support/page-parts.ts';

const world = BrowserWorld.forEachTest();
let trader: WalletAddress;
beforeEach(async () => {
  trader = await world.site.market.fund('trader');
});

/** What is loaded last has come. */
const chart = (page: Page): Promise<void> => page.locator('.chart-canvas canvas').first().waitFor();
const update = (page: Page) => page.getByText('Agent.fun was updated. Reload to go on.');

describe('a tab from before an update', () => {
  it('is told so, asks to be loaded anew, and works again after that', async () => {
    const agentId = await world.site.market.createAgent('OLD');
    const page = await world.visits.open(`/agent/${agentId}`);
    await world.site.market.buy(trader, agentId);
    await expect.poll(() => tapeSeqs(page)).toHaveLength(1);
    await chart(page);

    const deployed = vi.spyOn(world.site.market.app.services, 'contract').mockReturnValue('0123456789abcdef');
    await world.site.start(await world.site.stop());
    await update(page).waitFor();
    await liveState(page, 'ended');
    // What was shown stays, and nothing on it pretends.
    expect(await tapeSeqs(page)).toHaveLength(1);
    expect(await page.locator('.trade-submit').getAttribute('aria-disabled')).toBe('true');

    deployed.mockRestore();
    await page.getByRole('button', { name: 'Reload' }).click();
    await liveState(page, 'live');
    await world.site.market.buy(trader, agentId);
    await expect.poll(() => tapeSeqs(page)).toHaveLength(2);
    expect(await update(page).count()).toBe(0);
  });

  it('is told so too when a part of the page is gone from the server', async () => {
    const page = await world.visits.open('/');
    world.visits.expectErrors(/olympics-page/);
    await page.route('**/assets/olympics-page*.js', (route) => route.abort());
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Olympics' }).click();
    await update(page).waitFor();
  });
});

describe('a tab without a network', () => {
  it('says that it is offline, and catches up by itself, each trade once', async () => {
    const agentId = await world.site.market.createAgent('OFF');
    const page = await world.visits.open(`/agent/${agentId}`);
    const { trade: before } = await world.site.market.buy(trader, agentId);
    await expect.poll(() => tapeSeqs(page)).toEqual([`${before.seq}`]);
    await chart(page);

    await page.context().setOffline(true);
    const port = await world.site.stop();
    await page.getByText('You are offline. These figures stand still.').waitFor();
    const { trade: missed } = await world.site.market.buy(trader, agentId);
    await world.site.start(port);
    await page.context().setOffline(false);
    await liveState(page, 'live');
    await page.getByText(/^Caught up 1 event in/).waitFor();
    const { trade: after } = await world.site.market.buy(trader, agentId);
    await expect.poll(() => tapeSeqs(page)).toEqual([after, missed, before].map(({ seq }) => `${seq}`));
  });
});
