import { type KeptSession, keptOf } from './kept-session.ts';
import type { SessionParts } from './session-parts.ts';
import type { SigningWallet } from './session-state.ts';

/** Has the wallet prove itself to the server. Rejects with what the wallet rejects with, or with a SignInError. */
export async function signInWith(
  { calls, clock }: Pick<SessionParts, 'calls' | 'clock'>,
  wallet: SigningWallet,
): Promise<KeptSession> {
  const challenge = await calls.challenge(wallet.address);
  // The clocks of server and client may be far apart: how long a token lasts is what counts.
  const ahead = Date.parse(challenge.issuedAt) - clock.now();
  const signed = await wallet.signIn(challenge);
  const askedAt = clock.now();
  const tokens = await calls.signIn(signed);
  return keptOf(tokens, Math.max(0, tokens.accessExpiresAt - ahead - askedAt), askedAt);
}

/**
 * Has the server end a session that nobody goes by any more here, and forgets it, once more if another tab has put it
 * back meanwhile. A refresh token is used only if it is still there when nobody else can send it.
 * @returns whether the server has ended it
 */
export function endSession(
  { calls, storage, lock, clock }: Pick<SessionParts, 'calls' | 'storage' | 'lock' | 'clock'>,
  left: KeptSession,
  everywhere: boolean,
): Promise<boolean> {
  return lock(async () => {
    const stored = storage.load();
    const kept = stored?.sessionId === left.sessionId ? stored : null;
    if (kept !== null) storage.clear();
    const { accessToken, goodUntil } = kept ?? left;
    if (goodUntil > clock.now()) return calls.logout(accessToken, everywhere);
    if (kept === null || kept.refreshToken === null) return false;
    const answer = await calls.refresh(kept.refreshToken);
    if (answer.kind === 'tokens') return calls.logout(answer.tokens.accessToken, everywhere);
    return answer.kind === 'over';
  });
}
