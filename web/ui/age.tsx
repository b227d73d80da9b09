import { formatAge } from '../../shared/format.ts';
import { useNow } from '../services.ts';

/** How long ago something was, ticking with everything else on the page; the exact time as a tooltip. */
export function Age({ at, className = '' }: { readonly at: number; readonly className?: string }) {
  const time = new Date(at).toISOString();
  return (
    <time className={`figure age ${className}`} dateTime={time} title={time}>
      {formatAge(useNow(), at)}
    </time>
  );
}
