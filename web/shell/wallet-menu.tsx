import { Copy, Droplet, LogOut, type LucideIcon, MonitorOff, Settings, Wallet } from 'lucide-react';
import { useState } from 'react';
import { useAccount } from '../live/hooks.ts';
import { pagePath } from '../router.ts';
import { useServices } from '../services.ts';
import { Address } from '../ui/address.tsx';
import { SolFigure } from '../ui/figure.tsx';
import { Link } from '../ui/link.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { FAUCET_TEXT, useFaucet } from '../wallet/use-faucet.ts';
import { LeaveDialog } from './wallet-leave.tsx';

/** The wallet that is signed in: what it has to spend, and what can be done with it. */
export function WalletMenu({ wallet }: { readonly wallet: string }) {
  const { toasts, session } = useServices();
  const sol = useAccount().view?.sol;
  const takeSol = useFaucet();
  const [leaving, setLeaving] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      // Pages that came by plain http have none.
      await navigator.clipboard.writeText(wallet);
      toasts.show({ tone: 'info', title: 'Address copied', detail: wallet });
    } catch {
      toasts.show({ tone: 'bad', title: 'The address could not be copied', detail: wallet });
    }
  };
  const items: readonly MenuItem[] = [
    { key: 'copy', label: <Entry icon={Copy} text="Copy address" />, onChoose: () => void copy() },
    { key: 'portfolio', label: <Entry icon={Wallet} text="Portfolio" />, href: pagePath('portfolio') },
    { key: 'faucet', label: <Entry icon={Droplet} text={`Get ${FAUCET_TEXT}`} />, onChoose: takeSol },
    { key: 'settings', label: <Entry icon={Settings} text="Settings" />, href: pagePath('settings') },
    {
      key: 'leave-all',
      label: <Entry icon={MonitorOff} text="Sign out everywhere" />,
      onChoose: () => setLeaving(true),
      startsGroup: true,
    },
    { key: 'leave', label: <Entry icon={LogOut} text="Sign out" />, onChoose: () => void session.signOut() },
  ];
  return (
    <div className="wallet">
      {sol !== undefined && (
        <Link className="wallet-balance" href={pagePath('portfolio')}>
          <span className="visually-hidden">Balance: </span>
          <SolFigure value={sol} /> <span className="muted">SOL</span>
        </Link>
      )}
      <Menu
        label={
          <>
            <span className="visually-hidden">Wallet </span>
            <Address value={wallet} />
          </>
        }
        items={items}
      >
        {sol !== undefined && (
          <p className="menu-note wallet-sum">
            Balance
            <span>
              <SolFigure value={sol} /> SOL
            </span>
          </p>
        )}
      </Menu>
      {leaving && <LeaveDialog onClose={() => setLeaving(false)} />}
    </div>
  );
}

interface EntryProps {
  readonly icon: LucideIcon;
  readonly text: string;
}

function Entry({ icon: Icon, text }: EntryProps) {
  return (
    <>
      <Icon size={16} aria-hidden="true" />
      {text}
    </>
  );
}
