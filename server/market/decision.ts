import type { Entry } from '../../shared/events.ts';
import type { Rejection } from '../../shared/rejections.ts';
import type { PlacedOrder } from './orders.ts';

/** At least one: an accepted command always changes something. */
export type Entries = readonly [Entry, ...Entry[]];

/** What the first entry of a command gets; the others are numbered on from it and have the same time. */
export interface Stamp {
  readonly seq: number;
  readonly at: number;
}

/** What the core makes of a command. */
export type Decision =
  | { readonly kind: 'accepted'; readonly entries: Entries }
  /** The same order came before; its answer stands. */
  | { readonly kind: 'repeated'; readonly order: PlacedOrder }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

export const accepted = (entries: Entries): Decision => ({ kind: 'accepted', entries });
export const rejected = (rejection: Rejection): Decision => ({ kind: 'rejected', rejection });
