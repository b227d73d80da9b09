import { clientOrderId } from '../../shared/ids.ts';
import { wallet } from '../support/wallets.ts';

/** What the market of a run has from the start, as far as attackers and traders need to know. */

/** Agents that only honest traders trade in, so that nobody spoils their prices. */
export const HONEST_AGENTS = ['1', '2', '3', '4'] as const;
/** Agents that attackers name when they mean one that exists. */
export const ATTACKED_AGENTS = ['5', '6', '7', '8'] as const;
export const VAULTS = ['1', '2'] as const;

export const HONEST_TRADERS = ['trader-0', 'trader-1', 'trader-2'] as const;
/** Their wallets have some SOL, too little to graduate an agent. */
export const ATTACKERS = ['mallory-0', 'mallory-1', 'mallory-2', 'mallory-3'] as const;

export const walletOf = (name: string) => wallet(`fuzz ${name}`);
export const orderOf = (text: string) => clientOrderId(text);

/** Where a server of a run is. */
export interface Target {
  readonly port: number;
  /** Of its log: positions of another epoch mean nothing there. */
  readonly epoch: string;
}
