import { DEFAULT_LIMITS as GATEWAY, MAX_FRAME_BYTES } from '../gateway/limits.ts';
import { CLOSE } from '../realtime/ws/close-codes.ts';
import { DEFAULT_LIMITS } from '../realtime/ws/options.ts';
import { STATED } from './stated.ts';

const seconds = (ms: number): string => `${ms / 1000} s`;
const kib = (bytes: number): string => `${bytes / 1024} KiB`;
const { stuckMs, connectionParamsMs, refusals } = DEFAULT_LIMITS;
const { errors } = GATEWAY;

export interface CloseCode {
  readonly code: string;
  /** Who closes, and at which door. */
  readonly by: string;
  readonly when: string;
  /** What goes before it. */
  readonly before: string;
  readonly client: string;
}

/** How connections end, at both doors: row by row the table of `server/realtime/ws/PROTOCOL.md`, "Closing". */
export const CLOSE_CODES: readonly CloseCode[] = [
  {
    code: 'none',
    by: 'server, /trpc',
    when: 'the context was refused',
    before: 'the error that `createContext` threw',
    client: 'may come back, with backoff',
  },
  {
    code: '1002, 1007, 1009',
    by: '`ws`, both',
    when: `frames that break RFC 6455, bad UTF-8, too large (${kib(STATED.messageBytes)} on /trpc, ${kib(MAX_FRAME_BYTES)} on /ws)`,
    before: 'nothing',
    client: 'may come back',
  },
  {
    code: '1006',
    by: 'server, both',
    when: `cut: congested and nothing has left for ${seconds(stuckMs)}; or no sign of life within ${seconds(STATED.pongWaitMs)} of a ping`,
    before: 'nothing',
    client: 'comes back',
  },
  {
    code: `${CLOSE.restart}`,
    by: 'server, both',
    when: 'end of a drain, restart',
    before: 'the reconnect notice',
    client: 'comes back, after a random delay',
  },
  {
    code: `${CLOSE.unauthorized}`,
    by: 'server, both',
    when: "the session was revoked: signed out, ended from another device, pushed out by the wallet's 21st, or a refresh token was used twice",
    before: '/trpc: `UNAUTHORIZED`, `data.session` `revoked`; /ws: `session_ended`',
    client: 'may come back as nobody, or sign in',
  },
  {
    code: `${CLOSE.timeout}`,
    by: 'server, /trpc',
    when: `no connection params within ${seconds(connectionParamsMs)}`,
    before: '`TIMEOUT`',
    client: 'may come back',
  },
  {
    code: `${CLOSE.abuse}`,
    by: 'server, both',
    when: `more than ${refusals.count} refusals within ${seconds(refusals.windowMs)}; on /ws also more than ${errors.count} other errors within ${seconds(errors.windowMs)}`,
    before: '/trpc: `TOO_MANY_REQUESTS`; /ws: `too_many_errors`',
    client: 'is to be mended first; may come back, later',
  },
  {
    code: `${CLOSE.malformed}`,
    by: 'server, /trpc',
    when: 'connection params that cannot be read',
    before: '`PARSE_ERROR`',
    client: 'must not come back',
  },
  {
    code: `${CLOSE.outdated}`,
    by: 'server, /trpc',
    when: "`?contract=` in the URL is not the server's: the client was built for another version",
    before: 'nothing',
    client: 'must not come back; a page loads itself anew',
  },
  {
    code: '4400–4499',
    by: 'server',
    when: 'those that are not above: reserved for policies that pass',
    before: '',
    client: 'may come back',
  },
  {
    code: '4500–4999',
    by: 'server',
    when: 'those that are not above: reserved for refusals that stay',
    before: '',
    client: 'must not come back',
  },
];
