import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { agentId, type WalletAddress } from '../../shared/ids.ts';
import { sol } from '../../shared/units.ts';
import { BrowserWorld } from '../support/browser-world.ts';
import { liveState, Outbox, PHONE, signIn, tapeSeqs, walletButton } from '../support/page-parts.ts';

const world = BrowserWorld.forEachTest();

const notice = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('region', { name: 'Notices' }).getByText(text);
const submit = (page: Page): Locator => page.locator('.trade-submit');
const accountOf = (wallet: WalletAddress) => world.site.market.as(wallet).portfolio({ wallet });

it('takes a newcomer from signing in to a graduation, and shows each step to others at once', async () => {
  const page = await world.visits.open('/');
  const wallet = await signIn(page);

  // Paper money, once a day.
  await walletButton(page).click();
  await page.getByRole('menuitem', { name: 'Get 10 SOL' }).click();
  await expect.poll(async () => (await accountOf(wallet)).sol).toBe(10_000_000_000n);
  await page.getByRole('banner').getByText('10.00').waitFor();

  // An agent of one's own.
  await page.getByRole('banner').getByRole('link', { name: 'Create agent' }).click();
  await page.getByLabel('Name').fill('Journey keeper');
  await page.getByLabel('Symbol').fill('jrny');
  await page.getByRole('button', { name: 'Create JRNY' }).click();
  await page.getByRole('heading', { name: 'JRNY', exact: true }).waitFor();
  const id = agentId(new URL(page.url()).pathname.split('/').at(-1) ?? '');
  expect(await world.site.market.as(wallet).agent({ agentId: id })).toMatchObject({
    symbol: 'JRNY',
    name: 'Journey keeper',
    creator: wallet,
  });

  // A first buy, which somebody else watches.
  const other = await world.visits.open(`/agent/${id}`);
  await page.getByRole('textbox', { name: 'SOL to spend' }).fill('2');
  await submit(page).filter({ hasText: 'Buy JRNY' }).click();
  await notice(page, /^Bought .* JRNY/).waitFor();
  await expect.poll(() => tapeSeqs(other)).toHaveLength(1);
  await expect.poll(() => tapeSeqs(page)).toEqual(await tapeSeqs(other));
  await expect.poll(() => page.locator('.tape-row').count()).toBe(1);

  // Half of it back.
  await page.getByRole('button', { name: 'Sell', exact: true }).click();
  await page.getByRole('button', { name: '50 %' }).first().click();
  await submit(page).filter({ hasText: 'Sell JRNY' }).click();
  await notice(page, /^Sold .* JRNY/).waitFor();
  await expect.poll(() => tapeSeqs(other)).toHaveLength(2);
  await expect.poll(() => tapeSeqs(page)).toEqual(await tapeSeqs(other));

  // A stake.
  await page.getByRole('button', { name: 'Staking' }).click();
  const stake = page.locator('.stake-form');
  await stake.getByRole('button', { name: '100 %' }).click();
  await stake.getByRole('button', { name: /^Stake .*JRNY$/ }).click();
  await notice(page, /^Staked .* JRNY/).waitFor();
  const { holdings } = await accountOf(wallet);
  expect(holdings[0]?.staked).toBe(holdings[0]?.tokens);

  // A vault, and a part of it.
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Vaults' }).click();
  await page.getByRole('button', { name: 'Open a vault' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Open a vault' });
  await dialog.getByLabel('Name').fill('Small change');
  await dialog.getByRole('button', { name: 'Open the vault' }).click();
  await page.getByRole('heading', { name: 'Small change' }).waitFor();
  await page.getByRole('textbox', { name: 'Deposit' }).fill('1.5');
  await page.getByRole('button', { name: 'Deposit 1.5000 SOL' }).click();
  await notice(page, /^Deposited 1.5000 SOL/).waitFor();
  const { vaults } = await world.site.market.as(wallet).vaults();
  expect(vaults).toMatchObject([{ name: 'Small change', manager: wallet, sol: 1_500_000_000n }]);

  // Somebody buys the rest of the curve: the moment is on the page of who watches, and then it is over.
  const whale = await world.site.market.fund('whale', '100');
  const moment = other.locator('.moment').waitFor();
  await world.site.market.buy(whale, id, '100');
  await moment;
  await other.getByText('JRNY has graduated', { exact: true }).waitFor();
  await other.locator('.moment').waitFor({ state: 'detached' });
});

describe('a trade that is placed', () => {
  it('is on the tape before there is an answer, and becomes its echo in the same row', async () => {
    const id = await world.site.market.createAgent('PEND');
    const outbox = new Outbox();
    const page = await world.visits.open(`/agent/${id}`, {}, outbox.attach);
    await world.site.market.credit(await signIn(page), '20');
    outbox.hold();
    await page.getByRole('textbox', { name: 'SOL to spend' }).fill('1');
    await submit(page).filter({ hasText: 'Buy PEND' }).click();
    const row = page.locator('.tape-row[data-pending]');
    await row.waitFor();
    await row.evaluate((element) => element.setAttribute('data-marked', 'by the test'));
    await notice(page, /^Buying/).waitFor();
    outbox.release();
    await page.locator('.tape-row[data-marked][data-seq]').waitFor();
    expect(await page.locator('.tape-row').count()).toBe(1);
    await notice(page, /^Bought/).waitFor();
  });

  it('is withdrawn with the reason when the price has moved too far', async () => {
    const id = await world.site.market.createAgent('MOVE');
    const other = await world.site.market.fund('other');
    const outbox = new Outbox();
    const page = await world.visits.open(`/agent/${id}`, {}, outbox.attach);
    await world.site.market.credit(await signIn(page), '20');
    outbox.hold();
    await page.getByRole('textbox', { name: 'SOL to spend' }).fill('1');
    await submit(page).filter({ hasText: 'Buy MOVE' }).click();
    await page.locator('.tape-row[data-pending]').waitFor();
    await world.site.market.buy(other, id, '5');
    outbox.release();
    await notice(page, /^Price moved .* %, your limit was 1 %\. Nothing was bought\.$/).waitFor();
    await page.locator('.tape-row[data-pending]').waitFor({ state: 'detached' });
    expect((await tapeSeqs(page)).length).toBe(1);
  });
});

it('is bought with the keyboard alone', async () => {
  const id = await world.site.market.createAgent('KEYS');
  const page = await world.visits.open('/');
  const wallet = await signIn(page);
  await world.site.market.credit(wallet, '20');
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: /^Search/ }).waitFor();
  await page.keyboard.type('keys');
  await page.getByRole('option', { name: /KEYS/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'KEYS', exact: true }).waitFor();
  await page.keyboard.press('b');
  await page.keyboard.type('1.5');
  await submit(page).filter({ hasText: 'Buy KEYS' }).waitFor();
  await page.keyboard.press('Enter');
  await notice(page, /^Bought/).waitFor();
  const { trades } = await world.site.market.as(wallet).trades({ agentId: id });
  expect(trades).toMatchObject([{ side: 'buy', trader: wallet }]);
});

