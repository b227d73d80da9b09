import { OFFLINE } from '../orders/offline.ts';
import { useSession } from '../services.ts';
import { useShownState } from '../shell/shown-state.ts';
import { useSignIn } from '../shell/use-sign-in.ts';

interface OrderButtonProps {
  /** What it does. */
  readonly label: string;
  /** To whom is not signed in: "Sign in to deposit". */
  readonly signInLabel: string;
  /** While the order has no answer; the button waits for it. */
  readonly busyLabel: string | null;
  readonly disabled?: boolean;
}

/** Submits a form that places an order. Where none can be placed it says why; whoever is not signed in signs in first. */
export function OrderButton({ label, signInLabel, busyLabel, disabled = false }: OrderButtonProps) {
  const { kind } = useSession();
  const connection = useShownState();
  const signIn = useSignIn();
  const className = 'button button-primary button-large';
  const waiting = (text: string) => (
    <button type="submit" className={className} disabled>
      {text}
    </button>
  );
  if (connection !== 'live') return waiting(OFFLINE[connection]);
  if (kind === 'signing_in') return waiting('Signing in');
  if (kind === 'signed_out') {
    return (
      <button type="button" className={className} onClick={signIn}>
        {signInLabel}
      </button>
    );
  }
  if (busyLabel !== null) return waiting(busyLabel);
  return (
    <button type="submit" className={className} disabled={disabled}>
      {label}
    </button>
  );
}
