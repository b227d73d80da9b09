import { Window } from 'happy-dom';
import { appRouter } from '../../server/api/router.ts';
import { renderPage } from '../../server/docs/page.ts';
import { type Reference, referenceOf } from '../../server/docs/reference.ts';
import { channels } from '../../shared/channels.ts';

/** The reference of the API as it is. */
export const theReference = (): Reference => referenceOf({ router: appRouter, channels });

/** The page as a browser would have it. Nothing in it is run. */
export function shown(reference: Reference) {
  const { document } = new Window({ settings: { disableJavaScriptEvaluation: true } });
  document.write(renderPage(reference));
  return document;
}

/** A text as it is read: without the breaks of its source. */
export const read = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();