it('is bought on a phone, from the bar at the bottom', async () => {
  const id = await world.site.market.createAgent('THUMB');
  const page = await world.visits.open(`/agent/${id}`, PHONE);
  const wallet = await signIn(page);
  await world.site.market.credit(wallet, '20');
  await page.getByRole('button', { name: 'Buy', exact: true }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('textbox', { name: 'SOL to spend' }).fill('1');
  await sheet.locator('.trade-submit').filter({ hasText: 'Buy THUMB' }).tap();
  await notice(page, /^Bought/).waitFor();
  expect((await world.site.market.as(wallet).trades({ agentId: id })).trades).toHaveLength(1);
});

it('does not pretend while the connection is lost, and goes on when it is back', async () => {
  const id = await world.site.market.createAgent('AWAY');
  const page = await world.visits.open(`/agent/${id}`);
  await world.site.market.credit(await signIn(page), '20');
  await page.getByRole('textbox', { name: 'SOL to spend' }).fill('1');
  await submit(page).filter({ hasText: 'Buy AWAY' }).waitFor();
  const port = await world.site.stop();
  await submit(page).filter({ hasText: 'Reconnecting' }).waitFor();
  expect(await submit(page).getAttribute('aria-disabled')).toBe('true');
  await world.site.start(port);
  await liveState(page, 'live');
  await submit(page).filter({ hasText: 'Buy AWAY' }).click();
  await notice(page, /^Bought/).waitFor();
});

it('is traded for a vault by its manager, who then takes out a part of it in kind', async () => {
  const id = await world.site.market.createAgent('VAULTED');
  const page = await world.visits.open('/');
  const wallet = await signIn(page);
  await world.site.market.credit(wallet, '20');
  const manager = world.site.market.as(wallet);
  const { vault } = await manager.createVault({ clientOrderId: world.site.market.orderId(), name: 'Desk' });
  const { vaultId } = vault;
  await manager.vaultDeposit({ clientOrderId: world.site.market.orderId(), vaultId, sol: sol('10') });

  await page.goto(`${world.site.url}/vault/${vaultId}`);
  await page.getByRole('region', { name: 'Trade for the vault' }).locator(`[data-agent="${id}"]`).click();
  const panel = page.getByRole('region', { name: 'Trade VAULTED' });
  await panel.getByRole('textbox', { name: 'SOL to spend' }).fill('8');
  // A large trade in a small market has to be agreed to.
  await panel.getByRole('checkbox').check();
  await submit(page).filter({ hasText: 'Buy VAULTED' }).click();
  await notice(page, /^Bought/).waitFor();
  await page.getByRole('region', { name: 'Positions' }).locator(`[data-agent="${id}"]`).waitFor();
  const { trades } = await manager.trades({ agentId: id });
  expect(trades).toMatchObject([{ side: 'buy', trader: vault.address }]);

  const shares = page.getByRole('region', { name: 'Shares' });
  await shares.getByRole('button', { name: 'Withdraw', exact: true }).first().click();
  await shares.getByRole('button', { name: '50 %', exact: true }).click();
  await shares.getByRole('button', { name: 'Withdraw 50 %' }).click();
  await notice(page, /^Withdrew .* SOL and tokens of 1 agent$/).waitFor();
  const { holdings } = await accountOf(wallet);
  expect(holdings[0]?.tokens).toBeGreaterThan(0n);
});
