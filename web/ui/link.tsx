import type { AnchorHTMLAttributes, FocusEvent, MouseEvent, PointerEvent } from 'react';
import { parseRoute } from '../router.ts';
import { useServices } from '../services.ts';

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
}

/**
 * A link within the app: a plain click changes what is shown; any other (new tab, download) is the browser's. The page
 * that it leads to begins to load when the link is pointed at.
 */
export function Link({ href, onClick, onPointerEnter, onFocus, ...rest }: LinkProps) {
  const { router, preload } = useServices();
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || modified) return;
    event.preventDefault();
    router.navigate(href);
  };
  const pointedAt = (event: PointerEvent<HTMLAnchorElement>): void => {
    onPointerEnter?.(event);
    preload(parseRoute(event.currentTarget));
  };
  const focused = (event: FocusEvent<HTMLAnchorElement>): void => {
    onFocus?.(event);
    preload(parseRoute(event.currentTarget));
  };
  return <a href={href} onClick={follow} onPointerEnter={pointedAt} onFocus={focused} {...rest} />;
}
