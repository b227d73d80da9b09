import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Calls back when something else than an element and what is in it is pressed, as long as that is of interest. */
export function usePressOutside(
  root: RefObject<HTMLElement | null>,
  isOfInterest: boolean,
  onPress: () => void,
): void {
  const press = useEffectEvent(onPress);
  useEffect(() => {
    if (!isOfInterest) return;
    const listener = ({ target }: Event): void => {
      if (target instanceof Node && root.current?.contains(target) === false) press();
    };
    document.addEventListener('pointerdown', listener);
    return () => document.removeEventListener('pointerdown', listener);
  }, [root, isOfInterest]);
}
