import type { MarketEvent } from '../../shared/events.ts';
import type { Rejection } from '../../shared/rejections.ts';
import type { PlacedOrder } from './state.ts';

/** At least one: an accepted command always changes something. */
export type Events = readonly [MarketEvent, ...MarketEvent[]];

/** What the core makes of a command. */
export type Decision =
  | { readonly kind: 'accepted'; readonly events: Events }
  /** The same order came before; its answer stands. */
  | { readonly kind: 'repeated'; readonly order: PlacedOrder }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

export const accepted = (events: Events): Decision => ({ kind: 'accepted', events });
export const rejected = (rejection: Rejection): Decision => ({ kind: 'rejected', rejection });
