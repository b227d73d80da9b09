import { createHash } from 'node:crypto';
import { base58 } from '@scure/base';
import { type ClientOrderId, type WalletAddress, walletAddress } from '../../shared/ids.ts';
import type { Lamports } from '../../shared/units.ts';
import type { Caller } from '../api/router.ts';
import type { Session } from '../identity/session.ts';

/** What players call: procedures, as the server's own code does or as a client elsewhere. */
export type PlayerApi = Pick<
  Caller,
  | 'account'
  | 'agents'
  | 'buy'
  | 'claimRewards'
  | 'createAgent'
  | 'createVault'
  | 'portfolio'
  | 'sell'
  | 'stake'
  | 'stakes'
  | 'unstake'
  | 'vault'
  | 'vaultBuy'
  | 'vaultDeposit'
  | 'vaults'
  | 'vaultSell'
  | 'vaultWithdraw'
>;

/** Somebody who acts in a market. */
export interface Player {
  readonly wallet: WalletAddress;
  readonly api: PlayerApi;
}

export interface Funding {
  readonly clientOrderId: ClientOrderId;
  readonly wallet: WalletAddress;
  readonly sol: Lamports;
}

/** All who act in a market: simulated traders, or those of a recording. */
export interface Players {
  /** The one of that name, ready to act. */
  player(name: string): Promise<Player>;
  /** Gives a player SOL out of nothing. @throws when this market does not, or no more */
  fund(funding: Funding): Promise<void>;
}

/** A wallet made from a word: for simulations, which have nobody to sign for them. */
export const namedWallet = (name: string): WalletAddress =>
  walletAddress(base58.encode(createHash('sha256').update(`agent.fun/simulated/${name}`).digest()));

const OPERATOR: Session = { wallet: namedWallet('operator'), operator: true };

/** In the market of this process. */
export class LocalPlayers implements Players {
  /** @param walletOf the wallet of a name */
  constructor(
    private readonly callerOf: (session: Session) => Caller,
    private readonly walletOf: (name: string) => WalletAddress = namedWallet,
  ) {}

  async player(name: string): Promise<Player> {
    const wallet = this.walletOf(name);
    return { wallet, api: this.callerOf({ wallet }) };
  }

  async fund(funding: Funding): Promise<void> {
    await this.callerOf(OPERATOR).credit(funding);
  }
}
