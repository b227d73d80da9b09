import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { KeypairWallet } from '../../shared/wallet/keypair.ts';

const SECRET_KEY_BYTES = 64;
const bytes = z.array(z.int().min(0).max(255)).length(SECRET_KEY_BYTES);

/**
 * Reads a keypair as `solana-keygen` writes it: a JSON list of 64 numbers.
 * @throws Error when it is none; nothing of it is in the message
 */
export async function readKeypair(file: string): Promise<KeypairWallet> {
  const text = await readFile(file, 'utf8');
  const notOne = (): Error =>
    new Error(`${file} is no keypair file: a JSON list of ${SECRET_KEY_BYTES} numbers, seed and public key`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The error of the parser would repeat a part of the text.
    throw notOne();
  }
  const { data } = bytes.safeParse(parsed);
  if (data === undefined) throw notOne();
  return KeypairWallet.fromSecretKey(Uint8Array.from(data));
}
