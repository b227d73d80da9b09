import type { IncomingMessage } from 'node:http';
import type { Visitor } from '../identity/principal.ts';
import { SharedFrames } from '../realtime/ws/encoding.ts';
import { KeepAlive } from '../realtime/ws/keep-alive.ts';
import type { Sending } from '../realtime/ws/outbox.ts';
import { Tick } from '../realtime/ws/tick.ts';
import type { GatewayServices } from './channels.ts';
import { GatewayEncoding } from './encoding.ts';
import { DEFAULT_LIMITS, type GatewayLimits } from './limits.ts';

export interface EndpointOptions {
  readonly services: GatewayServices;
  /** Who has connected. */
  readonly visitorOf: (req: IncomingMessage) => Visitor;
  /** Told of what is the server's fault. */
  readonly onFault: (cause: unknown, where: string) => void;
  /** {@link DEFAULT_LIMITS} for those left out. */
  readonly limits?: Partial<GatewayLimits>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** What all connections of a gateway share. */
export interface Endpoint extends Sending {
  readonly services: GatewayServices;
  readonly visitorOf: (req: IncomingMessage) => Visitor;
  readonly limits: GatewayLimits;
  readonly keepAlive: KeepAlive;
  readonly onFault: (cause: unknown, where: string) => void;
  readonly clock: () => number;
}

export function createEndpoint(options: EndpointOptions): Endpoint {
  const { services, visitorOf, onFault, clock = Date.now } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const encoding = new GatewayEncoding(services.log.epoch, clock);
  const sharedFrames = new SharedFrames(encoding);
  return {
    services,
    visitorOf,
    limits,
    onFault,
    clock,
    encoding,
    sharedFrames,
    keepAlive: new KeepAlive(limits.heartbeatMs, limits.pongWaitMs),
    tick: new Tick(() => sharedFrames.clear()),
    counters: { sent: 0, cut: 0 },
    sendBudgetBytes: limits.sendBudgetBytes,
    stuckMs: limits.stuckMs,
  };
}
