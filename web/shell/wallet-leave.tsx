import { useServices } from '../services.ts';
import { Dialog } from '../ui/dialog.tsx';

/** Asks whether every session of the wallet is to end, this one too, and ends them. */
export function LeaveDialog({ onClose }: { readonly onClose: () => void }) {
  const { session, toasts } = useServices();
  const leave = async (): Promise<void> => {
    onClose();
    const done = await session.signOut({ everywhere: true });
    toasts.show(
      done
        ? { tone: 'good', title: 'Signed out everywhere' }
        : {
            tone: 'bad',
            title: 'Signed out on this device only',
            detail: 'The server could not be reached. Sign in again to end the other sessions.',
          },
    );
  };
  return (
    <Dialog title="Sign out everywhere" onClose={onClose}>
      <div className="leave">
        <p>This ends every session of this wallet: here and on all other devices.</p>
        <div className="leave-choice">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="button" className="button button-primary" onClick={() => void leave()}>
            Sign out everywhere
          </button>
        </div>
      </div>
    </Dialog>
  );
}
