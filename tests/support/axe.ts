import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong with the page as it is shown now: "rule: element" each, serious or not. */
export async function axeProblems(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger: as a script of the page the content security policy would refuse it.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}
