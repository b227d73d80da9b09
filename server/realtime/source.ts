/** What a channel needs to know of the log behind it. */
export type MaybePromise<T> = T | Promise<T>;

export interface Numbered<M> {
  readonly seq: number;
  readonly data: M;
}

/** `start`: there was no cursor. `gap`: the cursor cannot be honoured. */
export type SnapshotReason = 'start' | 'gap';

export interface HistoryPage<M> {
  /** Oldest first. */
  readonly messages: readonly Numbered<M>[];
  /** Every message of the channel up to this seq is in the page. */
  readonly through: number;
}

interface CommonSource<M> {
  readonly name: string;
  /**
   * The view that the channel's messages up to `seq` fold to. It may be read after the call returns, but must be
   * taken at a moment when everything up to `seq` has been published.
   */
  snapshot(reason: SnapshotReason): MaybePromise<Numbered<M>>;
}

/** Every message is delivered, in order; older ones than the channel keeps are read back from the log. */
export interface LosslessSource<M> extends CommonSource<M> {
  readonly delivery: 'every';
  /** Messages with after < seq ≤ through, at most `limit`. */
  history(after: number, through: number, limit: number): Promise<HistoryPage<M>>;
}

/** Only the newest message of each key is sure to be delivered. */
export interface ConflatedSource<M> extends CommonSource<M> {
  readonly delivery: 'latest';
  /**
   * The channel's values leave at most once in so many milliseconds: the first change after a quiet time at once, later
   * ones together when the time is up. Its publisher appends nothing, but touches the channel when something that it
   * shows has changed.
   */
  readonly paceMs?: number;
  keyOf(message: M): string;
  /**
   * The newest message of every key that changed after `after`, in order of seq, as of the log's head; no two with the
   * same seq.
   */
  latest(after: number): readonly Numbered<M>[];
}

export type ChannelSource<M> = LosslessSource<M> | ConflatedSource<M>;
