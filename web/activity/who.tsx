import type { WalletAddress } from '../../shared/ids.ts';
import { useSession } from '../services.ts';
import { Address } from '../ui/address.tsx';

/** A wallet at the beginning of a sentence: "You" where it is the one that is signed in. */
export function Who({ wallet }: { readonly wallet: WalletAddress }) {
  const session = useSession();
  if (session.kind !== 'signed_in' || session.wallet !== wallet) return <Address value={wallet} />;
  return <span className="yours">You</span>;
}
