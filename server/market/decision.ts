import type { MarketEvent } from '../../shared/events.ts';
import type { Rejection } from '../../shared/rejections.ts';
import type { PlacedOrder } from './state.ts';

/** What the core makes of a command. */
export type Decision =
  | { readonly kind: 'accepted'; readonly events: readonly MarketEvent[] }
  /** The same order came before; its answer stands. */
  | { readonly kind: 'repeated'; readonly order: PlacedOrder }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

export const accepted = (events: readonly MarketEvent[]): Decision => ({ kind: 'accepted', events });
export const rejected = (rejection: Rejection): Decision => ({ kind: 'rejected', rejection });
