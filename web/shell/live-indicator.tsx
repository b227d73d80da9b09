import { useSyncExternalStore } from 'react';
import { formatAge } from '../../shared/format.ts';
import type { ConnectionState } from '../live/connection.ts';
import { useConnection } from '../live/hooks.ts';
import { useNow, useServices } from '../services.ts';

interface LiveIndicatorProps {
  readonly size?: 'sm' | 'md' | 'lg';
  /** Without it the state is still there for screen readers and as a tooltip. */
  readonly showText?: boolean;
  readonly className?: string;
}

const WORDS: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  stale: 'Stale',
  reconnecting: 'Reconnecting',
  ended: 'Ended',
};

/** How live the page is: the state of the connection and the age of the last message on it. */
export function LiveIndicator({ size = 'md', showText = true, className = '' }: LiveIndicatorProps) {
  const { state, repairs } = useConnection();
  const age = useMessageAge();
  const title = [
    age === null ? WORDS[state] : `${WORDS[state]}. Last message: ${age}.`,
    ...(repairs === 0 ? [] : [`Views repaired: ${repairs}.`]),
  ].join(' ');
  return (
    <span className={`live live-${size} ${className}`} data-state={state} title={title}>
      <span className="live-dot" aria-hidden="true" />
      <span role="status" className={showText ? 'live-word' : 'visually-hidden'}>
        {WORDS[state]}
      </span>
      {showText && age !== null && (
        <span className="live-age" aria-hidden="true">
          {age === 'now' ? 'just now' : `${age} ago`}
        </span>
      )}
    </span>
  );
}

/** `null` before the first message. */
function useMessageAge(): string | null {
  const { clock, connection } = useServices();
  const now = useNow();
  const messageAt = useSyncExternalStore(clock.subscribe, () => connection.messageAt);
  return messageAt === null ? null : formatAge(now, messageAt);
}
