import { type FocusEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { usePressOutside } from '../ui/use-press-outside.ts';

/** `peeking`: as long as it is pointed at or focused. `pinned`: until it is pressed again, or something else is. */
type Phase = 'closed' | 'peeking' | 'pinned';

/**
 * Opens what belongs to a button while a mouse is on either, while the keyboard is on the button, or from press to press;
 * Escape and a press elsewhere close it (WCAG 2.2, 1.4.13).
 */
export function useDisclosure() {
  const [phase, setPhase] = useState<Phase>('closed');
  const root = useRef<HTMLDivElement>(null);
  const isOpen = phase !== 'closed';
  useEffect(() => {
    if (!isOpen) return;
    const closeOnEscape = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') setPhase('closed');
    };
    document.addEventListener('keydown', closeOnEscape);
    return () => document.removeEventListener('keydown', closeOnEscape);
  }, [isOpen]);
  usePressOutside(root, isOpen, () => setPhase('closed'));
  const peek = (): void => setPhase((now) => (now === 'closed' ? 'peeking' : now));
  const leave = (): void => setPhase((now) => (now === 'peeking' ? 'closed' : now));
  return {
    isOpen,
    rootProps: {
      ref: root,
      onPointerEnter: ({ pointerType }: PointerEvent): void => {
        if (pointerType === 'mouse') peek();
      },
      onPointerLeave: ({ pointerType }: PointerEvent): void => {
        if (pointerType === 'mouse') leave();
      },
    },
    buttonProps: {
      onClick: (): void => setPhase((now) => (now === 'pinned' ? 'closed' : 'pinned')),
      onFocus: ({ currentTarget }: FocusEvent): void => {
        // A press focuses too, and has its own meaning.
        if (currentTarget.matches(':focus-visible')) peek();
      },
      onBlur: ({ relatedTarget }: FocusEvent): void => {
        // Text in it that is pressed takes the focus to nowhere.
        if (relatedTarget !== null) setPhase('closed');
      },
    },
  };
}
