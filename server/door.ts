import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TRPCError } from '@trpc/server';
import { forbidden } from './api/errors.ts';
import { addressKey, clientAddress } from './guards/client-address.ts';
import { OpenConnections } from './guards/open-connections.ts';
import type { Origins } from './guards/origins.ts';
import type { OverloadReason } from './guards/overload.ts';
import type { RateLimits } from './guards/rate-limits.ts';
import type { ClientInfo } from './identity/principal.ts';
import { tooMany } from './realtime/ws/limited.ts';

/** Why somebody is not let in. */
export interface Refusal {
  readonly error: TRPCError;
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | undefined;
}

export interface DoorOptions {
  readonly origins: Origins;
  /** Proxies of our own between here and the clients. */
  readonly proxyHops: number;
  /** WebSockets and API requests that an address may have open at a time. */
  readonly connectionsPerAddress: number | null;
  readonly limits: Pick<RateLimits, 'check'>;
  /** Why nothing new should be taken on. */
  readonly overload: () => OverloadReason | null;
  /** Told once, when a request has come through a proxy though there should be none. */
  readonly onUnknownProxy: () => void;
}

export type Admission =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** `leave` is to be called once, when the connection or the request has ended. */
  | { readonly kind: 'admitted'; readonly client: ClientInfo; readonly leave: () => void };

/** How long an overload lasts at least, in seconds. */
const OVERLOAD_RETRY = 5;
/** When somebody's connections end nobody knows. */
const CONNECTIONS_RETRY = 10;
const ID_BYTES = 6;

/** Who may come in: whoever is refused here has cost a few lines of text. */
export class Door {
  readonly #options: DoorOptions;
  readonly #open: OpenConnections;
  #toldOfProxy = false;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#open = new OpenConnections(options.connectionsPerAddress);
  }

  /** @param kind what it counts as: an upgrade to WebSocket, or a request to the API */
  async admit(req: IncomingMessage, kind: 'connects' | 'requests'): Promise<Admission> {
    const { origins, proxyHops, limits, overload } = this.#options;
    const { origin, 'user-agent': device = '' } = req.headers;
    const reason = overload();
    if (reason !== null) {
      const error = new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: `Overloaded: ${reason}.` });
      return refused(error, OVERLOAD_RETRY);
    }
    if (!origins.allows(origin)) return refused(forbidden('This origin is not allowed.'));
    if (proxyHops === 0 && req.headers['x-forwarded-for'] !== undefined) this.#forwarded();
    const address = addressKey(clientAddress(req, proxyHops));
    const waitMs = await limits.check(kind, { address });
    if (waitMs > 0) return refused(tooMany(waitMs), Math.ceil(waitMs / 1000));
    if (!this.#open.enter(address)) return refused(tooMany(CONNECTIONS_RETRY * 1000), CONNECTIONS_RETRY);
    const id = randomBytes(ID_BYTES).toString('hex');
    let inside = true;
    const leave = (): void => {
      if (inside) this.#open.leave(address);
      inside = false;
    };
    return { kind: 'admitted', client: { address, origin, device, id }, leave };
  }

  #forwarded(): void {
    if (this.#toldOfProxy) return;
    this.#toldOfProxy = true;
    this.#options.onUnknownProxy();
  }
}

const refused = (error: TRPCError, retryAfter?: number): Admission => ({
  kind: 'refused',
  refusal: { error, retryAfter },
});
