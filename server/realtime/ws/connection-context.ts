import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers';
import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server';
import { parseConnectionParamsFromUnknown, type TRPCRequestInfo } from '@trpc/server/http';
import type { WebSocket } from 'ws';
import { CLOSE } from './close-codes.ts';
import { type Concern, type Endpoint, THE_CONNECTION } from './endpoint.ts';

type ConnectionParams = TRPCRequestInfo['connectionParams'];

type State<C> =
  | { readonly kind: 'awaiting params'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'making'; readonly made: Promise<C | undefined> }
  | { readonly kind: 'made'; readonly ctx: C | undefined }
  | { readonly kind: 'refused'; readonly error: TRPCError };

/** The connection whose context it is. */
export interface ContextOwner<C> {
  readonly endpoint: Endpoint<C>;
  readonly client: WebSocket;
  readonly req: IncomingMessage;
  readonly open: boolean;
  /** Reports the error and answers with it. */
  respondWithError(address: null, cause: unknown, concern: Concern): void;
}

/**
 * What `createContext` makes for a connection, once: at its start, or when its params have come if its URL promises some.
 * Without a context the client is told why, and the connection ends.
 */
export class ConnectionContext<C> {
  #state: State<C>;
  /** Made when somebody asks for its signal: a signal takes more memory than all else of a connection. */
  #closed: AbortController | undefined;

  constructor(private readonly owner: ContextOwner<C>) {
    const { req, endpoint } = owner;
    this.#state = expectsParams(req)
      ? {
          kind: 'awaiting params',
          timer: setTimeout(() => this.#giveUp(), endpoint.limits.connectionParamsMs),
        }
      : this.#make(() => null);
  }

  /** The first message will be the params. */
  get awaitsParams(): boolean {
    return this.#state.kind === 'awaiting params';
  }

  /** `undefined` as long as it has not been made. */
  get made(): C | undefined {
    return this.#state.kind === 'made' ? this.#state.ctx : undefined;
  }

  /** The context, at once when it has been made. @throws TRPCError why there is none */
  get(): C | undefined | Promise<C | undefined> {
    switch (this.#state.kind) {
      case 'made':
        return this.#state.ctx;
      case 'making':
        return this.#state.made;
      case 'refused':
        throw this.#state.error;
      case 'awaiting params':
        throw new Error('a call was read before the connection params');
      default:
        return this.#state satisfies never;
    }
  }

  takeParams(content: string | Uint8Array): void {
    this.#stopTimer();
    const { encoding } = this.owner.endpoint;
    this.#state = this.#make(() => paramsOf(content, (text) => encoding.decode(text)));
  }

  /** The socket has closed. */
  closed(): void {
    this.#stopTimer();
    this.#closed?.abort();
  }

  #stopTimer(): void {
    if (this.#state.kind === 'awaiting params') clearTimeout(this.#state.timer);
  }

  #make(params: () => ConnectionParams): State<C> {
    const made = this.#create(params);
    made.then(
      (ctx) => {
        this.#state = { kind: 'made', ctx };
      },
      (cause: unknown) => {
        const malformed = cause instanceof MalformedParams;
        this.#refuse(getTRPCErrorFromUnknown(cause));
        // The calls that wait for the context are answered first.
        setImmediate(() => {
          if (malformed) this.owner.client.close(CLOSE.malformed, 'malformed connection params');
          else this.owner.client.close();
        });
      },
    );
    return { kind: 'making', made };
  }

  async #create(params: () => ConnectionParams): Promise<C | undefined> {
    const { endpoint, req, client: res } = this.owner;
    const closedSignal = (): AbortSignal => this.#closedSignal;
    return endpoint.createContext({
      req,
      res,
      info: {
        connectionParams: params(),
        calls: [],
        isBatchCall: false,
        accept: null,
        type: 'unknown',
        get signal() {
          return closedSignal();
        },
        url: null,
      },
    });
  }

  /** Aborts when the socket closes. */
  get #closedSignal(): AbortSignal {
    this.#closed ??= new AbortController();
    if (!this.owner.open) this.#closed.abort();
    return this.#closed.signal;
  }

  #giveUp(): void {
    this.#refuse(new TRPCError({ code: 'TIMEOUT', message: 'The connection params did not come in time' }));
    this.owner.client.close(CLOSE.timeout, 'no connection params');
  }

  #refuse(error: TRPCError): void {
    this.#state = { kind: 'refused', error };
    this.owner.respondWithError(null, error, THE_CONNECTION);
  }
}

/** The target need not be a URL for this. */
function expectsParams({ url = '' }: IncomingMessage): boolean {
  const query = url.indexOf('?');
  return query >= 0 && new URLSearchParams(url.slice(query)).get('connectionParams') === '1';
}

/** They will be no better the next time. */
class MalformedParams extends TRPCError {
  constructor(cause: unknown) {
    super({ code: 'PARSE_ERROR', message: 'Malformed TRPCConnectionParamsMessage', cause });
  }
}

/** @throws MalformedParams */
function paramsOf(
  content: string | Uint8Array,
  decode: (content: string | Uint8Array) => unknown,
): ConnectionParams {
  try {
    const message = decode(content);
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      throw new Error('Message was not an object');
    }
    return parseConnectionParamsFromUnknown('data' in message ? message.data : undefined);
  } catch (cause) {
    throw new MalformedParams(cause);
  }
}
