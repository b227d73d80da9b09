import { namedWallet } from '../../server/sim/players.ts';
import type { WalletAddress } from '../../shared/ids.ts';

/** Wallets of the tests, by name. */
export const wallet = (name: string): WalletAddress => namedWallet(`test ${name}`);
