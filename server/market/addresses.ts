import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base58 } from '@scure/base';
import {
  type MintAddress,
  mintAddress,
  type PoolId,
  poolId,
  type WalletAddress,
  walletAddress,
} from '../../shared/ids.ts';

/**
 * Addresses derived from a position in the log: base58 of SHA-256 over a domain word, the epoch and the seq. The same
 * log always gives the same addresses, and two logs never share one.
 */
const derive = (domain: string, epoch: string, seq: number): string =>
  base58.encode(sha256(utf8ToBytes(`agent.fun/${domain}/${epoch}-${seq}`)));

/** The mint of the agent created by entry `seq`. */
export const mintOf = (epoch: string, seq: number): MintAddress => mintAddress(derive('mint', epoch, seq));
/** The pool of the agent graduated by entry `seq`. */
export const poolOf = (epoch: string, seq: number): PoolId => poolId(derive('pool', epoch, seq));
/** The wallet of the vault created by entry `seq`. */
export const vaultAddressOf = (epoch: string, seq: number): WalletAddress =>
  walletAddress(derive('vault', epoch, seq));
