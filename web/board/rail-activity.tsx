import { ActivityLine } from '../activity/activity-line.tsx';
import { useActivities } from '../live/hooks.ts';
import { pagePath } from '../router.ts';
import { Link } from '../ui/link.tsx';
import { LivePlaceholder } from '../ui/live-placeholder.tsx';
import { Empty, Panel } from '../ui/panel.tsx';
import { useHeld } from '../ui/use-held.ts';

/** The newest activities. They stand still under the pointer or the focus, and then catch up at once. */
export function RailActivity() {
  const { view, events, status, retry } = useActivities();
  const { shown, isHeld, release, handlers } = useHeld({ rows: view, total: events });
  const waiting = events - shown.total;
  return (
    <Panel
      title="Activity"
      className="rail-activity"
      aside={
        isHeld && (
          <button type="button" className="waiting" onClick={release}>
            {waiting > 0 ? `${waiting} new` : 'Paused'}
          </button>
        )
      }
      {...handlers}
    >
      {shown.rows.length === 0 ? (
        <LivePlaceholder what="Activity" rows={16} status={status} retry={retry}>
          <Empty title="All is quiet">
            New agents, large trades, stakes and medals appear here the moment they happen.
          </Empty>
        </LivePlaceholder>
      ) : (
        <div className="rail-body">
          <ol aria-label="Activity, newest first">
            {shown.rows.map((activity) => (
              <ActivityLine key={activity.seq} activity={activity} />
            ))}
          </ol>
          <Link className="rail-all" href={pagePath('activity')}>
            All activity
          </Link>
        </div>
      )}
    </Panel>
  );
}
