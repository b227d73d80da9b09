import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { connectionParamsSchema } from '../shared/auth.ts';
import type { Context } from './api/context.ts';
import { unauthorized } from './api/errors.ts';
import type { App } from './app.ts';
import type { ClientInfo, Visitor } from './identity/principal.ts';
import { CLOSE, type Refusal } from './realtime/ws/index.ts';

/** A WebSocket to the API that has just opened. */
export interface ApiSocket {
  readonly req: IncomingMessage;
  readonly socket: WebSocket;
  /** Its connection params. */
  readonly params: Readonly<Record<string, string | undefined>> | null;
  /** Closes it. */
  readonly refuse: (refusal: Refusal) => void;
}

const SESSION_ENDED: Refusal = {
  error: unauthorized('revoked'),
  code: CLOSE.unauthorized,
  reason: 'the session has ended',
};

/** Who the clients are that the door has let in. */
export class Clients {
  readonly #infos = new WeakMap<IncomingMessage, ClientInfo>();

  constructor(private readonly app: App) {}

  admitted(req: IncomingMessage, client: ClientInfo): void {
    this.#infos.set(req, client);
  }

  /** Of one request over HTTP, with what its `Authorization` header says. */
  async ofRequest(req: IncomingMessage, res: ServerResponse): Promise<Context> {
    const visitor = await this.app.services.identity.visitor(this.#infoOf(req), bearerOf(req));
    if (res.closed) visitor.leave();
    else res.once('close', () => visitor.leave());
    return this.app.context(visitor);
  }

  /** Of a WebSocket to the API, with what its connection params say. A revoked session closes it. */
  async ofSocket({ req, socket, params, refuse }: ApiSocket): Promise<Context> {
    const info = this.#infoOf(req);
    // Params that hold no token are as good as a token that does not hold.
    const { token } = connectionParamsSchema.safeParse(params ?? {}).data ?? { token: '' };
    const visitor = await this.app.services.identity.visitor(info, token);
    // After the answer to the call that revoked it.
    visitor.onRevoked(() => setImmediate(() => refuse(SESSION_ENDED)));
    if (socket.readyState === socket.OPEN) socket.once('close', () => visitor.leave());
    else visitor.leave();
    return this.app.context(visitor);
  }

  /** Of a connection that has yet to say who it is. */
  stranger(req: IncomingMessage): Visitor {
    return this.app.services.identity.stranger(this.#infoOf(req));
  }

  #infoOf(req: IncomingMessage): ClientInfo {
    const info = this.#infos.get(req);
    if (info === undefined) throw new Error('somebody has come in who was not admitted');
    return info;
  }
}

/** What is no bearer token is a token that does not hold. */
function bearerOf({ headers: { authorization } }: IncomingMessage): string | undefined {
  if (authorization === undefined) return undefined;
  return /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1] ?? '';
}
