import { useCallback } from 'react';
import { FAUCET_SOL } from '../../shared/faucet.ts';
import { formatAge } from '../../shared/format.ts';
import type { Failure } from '../orders/words.ts';
import { useServices } from '../services.ts';
import { exactSol } from '../ui/exact.ts';
import type { ToastText } from '../ui/toasts.ts';

/** What the faucet gives, as it is spoken of: "10 SOL". */
export const FAUCET_TEXT = exactSol(FAUCET_SOL);

/** Gives what asks the faucet for the SOL of the day. Whoever is not signed in is refused. */
export function useFaucet(): () => void {
  const { orders, client, serverClock } = useServices();
  return useCallback(() => {
    void orders.place({
      pending: `Asking the faucet for ${FAUCET_TEXT}`,
      send: (clientOrderId) => client.faucet.mutate({ clientOrderId }),
      done: ({ credit }) => ({
        title: `${exactSol(credit.sol)} received`,
        detail: `Paper SOL from the faucet, entry ${credit.seq}. It gives again tomorrow.`,
      }),
      refused: (failure) => faucetWords(failure, serverClock.now()),
    });
  }, [orders, client, serverClock]);
}

/** What is said when the faucet gave nothing; `null` where any order would say the same. */
export function faucetWords({ kind, rejection, words }: Failure, now: number): ToastText | null {
  if (rejection?.reason === 'faucet_empty') {
    const { nextAt } = rejection;
    const time = new Date(nextAt).toISOString().slice(11, 16);
    return {
      title: 'You have today’s SOL already',
      detail: `The faucet gives again in ${formatAge(nextAt, now)}, at ${time} UTC.`,
    };
  }
  return kind === 'refused' ? { title: 'The faucet gave nothing', detail: words.detail } : null;
}
