import { z } from 'zod';
import {
  agentId,
  clientOrderId,
  isAgentId,
  isClientOrderId,
  isVaultId,
  isWalletAddress,
  mintAddress,
  poolId,
  vaultId,
  walletAddress,
} from './ids.ts';
import { AMOUNT_LIMIT, lamports, price, rate, shares, tokenUnits } from './units.ts';

/**
 * The zod side of units and ids. They take plain values and give branded ones; this is where brands are made. Titles and
 * descriptions are for the API reference (`server/docs`), as are the patterns: those say in JSON Schema what the checks
 * in `ids.ts` say, except that a base58 text of the right length may still have too many bytes.
 */
const amount = z.bigint().nonnegative().lt(AMOUNT_LIMIT, { error: 'must be below 2^63' });
const positive = amount.positive();

const LAMPORTS = { title: 'lamports', description: 'SOL in its smallest unit: 1 SOL is 10^9 lamports.' };
const TOKEN_UNITS = {
  title: 'token units',
  description: 'Agent tokens in their smallest unit: 1 token is 10^6.',
};
const SHARES = { title: 'shares', description: 'Shares of a vault.' };

export const lamportsSchema = amount.transform(lamports).meta(LAMPORTS);
export const positiveLamportsSchema = positive.transform(lamports).meta(LAMPORTS);
export const tokenUnitsSchema = amount.transform(tokenUnits).meta(TOKEN_UNITS);
export const positiveTokenUnitsSchema = positive.transform(tokenUnits).meta(TOKEN_UNITS);
export const priceSchema = amount
  .transform(price)
  .meta({ title: 'price', description: 'SOL for one whole token, in units of 10^-18 SOL.' });
export const sharesSchema = amount.transform(shares).meta(SHARES);
export const positiveSharesSchema = positive.transform(shares).meta(SHARES);
export const rateSchema = z
  .bigint()
  .nonnegative()
  .transform(rate)
  .meta({ title: 'rate', description: 'Lamports for one token unit, or for one share, in units of 10^-18.' });

const base58 = z.string().refine(isWalletAddress, { error: 'must be base58 of 32 bytes' });
const ADDRESS = '^[1-9A-HJ-NP-Za-km-z]{32,44}$';
const NUMBER = '^[1-9][0-9]{0,14}$';
export const walletAddressSchema = base58
  .transform(walletAddress)
  .meta({ title: 'wallet address', description: 'A Solana wallet: base58 of 32 bytes.', pattern: ADDRESS });
export const mintAddressSchema = base58
  .transform(mintAddress)
  .meta({ title: 'mint address', description: "Of an agent's token: base58 of 32 bytes.", pattern: ADDRESS });
export const poolIdSchema = base58.transform(poolId).meta({
  title: 'pool id',
  description: 'Of the pool that a graduated agent trades in: base58 of 32 bytes.',
  pattern: ADDRESS,
});
export const agentIdSchema = z
  .string()
  .refine(isAgentId, { error: 'must be an agent number such as "12"' })
  .transform(agentId)
  .meta({
    title: 'agent id',
    description: 'Number of an agent in order of creation, as text: "1", "2" …',
    pattern: NUMBER,
  });
export const vaultIdSchema = z
  .string()
  .refine(isVaultId, { error: 'must be a vault number such as "3"' })
  .transform(vaultId)
  .meta({
    title: 'vault id',
    description: 'Number of a vault in order of creation, as text: "1", "2" …',
    pattern: NUMBER,
  });
export const clientOrderIdSchema = z
  .string()
  .refine(isClientOrderId, { error: 'must be 1–64 characters of A–Z a–z 0–9 . _ : -' })
  .transform(clientOrderId)
  .meta({
    title: 'order id',
    description:
      'Chosen by the client, 1–64 of A–Z a–z 0–9 . _ : - The same one again gives the same answer and does nothing.',
    pattern: '^[A-Za-z0-9_.:-]{1,64}$',
  });
export const sideSchema = z.enum(['buy', 'sell']);

/** A sequence number in the log: 1, 2, 3 … without holes; 0 stands for "before the first". */
export const seqSchema = z.number().int().nonnegative();
export const timeSchema = z
  .number()
  .int()
  .nonnegative()
  .meta({ title: 'time', description: 'Milliseconds since 1970, UTC.' });

export const curveSchema = z.object({
  virtualSol: lamportsSchema,
  virtualTokens: tokenUnitsSchema,
  realSol: lamportsSchema,
  realTokens: tokenUnitsSchema,
});
