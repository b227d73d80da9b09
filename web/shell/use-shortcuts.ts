import { useHotkeys } from 'react-hotkeys-hook';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
/** As they are written on this machine's keyboard. */
export const SEARCH_KEYS: readonly string[] = isMac ? ['⌘', 'K'] : ['Ctrl', 'K'];

interface Shortcuts {
  readonly search: () => void;
  readonly help: () => void;
}

/**
 * The keys that work on every page. Single keys do nothing while something is written or a dialog is open; a browser's own
 * shortcuts, which have modifiers, stay its own but for the one of search.
 */
export function useShortcuts({ search, help }: Shortcuts): void {
  const free = { preventDefault: true, ignoreEventWhen: hasDialog } as const;
  useHotkeys('mod+k', search, { ...free, enableOnFormTags: true, enableOnContentEditable: true });
  useHotkeys('/', search, { ...free, useKey: true });
  // Where it takes Shift depends on the keyboard.
  useHotkeys(['?', 'shift+?'], help, { ...free, useKey: true });
}

/** Whatever is open has the keys. */
const hasDialog = (): boolean => document.querySelector('dialog[open]') !== null;
