/** Whether an element may move: not where motion is unwelcome, nor where it cannot. */
export const mayAnimate = (element: Element): boolean => typeof element.animate === 'function' && !calm();

/** Whether the viewer has asked for as little motion as possible. */
export const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
