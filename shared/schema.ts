import { z } from 'zod';
import {
  agentId,
  clientOrderId,
  isAgentId,
  isClientOrderId,
  isWalletAddress,
  mintAddress,
  poolId,
  walletAddress,
} from './ids.ts';
import { AMOUNT_LIMIT, lamports, price, tokenUnits } from './units.ts';

/** The zod side of units and ids. They take plain values and give branded ones; this is where brands are made. */
const amount = z.bigint().nonnegative().lt(AMOUNT_LIMIT, { error: 'must be below 2^63' });
const positive = amount.positive();

export const lamportsSchema = amount.transform(lamports);
export const positiveLamportsSchema = positive.transform(lamports);
export const tokenUnitsSchema = amount.transform(tokenUnits);
export const positiveTokenUnitsSchema = positive.transform(tokenUnits);
export const priceSchema = amount.transform(price);

const base58 = z.string().refine(isWalletAddress, { error: 'must be base58 of 32 bytes' });
export const walletAddressSchema = base58.transform(walletAddress);
export const mintAddressSchema = base58.transform(mintAddress);
export const poolIdSchema = base58.transform(poolId);
export const agentIdSchema = z
  .string()
  .refine(isAgentId, { error: 'must be an agent number such as "12"' })
  .transform(agentId);
export const clientOrderIdSchema = z
  .string()
  .refine(isClientOrderId, { error: 'must be 1–64 characters of A–Z a–z 0–9 . _ : -' })
  .transform(clientOrderId);
export const sideSchema = z.enum(['buy', 'sell']);

/** A sequence number in the log: 1, 2, 3 … without holes; 0 stands for "before the first". */
export const seqSchema = z.number().int().nonnegative();
/** Milliseconds since the epoch, UTC. */
export const timeSchema = z.number().int().nonnegative();

export const curveSchema = z.object({
  virtualSol: lamportsSchema,
  virtualTokens: tokenUnitsSchema,
  realSol: lamportsSchema,
  realTokens: tokenUnitsSchema,
});
