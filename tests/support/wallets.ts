import { namedWallet } from '../../server/sim/replay.ts';
import { type ClientOrderId, clientOrderId, type WalletAddress } from '../../shared/ids.ts';

/** Wallets of the tests, by name. */
export const wallet = (name: string): WalletAddress => namedWallet(`test ${name}`);

/** Order ids that never repeat within one source. */
export function orderIds(prefix = 'order'): () => ClientOrderId {
  let last = 0;
  return () => {
    last += 1;
    return clientOrderId(`${prefix}-${last}`);
  };
}
