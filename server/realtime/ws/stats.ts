/** What all connections of a handler have counted since it was made. */
export interface WSSCounters {
  /**
   * Items of subscriptions given to open connections to be sent: one for each subscriber. What has not left when its
   * connection ends counts as well.
   */
  sent: number;
  /** Connections that the server cut because nothing of what waited had left for too long, or a PING was not answered. */
  cut: number;
}

export interface WSSStats extends Readonly<WSSCounters> {
  /** Open now, or closing. */
  readonly connections: number;
  /** Subscriptions on them, each from its receipt until its clean-up has settled. */
  readonly subscriptions: number;
  /** Connections that have more waiting now than the send budget allows. */
  readonly congested: number;
}

/** A connection as it is counted. */
export interface Counted {
  readonly subscriptions: number;
  readonly congested: boolean;
}

export function statsOf(connections: Iterable<Counted>, { sent, cut }: WSSCounters): WSSStats {
  const stats = { connections: 0, subscriptions: 0, congested: 0, sent, cut };
  for (const { subscriptions, congested } of connections) {
    stats.connections += 1;
    stats.subscriptions += subscriptions;
    if (congested) stats.congested += 1;
  }
  return stats;
}
