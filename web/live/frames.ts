/** A hidden tab gets no frames; its title and its stores still want to be right. */
const HIDDEN_MS = 500;

/** Something that has news to tell. */
export interface Publisher {
  publish(): void;
}

/**
 * Gathers what changed and lets it all tell its readers at once, at most once per animation frame: a burst of a
 * thousand messages is folded a thousand times but rendered once.
 */
export class Frames {
  readonly #dirty = new Set<Publisher>();
  #cancel: (() => void) | undefined;

  mark(publisher: Publisher): void {
    this.#dirty.add(publisher);
    this.#cancel ??= this.#schedule();
  }

  readonly #flush = (): void => {
    this.#cancel?.();
    this.#cancel = undefined;
    const publishers = [...this.#dirty];
    this.#dirty.clear();
    for (const publisher of publishers) publisher.publish();
  };

  #schedule(): () => void {
    const frame = requestAnimationFrame(this.#flush);
    const timer = setTimeout(this.#flush, HIDDEN_MS);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }
}
