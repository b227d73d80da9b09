import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '../../server/api/router.ts';
import { useNow, useServices } from '../services.ts';
import { LeaveDialog } from '../shell/wallet-leave.tsx';
import { ageWords } from '../shell/words.ts';
import { Panel, Problem } from '../ui/panel.tsx';
import { problemText } from '../ui/problem-text.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { deviceName } from './device-name.ts';

type KnownSession = RouterOutputs['auth']['sessions'][number];

/** Where the wallet is signed in, and ways to end that. */
export function Sessions({ sessionId }: { readonly sessionId: string }) {
  const { client } = useServices();
  const [leaving, setLeaving] = useState(false);
  const { data, error, refetch } = useQuery({
    // What one session was told is not for the next one to see.
    queryKey: ['sessions', sessionId],
    queryFn: () => client.auth.sessions.query(),
    staleTime: 0,
  });
  const again = (): void => void refetch();
  return (
    <Panel
      title="Sessions"
      aside={
        <button type="button" className="button" onClick={() => setLeaving(true)}>
          Sign out everywhere
        </button>
      }
    >
      {data === undefined ? (
        error === null ? (
          <SkeletonRows rows={2} label="Loading your sessions" />
        ) : (
          <Problem what="Your sessions" detail={problemText(error)} onRetry={again} />
        )
      ) : (
        <ul className="sessions">
          {data
            .toSorted((a, b) => b.refreshedAt - a.refreshedAt)
            .map((session) => (
              <SessionRow key={session.sessionId} session={session} onEnded={again} />
            ))}
        </ul>
      )}
      {leaving && <LeaveDialog onClose={() => setLeaving(false)} />}
    </Panel>
  );
}

interface SessionRowProps {
  readonly session: KnownSession;
  readonly onEnded: () => void;
}

function SessionRow({
  session: { sessionId, device, createdAt, refreshedAt, current },
  onEnded,
}: SessionRowProps) {
  const { client, session, orders } = useServices();
  const [isPending, setPending] = useState(false);
  const now = useNow();
  const name = deviceName(device);
  const end = async (): Promise<void> => {
    setPending(true);
    await orders.place({
      pending: `Signing out ${name}`,
      send: () => client.auth.revokeSession.mutate({ sessionId }),
      done: () => ({ title: `${name} is signed out` }),
      refused: ({ kind, words }) =>
        kind === 'unknown'
          ? { title: words.title, detail: 'It may still be signed in; the list will tell.' }
          : null,
    });
    setPending(false);
    onEnded();
  };
  return (
    <li className="session" data-session={sessionId}>
      <div className="session-what">
        <p className="session-name" title={device}>
          {name}
          {current && <span className="tag">This one</span>}
        </p>
        <p className="muted">
          Signed in <time dateTime={new Date(createdAt).toISOString()}>{dayOf(createdAt)}</time>, last used{' '}
          <time dateTime={new Date(refreshedAt).toISOString()}>{ageWords(now, refreshedAt)}</time>
        </p>
      </div>
      <button
        type="button"
        className="button"
        aria-label={current ? 'Sign out here' : `Sign out ${name}`}
        disabled={isPending}
        onClick={() => void (current ? session.signOut() : end())}
      >
        Sign out
      </button>
    </li>
  );
}

const dayOf = (at: number): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
