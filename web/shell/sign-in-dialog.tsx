import { Dialog } from '../ui/dialog.tsx';
import type { SignInFlow, SignInStep } from '../wallet/sign-in-flow.ts';
import type { UsableWallet } from '../wallet/wallets.ts';
import { NO_WALLET, WalletName } from './wallet-choice.tsx';

interface SignInDialogProps {
  readonly step: SignInStep;
  readonly wallets: readonly UsableWallet[];
  readonly flow: SignInFlow;
}

/** The face of a sign-in that was begun away from the top bar: closed while there is nothing to choose or to say. */
export function SignInDialog({ step, wallets, flow }: SignInDialogProps) {
  if (step.kind === 'idle' || step.kind === 'connecting') return null;
  const again = () => flow.begin('elsewhere');
  return (
    <Dialog title="Sign in" kind="sheet" onClose={flow.close}>
      <div className="sign-in-steps">
        {step.kind === 'choosing' ? (
          wallets.map((wallet) => (
            <button
              key={wallet.name}
              type="button"
              className="button sign-in-wallet"
              onClick={() => flow.choose(wallet)}
            >
              <WalletName wallet={wallet} />
            </button>
          ))
        ) : (
          <>
            <p role="status">{textOf(step)}</p>
            {step.kind !== 'looking' && (
              <button type="button" className="button" onClick={again}>
                Try again
              </button>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function textOf(step: Extract<SignInStep, { kind: 'looking' | 'no_wallet' | 'failed' }>): string {
  switch (step.kind) {
    case 'looking':
      return 'Looking for a wallet in this browser…';
    case 'no_wallet':
      return NO_WALLET;
    case 'failed':
      return step.text;
    default:
      return step satisfies never;
  }
}
