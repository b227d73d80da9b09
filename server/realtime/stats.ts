/** What has been counted since the hub was made. */
export interface HubCounters {
  /** Items put into rings: one for each channel that carries a message, however many read it. */
  published: number;
  /** Snapshots that cursors took; one that is shared counts for each of them. */
  snapshots: number;
  /** Those of them for cursors that could not go on where they were. */
  gaps: number;
  /**
   * Values of conflated channels that a newer one of the same key replaced before they left: those left out when the
   * ring was read, once for all who share what was read; and the touches of a paced channel beyond the values that its
   * flush had, be it that later ones had replaced theirs or that they had changed nothing. What nobody was subscribed to is not counted, nor what a reader misses
   * whom the ring has left behind.
   */
  conflated: number;
}

export interface ChannelStats {
  readonly name: string;
  readonly subscribers: number;
}

export interface HubStats extends Readonly<HubCounters> {
  /** Those with subscribers. */
  readonly channels: readonly ChannelStats[];
}

export const newCounters = (): HubCounters => ({ published: 0, snapshots: 0, gaps: 0, conflated: 0 });
