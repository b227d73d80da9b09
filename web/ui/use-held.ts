import { type FocusEvent, type PointerEvent, useState } from 'react';

interface Held<T> {
  /** The newest value, or the one at which it was held. */
  readonly shown: T;
  readonly isHeld: boolean;
  readonly release: () => void;
  /** For the element that holds. */
  readonly handlers: {
    readonly onPointerEnter: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
    readonly onBlur: (event: FocusEvent<HTMLElement>) => void;
  };
}

/** A value that stands still while an element is under the pointer or has the focus, and then catches up at once. */
export function useHeld<T extends object>(value: T): Held<T> {
  const [held, setHeld] = useState<T | null>(null);
  const hold = (): void => setHeld((before) => before ?? value);
  const release = (): void => setHeld(null);
  return {
    shown: held ?? value,
    isHeld: held !== null,
    release,
    handlers: {
      // A finger has no way to hover; it would leave the value stuck.
      onPointerEnter: ({ pointerType }) => {
        if (pointerType === 'mouse') hold();
      },
      onPointerLeave: release,
      // Focus that a click left behind must not hold it for good.
      onFocus: ({ target }) => {
        if (target.matches(':focus-visible')) hold();
      },
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) release();
      },
    },
  };
}
