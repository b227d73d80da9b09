import type { RefObject } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import type { Side } from '../../shared/curve.ts';

/** B and S choose what to do and put the cursor into the amount, unless somebody types elsewhere or a dialog is in front. */
export function useTradeKeys(turn: (side: Side) => void, amount: RefObject<HTMLInputElement | null>): void {
  const isBehindDialog = (): boolean => {
    const dialog = document.querySelector('dialog[open]');
    return dialog !== null && !dialog.contains(amount.current);
  };
  useHotkeys(
    ['b', 's'],
    (_event, { hotkey }) => {
      turn(hotkey === 'b' ? 'buy' : 'sell');
      amount.current?.focus();
    },
    // Their letters, wherever the keyboard has them; and the letter is not to be typed into the amount.
    { useKey: true, preventDefault: true, ignoreEventWhen: isBehindDialog },
  );
}
