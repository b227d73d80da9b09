import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { type WalletAddress, walletAddress } from '../../shared/ids.ts';
import { type OpenedPage, openPage } from './browser.ts';

/** The pages that one test opens, each by a visitor of its own. */
export class Visits {
  readonly #opened: OpenedPage[] = [];
  #expected: RegExp | null = null;

  constructor(
    private readonly browser: Browser,
    private readonly url: () => string,
  ) {}

  /** Opens a page and waits until it is live. */
  async open(
    path = '/',
    options: BrowserContextOptions = {},
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Page> {
    const one = await openPage(this.browser, `${this.url()}${path}`, options, prepare);
    this.#opened.push(one);
    await liveState(one.page, 'live');
    return one.page;
  }

  /** What a test makes go wrong is no problem. */
  expectErrors(like: RegExp): void {
    this.#expected = like;
  }

  /** Closes them all. @returns what went wrong in them */
  async close(): Promise<readonly string[]> {
    for (const { close } of this.#opened) await close();
    const expected = this.#expected;
    return this.#opened.flatMap(({ errors }) => errors).filter((error) => expected?.test(error) !== true);
  }
}

/** Stands between a page and the server: what the page sends can be held back. */
export class Outbox {
  #held: (() => void)[] | null = null;

  /** To be called before the page is loaded. */
  readonly attach = (page: Page): Promise<void> =>
    page.routeWebSocket(/\/trpc/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const send = (): void => server.send(message);
        if (this.#held === null) send();
        else this.#held.push(send);
      });
      server.onMessage((message) => socket.send(message));
    });

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const send of held) send();
  }
}

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

export const liveState = (page: Page, state: 'live' | 'reconnecting' | 'ended'): Promise<void> =>
  page.locator(`.app[data-connection="${state}"]`).waitFor();

/** The seqs of the recorded trades on the page's tape, newest first. */
export const tapeSeqs = (page: Page): Promise<(string | undefined)[]> =>
  page.locator('.tape-row[data-seq]').evaluateAll((rows) => rows.map((row) => row.dataset['seq']));

export const walletButton = (page: Page): Locator => page.getByRole('button', { name: /^Wallet / });

/** Signs in with the burner wallet, the only one there is. @returns its address */
export async function signIn(page: Page): Promise<WalletAddress> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click();
  await walletButton(page).waitFor();
  return shownAddress(page);
}

/** Whose wallet the page says it is. */
export const shownAddress = async (page: Page): Promise<WalletAddress> =>
  walletAddress((await walletButton(page).locator('.address').getAttribute('title')) ?? '');

/** How far the page is wider than its window, in pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
