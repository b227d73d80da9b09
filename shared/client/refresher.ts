import type { SessionProblem } from '../auth.ts';
import { type KeptSession, keptOf } from './kept-session.ts';
import type { SessionParts } from './session-parts.ts';
import type { SignedOutWhy } from './session-state.ts';

export type Refreshed =
  /** The newest there is, fetched here or in another tab; perhaps of another session. */
  | { readonly kind: 'kept'; readonly kept: KeptSession }
  /** The server cannot be reached; nothing is lost. */
  | { readonly kind: 'later' }
  | { readonly kind: 'over'; readonly why: SignedOutWhy };

/**
 * Gets new tokens, in one tab at a time, and never sends a refresh token twice: it is taken out of the storage before it
 * is sent. Whoever finds a session without one knows that its answer was lost, with the tab that waited for it or on the
 * way, and that the session is over. So that this is rare, a request without consequences goes first: a network that is
 * down costs nothing then.
 */
export class Refresher {
  constructor(private readonly options: Pick<SessionParts, 'calls' | 'storage' | 'lock' | 'clock'>) {}

  /** @param held what the caller goes by */
  refresh(held: KeptSession): Promise<Refreshed> {
    return this.options.lock(async () => this.#newer(held) ?? (await this.#fetch(held)));
  }

  /** What the storage says, if that is something else than what the caller goes by. */
  #newer(held: KeptSession): Refreshed | undefined {
    const kept = this.options.storage.load();
    if (kept === null) return { kind: 'over', why: 'left' };
    return isSame(kept, held) ? undefined : { kind: 'kept', kept };
  }

  async #fetch(held: KeptSession): Promise<Refreshed> {
    const { calls, storage, clock } = this.options;
    if (storage.load()?.refreshToken === null) return { kind: 'over', why: 'lost' };
    if (!(await calls.reachable())) return { kind: 'later' };
    const newer = this.#newer(held);
    if (newer !== undefined) return newer;
    const { refreshToken = null } = storage.load() ?? {};
    if (refreshToken === null) return { kind: 'over', why: 'lost' };
    storage.save({ ...held, refreshToken: null });
    const askedAt = clock.now();
    const answer = await calls.refresh(refreshToken);
    const changed = this.#newer(held);
    switch (answer.kind) {
      case 'tokens': {
        const { tokens } = answer;
        if (changed !== undefined) {
          // Signed out meanwhile, when there was nothing yet to tell the server with.
          void calls.logout(tokens.accessToken);
          return changed;
        }
        const kept = keptOf(tokens, held.lastsMs, askedAt);
        storage.save(kept);
        return { kind: 'kept', kept };
      }
      case 'not_done':
        if (changed !== undefined) return changed;
        storage.save({ ...held, refreshToken });
        return { kind: 'later' };
      case 'over':
        return changed ?? { kind: 'over', why: whyOf(answer.problem) };
      case 'lost':
        return changed ?? { kind: 'over', why: 'lost' };
      default:
        return answer satisfies never;
    }
  }
}

/** Whether they have the same tokens, sent or not. */
export const isSame = (one: KeptSession, other: KeptSession): boolean =>
  one.accessToken === other.accessToken;

/** How a session ends that the server will not have any more. */
export function whyOf(problem: SessionProblem): SignedOutWhy {
  switch (problem) {
    case 'expired':
    case 'revoked':
      return problem;
    case 'none':
    case 'invalid':
    case 'replaced':
      return 'invalid';
    default:
      return problem satisfies never;
  }
}
