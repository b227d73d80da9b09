import { type ReactNode, useSyncExternalStore } from 'react';
import { formatAge } from '../../shared/format.ts';
import { useConnection } from '../live/hooks.ts';
import { usePageNow, useServices } from '../services.ts';
import { ageWords, formatDelay, formatOffset } from './words.ts';

interface LiveCardProps {
  readonly id: string;
  /** For the state. */
  readonly word: string;
}

/** What the page knows of its connection, measured on the page itself. */
export function LiveCard({ id, word }: LiveCardProps) {
  const { clock, connection, serverClock } = useServices();
  const { since, reconnects, gaps, repairs } = useConnection();
  const now = usePageNow(clock);
  const offset = useSyncExternalStore(serverClock.subscribe, serverClock.get);
  const age = formatAge(now, since);
  const latency = connection.latency();
  const { messageAt, conflated } = connection;
  return (
    <section className="live-card" id={id} aria-label="The connection">
      <p className="live-card-head">
        <span>{word}</span>
        <span className="muted">
          for <span className="figure">{age === 'now' ? '0s' : age}</span>
        </span>
      </p>
      <dl className="sums">
        <Fact name="Last message">{messageAt === null ? 'none yet' : ageWords(now, messageAt)}</Fact>
        <Fact
          name="Delivery, p50"
          why="From an event on the server to this page: half of the last minute's came within"
        >
          {latency === null ? '–' : formatDelay(latency.p50)}
        </Fact>
        <Fact name="Delivery, p99" why="From an event on the server to this page: 99 of 100 came within">
          {latency === null ? '–' : formatDelay(latency.p99)}
        </Fact>
        <Fact name="Server clock" why="How far the server's clock is ahead of this machine's">
          {offset === null ? '–' : formatOffset(offset)}
        </Fact>
      </dl>
      <dl className="sums">
        <Fact name="Reconnects">{reconnects}</Fact>
        <Fact name="Gaps" why="Views that were loaded anew because events were missing">
          {gaps}
        </Fact>
        <Fact name="Repairs" why="Views that were loaded anew because an event did not follow from them">
          {repairs}
        </Fact>
        <Fact name="Conflated" why="Prices that were left out because a newer one was there">
          {conflated}
        </Fact>
      </dl>
      <p className="live-card-note">
        {latency === null
          ? 'Delivery is measured as soon as there is an event.'
          : `Delivery as measured in the last minute, of ${latency.count.toLocaleString('en-US')} ${latency.count === 1 ? 'event' : 'events'}.`}
      </p>
    </section>
  );
}

interface FactProps {
  readonly name: string;
  readonly why?: string;
  readonly children: ReactNode;
}

function Fact({ name, why, children }: FactProps) {
  return (
    <div title={why}>
      <dt>{name}</dt>
      <dd className="figure">{children}</dd>
    </div>
  );
}
