import type { ConnectionSnapshot } from '../live/connection.ts';
import { useConnection } from '../live/hooks.ts';
import type { CaughtUp } from '../live/recovery.ts';
import { useShownState } from './shown-state.ts';
import { useOutdated } from './update-prompt.tsx';

/**
 * Says so when what is on the page is not live, and what came in when it is again. Only for eyes: the announcer tells
 * screen readers.
 */
export function ConnectionNotice() {
  const connection = useConnection();
  const shown = useShownState();
  const outdated = useOutdated();
  const notice = outdated ? null : noticeOf({ ...connection, state: shown });
  return (
    <aside className="notice" aria-label="Connection" data-shown={notice !== null} data-tone={notice?.tone}>
      <span className="notice-mark" aria-hidden="true" />
      {notice?.text}
    </aside>
  );
}

interface Notice {
  readonly tone: 'bad' | 'good';
  readonly text: string;
}

function noticeOf({
  state,
  online,
  caughtUp,
}: Pick<ConnectionSnapshot, 'state' | 'online' | 'caughtUp'>): Notice | null {
  switch (state) {
    case 'reconnecting':
    case 'stale':
      return { tone: 'bad', text: online ? LOST[state] : 'You are offline. These figures stand still.' };
    case 'ended':
      return { tone: 'bad', text: 'The server has ended the connection. Reload to try again.' };
    case 'connecting':
      return online ? null : { tone: 'bad', text: 'You are offline. Nothing can be loaded yet.' };
    case 'live':
      return caughtUp === null ? null : { tone: 'good', text: caughtUpText(caughtUp) };
    default:
      return state satisfies never;
  }
}

const LOST = {
  reconnecting: 'Connection lost, reconnecting. These figures stand still.',
  stale: 'No answer from the server. These figures may be old.',
} as const;

export function caughtUpText({ events, gaps, ms }: CaughtUp): string {
  const seconds = ms < 50 ? 'under 0.1 s' : `${(ms / 1_000).toFixed(1)} s`;
  if (gaps > 0) return `Back after too long to replay: loaded everything anew in ${seconds}`;
  if (events === 0) return 'Reconnected, nothing was missed';
  return `Caught up ${events} ${events === 1 ? 'event' : 'events'} in ${seconds}`;
}
