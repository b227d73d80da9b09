import { useSyncExternalStore } from 'react';
import { formatAge } from '../../shared/format.ts';
import { useServices } from '../services.ts';

/** How long ago something was, ticking with everything else on the page; the exact time as a tooltip. */
export function Age({ at, className = '' }: { readonly at: number; readonly className?: string }) {
  const { clock, serverClock } = useServices();
  // The text is what is subscribed to: most ages stay as they are when the clock ticks, and are not rendered again.
  const text = useSyncExternalStore(clock.subscribe, () =>
    formatAge(clock.now() + (serverClock.get()?.ms ?? 0), at),
  );
  const time = new Date(at).toISOString();
  return (
    <time className={`figure age ${className}`} dateTime={time} title={time}>
      {text}
    </time>
  );
}
