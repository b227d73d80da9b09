import type { Published } from './trades.ts';

/** A server of the fan-out bench: whoever is connected is subscribed to the trades. */
export interface System {
  readonly port: number;
  /** Publishes trades that came together, in one turn of the event loop. */
  publish(trades: readonly Published[]): void;
}

export const NODE_SYSTEMS = ['ours', 'gateway', 'ws', 'socket.io', 'trpc'] as const;
export type NodeSystem = (typeof NODE_SYSTEMS)[number];
