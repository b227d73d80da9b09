import { useCallback, useMemo } from 'react';
import { isWalletAddress, type WalletAddress, walletAddress } from '../../shared/ids.ts';
import { useOwnWallet, useServices } from '../services.ts';
import { sendAsWallet } from './send-trade.ts';
import { createTrader, type Trader } from './trader.ts';

/** Places trades of the signed-in wallet; `null` when nobody is signed in. The same as long as the wallet is. */
export function useTrader(): Trader | null {
  const { client, orders, toasts } = useServices();
  const slippageBps = useSlippage();
  const address = useOwnAddress();
  return useMemo(() => {
    if (address === null) return null;
    return createTrader({ address, send: sendAsWallet(client), orders, toasts, slippageBps });
  }, [address, client, orders, toasts, slippageBps]);
}

/** Gives the slippage that is set when it is asked for, so that a change of it makes nobody render again. */
export function useSlippage(): () => number {
  const { settings } = useServices();
  return useCallback(() => settings.getState().slippageBps, [settings]);
}

/** Of the wallet that is signed in. */
function useOwnAddress(): WalletAddress | null {
  const wallet = useOwnWallet();
  return useMemo(() => (wallet !== null && isWalletAddress(wallet) ? walletAddress(wallet) : null), [wallet]);
}
