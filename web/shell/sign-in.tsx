import { useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import {
  type ClientSession,
  type SessionState,
  type SignedOutWhy,
  SignInError,
} from '../../shared/client/index.ts';
import { useServices, useSession } from '../services.ts';
import { Address } from '../ui/address.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { comingWallets, type UsableWallet } from '../wallet/wallets.ts';

/** Who is signed in, or a way to be. Its button is another one in every state, and takes the focus over. */
export function SignIn() {
  const { kind } = useSession();
  const root = useRef<HTMLDivElement>(null);
  const focused = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the buttons change with the state
  useLayoutEffect(() => {
    const isNowhere = document.activeElement === null || document.activeElement === document.body;
    if (focused.current && isNowhere) root.current?.querySelector('button')?.focus();
  }, [kind]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only sees where the focus goes
    <div
      className="sign-in"
      ref={root}
      onFocus={() => {
        focused.current = true;
      }}
      onBlur={({ relatedTarget }) => {
        // A button that is taken out of the page loses it to nothing.
        if (relatedTarget !== null) focused.current = false;
      }}
    >
      <Buttons />
    </div>
  );
}

function Buttons() {
  const { session, wallets } = useServices();
  const state = useSession();
  const usable = useSyncExternalStore(wallets.subscribe, wallets.get);
  const [problem, setProblem] = useState<string | null>(null);
  /** Pressed before there was a wallet. */
  const [looking, setLooking] = useState(false);
  /** The state of which nothing more is to be said. */
  const [read, setRead] = useState<SessionState | null>(null);
  const start = (wallet: UsableWallet): void => {
    setProblem(null);
    setRead(state);
    signInWith(session, wallet).catch((error: unknown) => setProblem(messageOf(error)));
  };
  const look = async (): Promise<void> => {
    if (looking) return;
    setProblem(null);
    setRead(state);
    setLooking(true);
    const [first, ...others] = await comingWallets(wallets, LOOK_MS);
    setLooking(false);
    // Another tab has signed in meanwhile.
    if (session.state.get().kind !== 'signed_out') return;
    if (first === undefined) setProblem(NO_WALLET);
    else if (others.length === 0) start(first);
  };
  const leave = (): void => {
    setProblem(null);
    void session.signOut();
  };
  const close = (): void => {
    setProblem(null);
    setRead(state);
  };
  switch (state.kind) {
    case 'signed_in':
      return <SignedIn wallet={state.wallet} onSignOut={leave} />;
    case 'signing_in':
      return (
        <Menu label="Signing in…" items={[{ key: 'cancel', label: 'Cancel', onChoose: leave }]}>
          <p className="menu-note">Confirm it in your wallet.</p>
        </Menu>
      );
    case 'signed_out': {
      const isOver = problem === NO_WALLET && usable.length > 0;
      const news = read === state ? null : WHY[state.why];
      return (
        <>
          <SignInButton
            wallets={usable}
            label={looking ? 'Looking…' : 'Sign in'}
            onChoose={start}
            onNone={() => void look()}
          />
          <Note text={isOver ? null : (problem ?? news)} onClose={close} />
        </>
      );
    }
    default:
      return state satisfies never;
  }
}

interface SignInButtonProps {
  readonly wallets: readonly UsableWallet[];
  /** Where there is nothing to choose from. */
  readonly label: string;
  readonly onChoose: (wallet: UsableWallet) => void;
  readonly onNone: () => void;
}

function SignInButton({ wallets, label, onChoose, onNone }: SignInButtonProps) {
  const [only] = wallets;
  if (only === undefined || wallets.length === 1) {
    const choose = only === undefined ? onNone : () => onChoose(only);
    return (
      <button type="button" className="button" onClick={choose}>
        {label}
      </button>
    );
  }
  const items = wallets.map(
    (wallet): MenuItem => ({
      key: wallet.name,
      label: (
        <>
          <img className="wallet-icon" src={wallet.icon} alt="" width={20} height={20} />
          {wallet.name}
        </>
      ),
      onChoose: () => onChoose(wallet),
    }),
  );
  return <Menu label="Sign in" name="Sign in with" items={items} />;
}

interface SignedInProps {
  readonly wallet: string;
  readonly onSignOut: () => void;
}

function SignedIn({ wallet, onSignOut }: SignedInProps) {
  const items: readonly MenuItem[] = [
    { key: 'copy', label: 'Copy address', onChoose: () => void navigator.clipboard?.writeText(wallet) },
    { key: 'leave', label: 'Sign out', onChoose: onSignOut },
  ];
  return <Menu label={<Address value={wallet} />} name={`Wallet ${wallet}`} items={items} />;
}

interface NoteProps {
  /** Without one it is not shown. */
  readonly text: string | null;
  readonly onClose: () => void;
}

/** It stays in the page while there is nothing to say, so that screen readers hear what it says then. */
function Note({ text, onClose }: NoteProps) {
  return (
    <div className="menu-sheet sign-in-note" role="status" hidden={text === null}>
      <p className="menu-note">{text}</p>
      <button type="button" className="menu-item" onClick={onClose}>
        Close
      </button>
    </div>
  );
}

/** How long somebody who presses before there is a wallet waits to hear that there is none. */
const LOOK_MS = 2_000;
const NO_WALLET = 'No Solana wallet that can sign in was found in this browser.';

/** What is said of a sign-out that nobody asked for. */
const WHY: Readonly<Record<SignedOutWhy, string | null>> = {
  never: null,
  left: null,
  expired: 'You have been signed out: the session has come to its end.',
  revoked: 'You have been signed out: the session was ended elsewhere.',
  invalid: 'You have been signed out: the server does not know the session any more.',
  lost: 'You have been signed out: the connection was lost while the session was renewed.',
};

async function signInWith(session: ClientSession, wallet: UsableWallet): Promise<void> {
  await session.signIn(await wallet.connect());
}

/** Wallets say in words of their own what was declined. */
function messageOf(error: unknown): string | null {
  if (error instanceof SignInError) return error.why === 'superseded' ? null : error.message;
  return error instanceof Error && error.message !== '' ? error.message : 'The wallet did not sign in.';
}
