import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { type RunningServer, startServer } from '../../server/http.ts';
import { NO_SERVER_LIMITS } from '../../server/server-limits.ts';
import { openMarket, type TestMarket } from './test-app.ts';

const WEB_DIR = fileURLToPath(new URL('../../dist/web', import.meta.url));
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const HOST = '127.0.0.1';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The browser that comes inside a package: nothing is downloaded. */
export const launchBrowser = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args: ARGS });

/** A market in memory behind a real server that serves the built web app. */
export class Site {
  #server: RunningServer | undefined;

  private constructor(readonly market: TestMarket) {}

  /** @throws when the web app is not built */
  static async open(): Promise<Site> {
    if (!existsSync(`${WEB_DIR}/index.html`)) {
      throw new Error('dist/web/index.html is missing: run "npx vite build" before the browser tests');
    }
    // The page compares times of events with its own clock.
    const site = new Site(await openMarket({ clock: Date.now }));
    await site.start(0);
    return site;
  }

  get url(): string {
    return this.#running.url;
  }

  /** Closes every connection and stops listening; the market goes on. Gives what is needed to come back. */
  async stop(): Promise<number> {
    const { port } = this.#running;
    await this.#running.close();
    this.#server = undefined;
    return port;
  }

  async start(port: number): Promise<void> {
    this.#server = await startServer({
      app: this.market.app,
      logger: quiet,
      host: HOST,
      port,
      limits: NO_SERVER_LIMITS,
      webDir: WEB_DIR,
    });
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.market.app.close();
  }

  get #running(): RunningServer {
    if (this.#server === undefined) throw new Error('the server is not running');
    return this.#server;
  }
}

/** A page of its own, with what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Uncaught errors and console errors; a lost connection is not one. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Whether what is said is only that the server is away: to a socket, or to a font that is loaded when a letter needs it. */
const isLost = (text: string): boolean =>
  text.includes('WebSocket connection to') ||
  /^Failed to load resource: net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE)$/.test(text);

/** @param prepare done before anything is loaded */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<OpenedPage> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  // Below that of a test, so that it says what it waited for.
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isLost(message.text())) {
      errors.push(`${message.text()} ${message.location().url}`);
    }
  });
  await prepare(page);
  await page.goto(url);
  return { page, errors, close: () => context.close() };
}
