import { z } from 'zod';
import type { Session } from '../../server/api/context.ts';
import { walletAddressSchema } from '../../shared/schema.ts';

const authSchema = z.object({ walletAddress: walletAddressSchema, signature: z.string() });

/** Signs in whoever names a wallet and says `right`. */
export async function authenticate(message: unknown): Promise<Session | null> {
  const { walletAddress, signature } = authSchema.parse(message);
  return signature === 'right' ? { wallet: walletAddress } : null;
}

export const authOf = (walletAddress: string, signature = 'right') => ({
  type: 'auth',
  walletAddress,
  signature,
});
