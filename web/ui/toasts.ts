import type { Store } from '../../shared/client/index.ts';
import { Listeners } from '../live/listeners.ts';

/** `pending` stays until it is replaced. */
export type ToastTone = 'pending' | 'good' | 'bad' | 'info';

export interface ToastWords {
  readonly tone: ToastTone;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly link?: { readonly href: string; readonly label: string } | undefined;
}

export interface Toast extends ToastWords {
  readonly id: number;
}

/** How long each stays. What went wrong takes longer to read. */
const SHOWN_MS: Readonly<Record<ToastTone, number | null>> = {
  pending: null,
  good: 6_000,
  info: 6_000,
  bad: 12_000,
};
const MOST = 4;

/** Short messages at the edge of the page, newest last. */
export class Toasts implements Store<readonly Toast[]> {
  readonly #listeners = new Listeners();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #toasts: readonly Toast[] = [];
  #ids = 0;
  #held = false;

  readonly get = (): readonly Toast[] => this.#toasts;
  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** Shows one, and gives what replaces its words. */
  show(words: ToastWords): (words: ToastWords) => void {
    this.#ids += 1;
    const id = this.#ids;
    this.#put({ ...words, id });
    return (next) => this.#put({ ...next, id });
  }

  readonly dismiss = (id: number): void => {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#set(this.#toasts.filter((toast) => toast.id !== id));
  };

  /** While somebody reads them none goes away. */
  readonly hold = (): void => {
    this.#held = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  };
  readonly release = (): void => {
    this.#held = false;
    for (const toast of this.#toasts) this.#expire(toast);
  };

  /** One that was dismissed while it was pending comes back with its outcome. */
  #put(toast: Toast): void {
    clearTimeout(this.#timers.get(toast.id));
    const others = this.#toasts.filter(({ id }) => id !== toast.id);
    this.#set([...others, toast].sort((a, b) => a.id - b.id));
    while (this.#toasts.length > MOST) {
      const oldest = this.#toasts.find(({ tone }) => tone !== 'pending') ?? this.#toasts[0];
      if (oldest !== undefined) this.dismiss(oldest.id);
    }
    if (!this.#held) this.#expire(toast);
  }

  #expire({ id, tone }: Toast): void {
    const ms = SHOWN_MS[tone];
    if (ms !== null)
      this.#timers.set(
        id,
        setTimeout(() => this.dismiss(id), ms),
      );
  }

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    this.#listeners.notify();
  }
}
