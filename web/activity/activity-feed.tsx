import { useState } from 'react';
import type { ActivityKind } from '../../shared/inputs.ts';
import type { Activity } from '../../shared/platform-schemas.ts';
import { trpc } from '../api.ts';
import { useActivities } from '../live/hooks.ts';
import { LivePlaceholder } from '../ui/live-placeholder.tsx';
import { Empty, Panel, Problem } from '../ui/panel.tsx';
import { useHeld } from '../ui/use-held.ts';
import { ActivityLine } from './activity-line.tsx';
import { carriedOn, withOlder } from './rows.ts';

const PAGE = 50;

/** Since somebody has asked for older ones: nothing below may go away while new ones come. */
interface LookingBack {
  readonly kept: readonly Activity[];
  /** The live rows that are in `kept`. */
  readonly live: readonly Activity[];
  /** Of the pages of older ones, in order. */
  readonly cursors: readonly string[];
}

interface ActivityFeedProps {
  /** All of them when left out. */
  readonly kinds?: readonly ActivityKind[] | undefined;
}

/** What happens as it happens, and what happened before it. It stands still under the pointer or the focus. */
export function ActivityFeed({ kinds }: ActivityFeedProps) {
  const { view, events, status, retry } = useActivities(kinds);
  const [back, setBack] = useState<LookingBack | null>(null);
  if (back !== null && back.live !== view) {
    const kept = carriedOn(back.kept, view);
    setBack(kept === null ? null : { ...back, kept, live: view });
  }
  const { shown, isHeld, release, handlers } = useHeld({ rows: back?.kept ?? view, total: events });
  const pages = trpc.useQueries((query) =>
    (back?.cursors ?? []).map((cursor) =>
      // What is over does not change.
      query.activities({ ...(kinds && { kinds: [...kinds] }), cursor, limit: PAGE }, { staleTime: Infinity }),
    ),
  );
  const rows = withOlder(
    shown.rows,
    pages.flatMap(({ data }) => data?.activities ?? []),
  );
  const last = pages.at(-1);
  const waiting = events - shown.total;

  const showOlder = (): void => {
    const oldest = view.at(-1);
    if (back === null && oldest !== undefined)
      setBack({ kept: view, live: view, cursors: [`${oldest.seq}`] });
    const next = last?.data?.nextCursor;
    if (back !== null && next !== undefined) setBack({ ...back, cursors: [...back.cursors, next] });
  };

  return (
    <Panel
      title="Activity"
      className="activity"
      aside={
        isHeld && (
          <button type="button" className="waiting" onClick={release}>
            {waiting > 0 ? `${waiting} new` : 'Paused'}
          </button>
        )
      }
      {...handlers}
    >
      {rows.length === 0 ? (
        <LivePlaceholder what="Activity" rows={16} status={status} retry={retry}>
          {kinds === undefined ? (
            <Empty title="All is quiet">
              New agents, large trades, stakes, vaults and medals appear here the moment they happen.
            </Empty>
          ) : (
            <Empty title="Nothing of this kind yet">It appears here the moment it happens.</Empty>
          )}
        </LivePlaceholder>
      ) : (
        <>
          <ol className="activity-rows" aria-label="Activity, newest first">
            {rows.map((activity) => (
              <ActivityLine key={activity.seq} activity={activity} />
            ))}
          </ol>
          <Older state={olderState(back, last)} onShow={showOlder} onRetry={() => void last?.refetch()} />
        </>
      )}
    </Panel>
  );
}

type OlderState = 'more' | 'loading' | 'failed' | 'all';

function olderState(
  back: LookingBack | null,
  last:
    | {
        readonly isPending: boolean;
        readonly isError: boolean;
        readonly data?: { readonly nextCursor?: string } | undefined;
      }
    | undefined,
): OlderState {
  if (back === null || last === undefined) return 'more';
  if (last.data !== undefined) return last.data.nextCursor === undefined ? 'all' : 'more';
  return last.isError ? 'failed' : 'loading';
}

interface OlderProps {
  readonly state: OlderState;
  readonly onShow: () => void;
  readonly onRetry: () => void;
}

/** The way to what happened earlier. */
function Older({ state, onShow, onRetry }: OlderProps) {
  switch (state) {
    case 'more':
    case 'loading':
      return (
        <div className="activity-older">
          <button type="button" className="button" disabled={state === 'loading'} onClick={onShow}>
            {state === 'loading' ? 'Loading older' : 'Show older'}
          </button>
        </div>
      );
    case 'failed':
      return <Problem what="Older activity" detail="The server has not answered." onRetry={onRetry} />;
    case 'all':
      return <p className="activity-older muted">That is everything since the market opened.</p>;
    default:
      return state satisfies never;
  }
}
