import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import type { SignedOutWhy } from '../../shared/client/index.ts';
import { useServices, useSession } from '../services.ts';
import { Menu } from '../ui/menu.tsx';
import type { UsableWallet } from '../wallet/wallets.ts';
import { SignInDialog } from './sign-in-dialog.tsx';
import { NO_WALLET, WalletName } from './wallet-choice.tsx';
import { WalletMenu } from './wallet-menu.tsx';

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
  const { wallets, signIn: flow } = useServices();
  const state = useSession();
  const usable = useSyncExternalStore(wallets.subscribe, wallets.get);
  const { step, place, read } = useSyncExternalStore(flow.subscribe, flow.get);
  if (state.kind === 'signed_in') return <WalletMenu wallet={state.wallet} />;
  if (state.kind === 'signing_in' || step.kind === 'connecting') {
    return (
      <Menu label="Signing in…" items={[{ key: 'cancel', label: 'Cancel', onChoose: flow.cancel }]}>
        <p className="menu-note">Confirm it in your wallet.</p>
      </Menu>
    );
  }
  const isHere = place === 'bar';
  const news = read === state ? null : WHY[state.why];
  const note = (): string | null => {
    if (step.kind === 'failed' && isHere) return step.text;
    // It is over when one has come after all.
    if (step.kind === 'no_wallet' && isHere) return usable.length > 0 ? null : NO_WALLET;
    return news;
  };
  return (
    <>
      <SignInButton
        wallets={usable}
        label={step.kind === 'looking' && isHere ? 'Looking…' : 'Sign in'}
        onBegin={() => flow.begin('bar')}
        onChoose={flow.choose}
      />
      <Note text={note()} onClose={flow.close} />
      {!isHere && <SignInDialog step={step} wallets={usable} flow={flow} />}
    </>
  );
}

interface SignInButtonProps {
  readonly wallets: readonly UsableWallet[];
  /** Where there is nothing to choose from. */
  readonly label: string;
  readonly onBegin: () => void;
  readonly onChoose: (wallet: UsableWallet) => void;
}

function SignInButton({ wallets, label, onBegin, onChoose }: SignInButtonProps) {
  if (wallets.length < 2) {
    return (
      <button type="button" className="button" onClick={onBegin}>
        {label}
      </button>
    );
  }
  const items = wallets.map((wallet) => ({
    key: wallet.name,
    label: <WalletName wallet={wallet} />,
    onChoose: () => onChoose(wallet),
  }));
  return <Menu label="Sign in" name="Sign in with" items={items} />;
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

/** What is said of a sign-out that nobody asked for. */
const WHY: Readonly<Record<SignedOutWhy, string | null>> = {
  never: null,
  left: null,
  expired: 'You have been signed out: the session has come to its end.',
  revoked: 'You have been signed out: the session was ended elsewhere.',
  invalid: 'You have been signed out: the server does not know the session any more.',
  lost: 'You have been signed out: the connection was lost while the session was renewed.',
};
