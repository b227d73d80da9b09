import {
  isKeptSession,
  type KeptSession,
  type Lock,
  localLock,
  memoryStorage,
  type SessionStorage,
} from '../../shared/client/index.ts';

const KEY = 'agent-fun.session';
const LOCK = 'agent-fun.session';

type Browser = Pick<Window, 'localStorage' | 'addEventListener' | 'removeEventListener'>;

/** Keeps the session in the browser: its tabs share one. Where the browser keeps nothing, each tab has its own. */
export function browserStorage(window: Browser): SessionStorage {
  const kept = storageOf(window);
  if (kept === undefined) return memoryStorage();
  return {
    load: () => parse(kept.getItem(KEY)),
    save: (session) => {
      try {
        kept.setItem(KEY, JSON.stringify(session));
      } catch {
        // It is full. What is there now may hold a token that is about to be used: nobody must go by it.
        kept.removeItem(KEY);
      }
    },
    clear: () => kept.removeItem(KEY),
    subscribe: (listener) => {
      const changed = ({ key }: StorageEvent): void => {
        // Without a key everything was cleared.
        if (key === KEY || key === null) listener();
      };
      window.addEventListener('storage', changed);
      return () => window.removeEventListener('storage', changed);
    },
  };
}

/**
 * One tab at a time refreshes the session. Pages that did not come by https (or from this machine) have no locks: there
 * two tabs that refresh in the same moment may lose the session, and have to sign in again.
 */
export function browserLock(locks: LockManager | undefined): Lock {
  if (locks === undefined) return localLock();
  return async (work) => locks.request(LOCK, work);
}

/** Reading the property throws where the browser is told to keep nothing. */
function storageOf(window: Browser): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function parse(text: string | null): KeptSession | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isKeptSession(value) ? value : null;
  } catch {
    return null;
  }
}
