import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';
import { launchBrowser } from '../../tests/support/browser.ts';
import type { Child } from '../process/child.ts';
import type { Killable, Run } from '../process/processes.ts';

/** Wide enough for everything that the app has. */
const VIEWPORT = { width: 1600, height: 1000 };
const READY_MS = 60_000;

/** Where agents and trades are, on every page that is measured. */
const CONTENT = '[data-agent], .tape-row';

export const PAGES = ['board', 'agent'] as const;
export type PageName = (typeof PAGES)[number];

/** The server with its load, and the browser, of one run. */
export interface Site {
  readonly url: string;
  readonly server: Child;
  readonly browser: Browser;
  readonly pages: Readonly<Record<PageName, MeasuredPage>>;
}

interface MeasuredPage {
  readonly path: string;
  /** What is traded while it is measured: the more of it is on the page, the more the page has to do. */
  readonly agentIds: readonly string[];
}

const openedSchema = z.object({ url: z.string(), agentIds: z.array(z.string()) });

export async function openSite(
  run: Run,
  folders: { readonly directory: string; readonly webDir: string },
): Promise<Site> {
  const server = run.start('web-server');
  const { url, agentIds } = await server.call('open', folders, openedSchema);
  const [agent = '1'] = agentIds;
  const browser = await launchBrowser();
  run.adopt(killable(browser));
  return {
    url,
    server,
    browser,
    pages: {
      board: { path: '/', agentIds },
      agent: { path: `/agent/${agent}`, agentIds: [agent] },
    },
  };
}

function killable(browser: Browser): Killable {
  return {
    ended: new Promise((resolve) => {
      browser.once('disconnected', () => resolve(new Error('the browser has ended')));
    }),
    kill: () => browser.close(),
  };
}

/** A page in a browser profile of its own. */
export interface Visit {
  readonly page: Page;
  readonly devtools: CDPSession;
  /** What it has reported to be wrong. A page with errors has not done its work. */
  readonly errors: readonly string[];
}

interface VisitOptions {
  readonly path: string;
  /** Runs in the page before its own program. */
  readonly script?: string;
  /** Told before the page is opened. */
  readonly prepare?: (page: Page) => void;
}

/** Opens a page, has it used once it is live, and closes it. */
export async function visit<T>(
  { browser, url }: Pick<Site, 'browser' | 'url'>,
  { path, script, prepare }: VisitOptions,
  use: (visit: Visit) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ locale: 'en-US', viewport: VIEWPORT });
  try {
    if (script !== undefined) await context.addInitScript({ content: script });
    return await use(await load(context, { url: `${url}${path}`, prepare }));
  } finally {
    await context.close();
  }
}

async function load(
  context: BrowserContext,
  { url, prepare }: { readonly url: string; readonly prepare: VisitOptions['prepare'] },
): Promise<Visit> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
  });
  prepare?.(page);
  await page.goto(url);
  const ready = { state: 'attached', timeout: READY_MS } as const;
  await page.locator('.live[data-state="live"]').first().waitFor(ready);
  await page.locator(CONTENT).first().waitFor(ready);
  return { page, devtools, errors };
}

/** Brings the tape onto the screen, where it is behind a tab. */
export async function showTape(page: Page): Promise<void> {
  const name = /^Trades/;
  const rows = page.locator('.tape-row').filter({ visible: true });
  const tab = page
    .getByRole('tab', { name })
    .or(page.getByRole('button', { name }))
    .filter({ visible: true });
  await rows.or(tab).first().waitFor();
  if ((await rows.count()) > 0) return;
  await tab.first().click();
  // A tape under the pointer stands still.
  await page.mouse.move(0, 0);
  await rows.first().waitFor();
}
