/** How the server does, as its operators see it. Rates and lags are of the last ten seconds or so. */
export interface ServerStats {
  /** Open connections, by whatever door they came. */
  readonly totalClients: number;
  /** Channels that somebody is subscribed to. */
  readonly totalChannels: number;
  /** Those channels, most subscribers first. The accounts of all wallets count as one. */
  readonly channels: readonly { readonly name: string; readonly subscribers: number }[];
  readonly doors: readonly DoorStats[];
  readonly rates: {
    /** Entries committed to the log. */
    readonly entriesPerSecond: number;
    /** Items sent to subscribers. */
    readonly itemsPerSecond: number;
  };
  readonly lag: {
    /** From a group's decision until it is durable, ms. */
    readonly commitMs: Percentiles;
    /** How much later than planned the event loop gets to its timers, ms. */
    readonly eventLoopMs: Percentiles;
    /** Connections that take less than is there for them. */
    readonly congestedClients: number;
  };
  /** Values that newer ones replaced before they were read, since the start. */
  readonly conflated: number;
  readonly dropped: {
    /** Cursors that could not be honoured and got a snapshot, since the start. */
    readonly gaps: number;
    /** Connections cut because they were stuck or gave no sign of life, since the start. */
    readonly clients: number;
  };
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** A way in: tRPC over WebSocket, or the plain JSON gateway. */
export interface DoorStats {
  readonly name: string;
  readonly connections: number;
  readonly subscriptions: number;
  /** Connections that take less than is there for them. */
  readonly congested: number;
  /** Items sent since the start. */
  readonly sent: number;
  /** Connections cut since the start. */
  readonly cut: number;
}
