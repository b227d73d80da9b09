/**
 * Takes a picture of every page, in both themes, on a desktop and on a phone: `npm run screenshots`. The market behind
 * them was made by simulated traders over three hours, who go on; the wallet is a burner's with a few positions.
 *
 * Options: `--only agent,board` `--theme dark` `--size desktop` `--out folder` `--web folder` (a built web app).
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { base58 } from '@scure/base';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { type App, openApp } from '../server/app.ts';
import { NO_RATES } from '../server/guards/rate-limits.ts';
import { startServer } from '../server/http.ts';
import { MemoryLog } from '../server/journal/memory-log.ts';
import { MemorySnapshotStore } from '../server/journal/snapshot-store.ts';
import { NO_SERVER_LIMITS } from '../server/server-limits.ts';
import { SettableClock } from '../server/sim/clock.ts';
import { LocalPlayers } from '../server/sim/players.ts';
import { SimulatedTraders } from '../server/sim/traders.ts';
import { clientOrderId, walletAddress } from '../shared/ids.ts';
import { sol, tokenUnits } from '../shared/units.ts';
import { KeypairWallet } from '../shared/wallet/keypair.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    theme: { type: 'string' },
    size: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../screenshots', import.meta.url)) },
    web: { type: 'string', default: fileURLToPath(new URL('../dist/web', import.meta.url)) },
  },
});
const SIZES = { desktop: { width: 1600, height: 1000 }, mobile: { width: 390, height: 844 } } as const;
const THEMES = ['dark', 'light'] as const;
const STEPS = 1_500;
const HISTORY_MS = 3 * 3_600_000;
const SEED = new Uint8Array(32).fill(7);
const me = walletAddress(KeypairWallet.fromSeed(SEED, { site: 'http://localhost' }).address);
const whale = walletAddress(
  KeypairWallet.fromSeed(new Uint8Array(32).fill(8), { site: 'http://localhost' }).address,
);
const quiet = { info: () => undefined, warn: console.warn, error: console.error };

const clock = new SettableClock();
const app = await openApp({
  log: new MemoryLog(),
  snapshots: new MemorySnapshotStore(),
  logger: quiet,
  clock: clock.now,
  rates: NO_RATES,
});
const traders = new SimulatedTraders({
  players: new LocalPlayers((session) => app.caller(session)),
  logger: quiet,
  seed: 11,
  tradesPerSecond: 3,
  runId: 'shots',
});
const begin = Date.now() - HISTORY_MS;
clock.set(begin);
await app.runSeasons(86_400_000);
for (let step = 0; step < STEPS; step += 1) {
  clock.set(begin + Math.floor((HISTORY_MS * step) / STEPS));
  // A trader that is refused has done nothing; the next one goes on.
  await traders.step().catch(() => undefined);
}
clock.release();
await own(app);
const server = await startServer({
  app,
  logger: quiet,
  host: '127.0.0.1',
  port: 0,
  webDir: options.web,
  limits: NO_SERVER_LIMITS,
});
traders.start();
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  await mkdir(options.out, { recursive: true });
  for (const size of ['desktop', 'mobile'] as const) {
    if (options.size !== undefined && options.size !== size) continue;
    for (const theme of THEMES) {
      if (options.theme === undefined || options.theme === theme) await take(browser, size, theme);
    }
  }
} finally {
  await browser.close();
  await traders.stop();
  await server.close();
  await app.close();
}

/** Gives the burner something to show. */
async function own(market: App): Promise<void> {
  const operator = market.caller({ wallet: me, operator: true });
  const mine = market.caller({ wallet: me });
  let orders = 0;
  const order = () => {
    orders += 1;
    return { clientOrderId: clientOrderId(`shots-${orders}`) };
  };
  await operator.credit({ ...order(), wallet: me, sol: sol('64.5') });
  const { agents } = await mine.agents({ sort: 'new', limit: 50 });
  const bonding = agents
    .filter(({ phase }) => phase.kind === 'bonding')
    .sort((a, b) => b.trades - a.trades)
    .slice(0, 5);
  for (const [index, { agentId }] of bonding.entries()) {
    const { trade } = await mine.buy({ ...order(), agentId, exact: 'sol', sol: sol(`${index + 1}.25`) });
    if (index < 2) {
      await mine.stake({ ...order(), agentId, tokens: tokenUnits(trade.tokens / 3n) });
    }
    if (index === 3) {
      await mine.sell({ ...order(), agentId, tokens: tokenUnits(trade.tokens / 2n) });
    }
  }
  await market.caller({ wallet: me, operator: true }).credit({ ...order(), wallet: whale, sol: sol('100') });
  for (const { agentId } of bonding.slice(3)) {
    await market
      .caller({ wallet: whale })
      .buy({ ...order(), agentId, exact: 'sol', sol: sol(agentId.length > 1 ? '22' : '31') });
  }
  const { vaults } = await mine.vaults();
  for (const { vaultId } of vaults.slice(0, 2)) {
    await mine.vaultDeposit({ ...order(), vaultId, sol: sol('3') });
  }
  const { vault } = await mine.createVault({ ...order(), name: 'Night desk', performanceFeeBps: 1_000 });
  await mine.vaultDeposit({ ...order(), vaultId: vault.vaultId, sol: sol('10') });
  const [first] = bonding;
  if (first !== undefined) {
    await mine.vaultBuy({
      ...order(),
      vaultId: vault.vaultId,
      agentId: first.agentId,
      exact: 'sol',
      sol: sol('2'),
    });
  }
}

async function take(from: Browser, size: keyof typeof SIZES, theme: (typeof THEMES)[number]): Promise<void> {
  const { agents } = await app.caller({ wallet: me }).agents({ sort: 'new', limit: 50 });
  const { vaults } = await app.caller({ wallet: me }).vaults();
  const ownAgent = (await app.caller({ wallet: me }).portfolio({ wallet: me })).holdings[0]?.agentId;
  const graduated = agents.find(({ phase }) => phase.kind === 'graduated')?.agentId;
  const ownVault = vaults.find(({ manager }) => manager === me)?.vaultId;
  const pages: Readonly<Record<string, string>> = {
    board: '/',
    agent: `/agent/${ownAgent ?? 1}`,
    graduated: `/agent/${graduated ?? 1}`,
    portfolio: '/portfolio',
    olympics: '/olympics',
    vaults: '/vaults',
    vault: `/vault/${ownVault ?? 1}`,
    activity: '/activity',
    create: '/create',
    settings: '/settings',
    nowhere: '/nowhere',
  };
  const only = options.only?.split(',');
  const context = await from.newContext({
    locale: 'en-US',
    viewport: SIZES[size],
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(size === 'mobile' ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {}),
  });
  await context.addInitScript((seed) => localStorage.setItem('agent-fun.burner', seed), base58.encode(SEED));
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${size} ${theme}: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.error(`${size} ${theme}: ${error.message}`));
  await page.goto(`${server.url}/`);
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await page.locator(`header .address[title="${me}"]`).waitFor();
  for (const [name, path] of Object.entries(pages)) {
    if (only !== undefined && !only.includes(name)) continue;
    await page.goto(`${server.url}${path}`);
    await page.locator('.live[data-state="live"]').first().waitFor();
    await page.waitForLoadState('networkidle');
    // The chart and the lists have come with the first frames after the connection.
    await page.waitForTimeout(1_500);
    const file = `${options.out}/${name}-${size}-${theme}.png`;
    await page.screenshot({ path: file });
    console.log(file);
  }
  await context.close();
}
