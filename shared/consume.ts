import type { ChannelKind, DeliveryOf, DeltaOf, Item, MessageOf, SnapshotOf } from './channels.ts';

/** Channels on which every event arrives, once and in order. */
export type LosslessChannel = { [K in ChannelKind]: DeliveryOf<K> extends 'every' ? K : never }[ChannelKind];
/** Channels on which only the newest value per key is sure to arrive. */
export type ConflatedChannel = Exclude<ChannelKind, LosslessChannel>;

/** What a consumer of a lossless channel must handle; forgetting `snapshot` does not compile. */
export interface LosslessConsumer<K extends LosslessChannel> {
  /** Replace the view. */
  snapshot(snapshot: SnapshotOf<K>, id: string): void;
  /** Fold the event in; called for every event once. */
  event(event: DeltaOf<K>, id: string): void;
}

/** What a consumer of a conflated channel must handle. It offers no events, only values that replace each other. */
export interface ConflatedConsumer<K extends ConflatedChannel> {
  /** Replace the view. */
  snapshot(snapshot: SnapshotOf<K>, id: string): void;
  /** The newest value of its key; values before it may never have come. */
  latest(value: DeltaOf<K>, id: string): void;
}

/** Makes the `onData` of a lossless subscription from a consumer. */
export function consumeEvery<K extends LosslessChannel>(
  consumer: LosslessConsumer<K>,
): (item: Item<MessageOf<K>>) => void {
  return dispatch<K>(
    (snapshot, id) => consumer.snapshot(snapshot, id),
    (event, id) => consumer.event(event, id),
  );
}

/** Makes the `onData` of a conflated subscription from a consumer. */
export function consumeLatest<K extends ConflatedChannel>(
  consumer: ConflatedConsumer<K>,
): (item: Item<MessageOf<K>>) => void {
  return dispatch<K>(
    (snapshot, id) => consumer.snapshot(snapshot, id),
    (value, id) => consumer.latest(value, id),
  );
}

type Tagged = { readonly type: string };

function isSnapshot<M extends Tagged>(message: M): message is Extract<M, { type: 'snapshot' }> {
  return message.type === 'snapshot';
}

function isDelta<M extends Tagged>(message: M): message is Exclude<M, { type: 'snapshot' }> {
  return message.type !== 'snapshot';
}

function dispatch<K extends ChannelKind>(
  onSnapshot: (snapshot: SnapshotOf<K>, id: string) => void,
  onDelta: (delta: DeltaOf<K>, id: string) => void,
): (item: Item<MessageOf<K>>) => void {
  return ({ id, data }) => {
    if (isSnapshot<MessageOf<K>>(data)) onSnapshot(data, id);
    else if (isDelta<MessageOf<K>>(data)) onDelta(data, id);
  };
}
