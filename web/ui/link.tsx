import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { useServices } from '../services.ts';

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
}

/** A link within the app: a plain click changes what is shown; any other (new tab, download) is the browser's. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const { router } = useServices();
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || modified) return;
    event.preventDefault();
    router.navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
