import { type RefObject, useLayoutEffect } from 'react';

interface ArrivalProps {
  readonly address: string;
  /** The address that was arrived at last; `null` before the first, which the browser has done itself. */
  readonly last: RefObject<string | null>;
}

/**
 * Beside a page inside its Suspense: moves the focus to the page's heading when another page is there, so that keyboards
 * go on from its beginning and screen readers say where they are. Browsers draw no ring around it after a click.
 */
export function Arrival({ address, last }: ArrivalProps) {
  useLayoutEffect(() => {
    const isFirst = last.current === null;
    if (last.current === address) return;
    last.current = address;
    return isFirst ? undefined : focusHeading();
  }, [address, last]);
  return null;
}

/** A page has drawn itself with its data by then. */
const DRAWN_MS = 5_000;

/**
 * Now or as soon as the page has one, and again when a page that draws itself anew takes it away; not once the focus has
 * gone elsewhere.
 * @returns what gives up on it
 */
function focusHeading(): () => void {
  const from = document.activeElement;
  let heading = tryHeading();
  const observer = new MutationObserver(() => {
    const { activeElement } = document;
    const isNowhere = activeElement === null || activeElement === document.body;
    if (isNowhere || (heading === null && activeElement === from)) heading = tryHeading();
    else if (activeElement !== heading) observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  const timer = setTimeout(() => observer.disconnect(), DRAWN_MS);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

function tryHeading(): HTMLElement | null {
  const heading = document.querySelector<HTMLElement>('main h1');
  if (heading === null) return null;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return heading;
}
