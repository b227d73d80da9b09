import './activity.css';
import { useState } from 'react';
import { useTitle } from '../ui/use-title.ts';
import { ActivityFeed } from './activity-feed.tsx';
import { kindsOf, TOPIC_NAMES, TOPICS, type Topic, toggled } from './kinds.ts';

/** What happens on the whole market, live, by kind. */
export function ActivityPage() {
  const [chosen, choose] = useState<readonly Topic[]>([]);
  useTitle('Activity');
  const kinds = kindsOf(chosen);
  return (
    <main id="main" className="page-feed">
      <h1 className="visually-hidden">Activity of the market</h1>
      <fieldset className="topics" aria-label="Show">
        <button type="button" className="tab" aria-pressed={chosen.length === 0} onClick={() => choose([])}>
          All
        </button>
        {TOPIC_NAMES.map((topic) => (
          <button
            key={topic}
            type="button"
            className="tab"
            aria-pressed={chosen.includes(topic)}
            onClick={() => choose(toggled(chosen, topic))}
          >
            {TOPICS[topic].title}
          </button>
        ))}
      </fieldset>
      <ActivityFeed key={kinds?.join() ?? 'all'} kinds={kinds} />
    </main>
  );
}
