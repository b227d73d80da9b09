import type { WalletCredited } from '../../shared/events.ts';
import { utcDay, utcDayStart } from '../../shared/faucet.ts';
import type { WalletAddress } from '../../shared/ids.ts';

/**
 * Who has taken from the faucet, on the newest day on which anybody did: what came before refuses nobody any more. So
 * it is as large as the wallets of one day, and kept until the first take of a later one.
 */
export interface Faucet {
  /** UTC day, as `utcDay` counts them; it never goes back. */
  day: number;
  taken: Set<WalletAddress>;
}

export const untouchedFaucet = (): Faucet => ({ day: 0, taken: new Set() });

/**
 * When the faucet gives to a wallet again, ms; `null` when it does so at `at`. A time of a day before the newest one
 * opens nothing: who has taken on that one waits for its end.
 */
export function refilledAt({ day, taken }: Faucet, wallet: WalletAddress, at: number): number | null {
  return utcDay(at) <= day && taken.has(wallet) ? utcDayStart(day + 1) : null;
}

/** Takes over what the faucet has given. */
export function foldTake(faucet: Faucet, { wallet, at }: Pick<WalletCredited, 'wallet' | 'at'>): void {
  const day = utcDay(at);
  if (day > faucet.day) {
    faucet.day = day;
    faucet.taken = new Set();
  }
  faucet.taken.add(wallet);
}
