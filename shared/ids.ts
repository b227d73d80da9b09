/** Identifiers, branded so that one cannot stand in for another. They are made only by the parsers here. */
declare const id: unique symbol;
type Id<Name extends string> = string & { readonly [id]: Name };

/** A Solana wallet: base58 of 32 bytes. */
export type WalletAddress = Id<'wallet'>;
/** The number of an agent in order of creation, as decimal text: "1", "2", … */
export type AgentId = Id<'agent'>;
/** The number of a vault in order of creation, as decimal text: "1", "2", … */
export type VaultId = Id<'vault'>;
/** Base58 of 32 bytes, derived from the position of the agent's creation in the log. */
export type MintAddress = Id<'mint'>;
/** Base58 of 32 bytes, derived from the position of the agent's graduation in the log. */
export type PoolId = Id<'pool'>;
/** Chosen by the client, 1–64 of A–Z a–z 0–9 . _ : -; makes a mutation idempotent per wallet. */
export type ClientOrderId = Id<'order'>;

const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const ADDRESS_LIMIT = 2n ** 256n;

/** Whether the text is base58 of exactly 32 bytes. */
function isAddress(text: string): boolean {
  if (!ADDRESS.test(text)) return false;
  let value = 0n;
  let zeros = 0;
  for (const character of text) {
    if (value === 0n && character === '1') zeros += 1;
    value = value * 58n + BigInt(BASE58.indexOf(character));
  }
  if (value >= ADDRESS_LIMIT) return false;
  const bytes = value === 0n ? 0 : Math.ceil(value.toString(16).length / 2);
  return zeros + bytes === 32;
}

function parser<T extends Id<string>>(name: string, accepts: (text: string) => boolean): (text: string) => T {
  return (text) => {
    if (!accepts(text)) throw new RangeError(`not a ${name}: ${JSON.stringify(text.slice(0, 80))}`);
    return text as T;
  };
}

export const isWalletAddress = isAddress;
const isNumber = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);
export const isAgentId = (text: string): boolean => isNumber(text);
export const isVaultId = (text: string): boolean => isNumber(text);
export const isClientOrderId = (text: string): boolean => /^[\w.:-]{1,64}$/.test(text);

/** @throws RangeError when the text is not base58 of 32 bytes. */
export const walletAddress = parser<WalletAddress>('wallet address', isAddress);
/** @throws RangeError when the text is not base58 of 32 bytes. */
export const mintAddress = parser<MintAddress>('mint address', isAddress);
/** @throws RangeError when the text is not base58 of 32 bytes. */
export const poolId = parser<PoolId>('pool id', isAddress);
/** @throws RangeError when the text is not a positive decimal number. */
export const agentId = parser<AgentId>('agent id', isAgentId);
/** @throws RangeError when the text is not a positive decimal number. */
export const vaultId = parser<VaultId>('vault id', isVaultId);
/** @throws RangeError when the text is not 1–64 of A–Z a–z 0–9 . _ : - */
export const clientOrderId = parser<ClientOrderId>('client order id', isClientOrderId);
