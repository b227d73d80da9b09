import type { ConnectionSnapshot } from '../live/connection.ts';
import { useConnection } from '../live/hooks.ts';
import type { CaughtUp } from '../live/recovery.ts';

/** Says so when what is on the page is not live, and what came in when it is again. */
export function ConnectionNotice() {
  const notice = noticeOf(useConnection());
  return (
    <div className="notice" role="status" data-shown={notice !== null} data-tone={notice?.tone}>
      {notice?.text}
    </div>
  );
}

interface Notice {
  readonly tone: 'bad' | 'good';
  readonly text: string;
}

function noticeOf({ state, caughtUp }: ConnectionSnapshot): Notice | null {
  switch (state) {
    case 'reconnecting':
      return { tone: 'bad', text: 'Connection lost. These figures are not live; reconnecting by itself.' };
    case 'stale':
      return { tone: 'bad', text: 'No answer from the server. These figures may be old.' };
    case 'ended':
      return { tone: 'bad', text: 'The server has ended this page’s streams. Reload to try again.' };
    case 'connecting':
    case 'live':
      return caughtUp === null ? null : { tone: 'good', text: caughtUpText(caughtUp) };
    default:
      return state satisfies never;
  }
}

export function caughtUpText({ events, gaps, ms }: CaughtUp): string {
  const seconds = ms < 50 ? 'under 0.1 s' : `${(ms / 1_000).toFixed(1)} s`;
  if (gaps > 0) return `Back after too long to replay: loaded everything anew in ${seconds}`;
  if (events === 0) return 'Reconnected, nothing was missed';
  return `Caught up ${events} ${events === 1 ? 'event' : 'events'} in ${seconds}`;
}
