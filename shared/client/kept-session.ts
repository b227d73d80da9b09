import type { Tokens } from '../auth.ts';

/** What is kept of a session, in one tab or shared by all of a browser. */
export interface KeptSession {
  readonly sessionId: string;
  readonly wallet: string;
  readonly operator: boolean;
  readonly accessToken: string;
  /** Until when the access token is good, in milliseconds since the epoch by the clock of this machine. */
  readonly goodUntil: number;
  /** How long an access token of this session is good for, in milliseconds. */
  readonly lastsMs: number;
  /** `null` from the moment that it is sent: it is good for one refresh, and never sent twice. */
  readonly refreshToken: string | null;
}

/** Where the session is kept. Several tabs may share one. */
export interface SessionStorage {
  /** `null` when there is none, or it cannot be read. */
  load(): KeptSession | null;
  save(session: KeptSession): void;
  clear(): void;
  /** Calls back when somebody else has changed it, until what it returns is called. */
  subscribe(listener: () => void): () => void;
}

/** Keeps the session as long as the process, or the page, lives. */
export function memoryStorage(): SessionStorage {
  let kept: KeptSession | null = null;
  return {
    load: () => kept,
    save: (session) => {
      kept = session;
    },
    clear: () => {
      kept = null;
    },
    subscribe: () => () => undefined,
  };
}

/** Tokens that have just come. @param askedAt when they were asked for, by the clock of this machine */
export function keptOf(tokens: Tokens, lastsMs: number, askedAt: number): KeptSession {
  const { sessionId, wallet, operator, accessToken, refreshToken } = tokens;
  return { sessionId, wallet, operator, accessToken, refreshToken, lastsMs, goodUntil: askedAt + lastsMs };
}

/** Whether a value that was read from somewhere is a session; whether its tokens are any good is for the server to say. */
export function isKeptSession(value: unknown): value is KeptSession {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const is = (type: 'string' | 'number' | 'boolean', ...names: readonly (keyof KeptSession)[]): boolean =>
    names.every((name) => typeof fields.get(name) === type);
  return (
    is('string', 'sessionId', 'wallet', 'accessToken') &&
    is('number', 'goodUntil', 'lastsMs') &&
    is('boolean', 'operator') &&
    (fields.get('refreshToken') === null || is('string', 'refreshToken'))
  );
}

/** Runs one piece of work at a time among all who share a storage. */
export type Lock = <T>(work: () => Promise<T>) => Promise<T>;

/** Among the users of one client: enough where nobody else shares the storage. */
export function localLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
