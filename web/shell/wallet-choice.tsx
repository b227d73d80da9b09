import type { UsableWallet } from '../wallet/wallets.ts';

export const NO_WALLET = 'No Solana wallet that can sign in was found in this browser.';

/** A wallet to choose, by its icon and its name. */
export function WalletName({ wallet: { icon, name } }: { readonly wallet: UsableWallet }) {
  return (
    <>
      <img className="wallet-icon" src={icon} alt="" width={20} height={20} />
      {name}
    </>
  );
}
