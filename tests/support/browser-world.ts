import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { launchBrowser, Site } from './browser.ts';
import { Visits } from './page-parts.ts';

/** A journey through many pages takes its time beside other tests; each of its steps has a limit of its own. */
const TEST_MS = 120_000;

/** One browser for a file; for each of its tests a site and who visits it. Nothing may go wrong in the pages. */
export class BrowserWorld {
  #browser: Browser | undefined;
  #now: { readonly site: Site; readonly visits: Visits } | undefined;

  /** To be called at the top of a test file. */
  static forEachTest(): BrowserWorld {
    const world = new BrowserWorld();
    vi.setConfig({ testTimeout: TEST_MS });
    beforeAll(async () => {
      world.#browser = await launchBrowser();
    });
    afterAll(() => world.#browser?.close());
    beforeEach(async () => {
      const site = await Site.open();
      if (world.#browser === undefined) throw new Error('there is no browser');
      world.#now = { site, visits: new Visits(world.#browser, () => site.url) };
    });
    afterEach(async () => {
      const { site, visits } = world.#current;
      const errors = await visits.close();
      await site.close();
      expect(errors).toEqual([]);
    });
    return world;
  }

  get site(): Site {
    return this.#current.site;
  }

  get visits(): Visits {
    return this.#current.visits;
  }

  get #current() {
    if (this.#now === undefined) throw new Error('there is no site outside of a test');
    return this.#now;
  }
}
