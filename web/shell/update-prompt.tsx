import { useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';

/** Whether this page was made for another server than the one that is there now. */
export function useOutdated(): boolean {
  const { outdated } = useServices();
  return useSyncExternalStore(outdated.subscribe, outdated.get);
}

/**
 * Asks to load the page anew once the server has been updated. It takes no focus: somebody may be writing something that
 * they want to keep. It is always in the page, so that screen readers hear what comes into it.
 */
export function UpdatePrompt() {
  const outdated = useOutdated();
  return (
    <div className="update" role="status" data-shown={outdated}>
      {outdated && (
        <>
          <p>Agent.fun was updated. Reload to go on.</p>
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            Reload
          </button>
        </>
      )}
    </div>
  );
}
