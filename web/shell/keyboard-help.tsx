import { Dialog } from '../ui/dialog.tsx';
import { SEARCH_KEYS } from './use-shortcuts.ts';

const SHORTCUTS = [
  { keys: ['/'], or: SEARCH_KEYS, does: 'Search agents, vaults and pages' },
  { keys: ['B'], does: 'Buy, on an agent’s page' },
  { keys: ['S'], does: 'Sell, on an agent’s page' },
  { keys: ['?'], does: 'Show these shortcuts' },
  { keys: ['Esc'], does: 'Close what is open' },
] as const;

/** Which keys do what. */
export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map((shortcut) => (
          <div key={shortcut.does}>
            <dt>{shortcut.does}</dt>
            <dd>
              <Keys names={shortcut.keys} />
              {'or' in shortcut && (
                <>
                  <span className="muted">or</span>
                  <Keys names={shortcut.or} />
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function Keys({ names }: { readonly names: readonly string[] }) {
  return names.map((name) => (
    <kbd key={name} className="key">
      {name}
    </kbd>
  ));
}
