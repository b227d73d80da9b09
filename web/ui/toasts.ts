import type { Store } from '../../shared/client/index.ts';
import { Listeners } from '../live/listeners.ts';

/** `pending` stays until it is replaced. */
export type ToastTone = 'pending' | 'good' | 'bad' | 'info';

export interface ToastText {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly link?: { readonly href: string; readonly label: string } | undefined;
}

export interface ToastWords extends ToastText {
  readonly tone: ToastTone;
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

/** Who keeps the toasts from going away: each must let go before they do. */
type Reader = 'pointer' | 'focus';

/** Short messages at the edge of the page, newest last. */
export class Toasts implements Store<readonly Toast[]> {
  readonly #listeners = new Listeners();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  readonly #readers = new Set<Reader>();
  #toasts: readonly Toast[] = [];
  #ids = 0;

  readonly get = (): readonly Toast[] => this.#toasts;
  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** Shows one, and gives what replaces its words in place. One that was dismissed comes back with new words. */
  show(words: ToastWords): (words: ToastWords) => void {
    this.#ids += 1;
    const id = this.#ids;
    this.#put({ ...words, id });
    return (next) => this.#put({ ...next, id });
  }

  readonly dismiss = (id: number): void => {
    this.#remove(id);
    this.#listeners.notify();
  };

  /** While somebody reads them none goes away. */
  readonly hold = (reader: Reader): void => {
    this.#readers.add(reader);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  };
  readonly release = (reader: Reader): void => {
    this.#readers.delete(reader);
    for (const toast of this.#toasts) this.#expire(toast);
  };

  #put(toast: Toast): void {
    const others = this.#toasts.filter(({ id }) => id !== toast.id);
    if (others.length >= MOST) {
      // What has an outcome has been read; what is pending comes back with its own.
      const oldest = others.find(({ tone }) => tone !== 'pending') ?? others[0];
      if (oldest !== undefined) this.#remove(oldest.id);
    }
    this.#toasts = [...this.#toasts.filter(({ id }) => id !== toast.id), toast].sort((a, b) => a.id - b.id);
    this.#expire(toast);
    this.#listeners.notify();
  }

  #remove(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#toasts = this.#toasts.filter((toast) => toast.id !== id);
    // The pointer and the focus have nothing left to leave.
    if (this.#toasts.length === 0) this.#readers.clear();
  }

  /** Gives it its whole time from now. */
  #expire({ id, tone }: Toast): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const ms = SHOWN_MS[tone];
    if (ms === null || this.#readers.size > 0) return;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), ms),
    );
  }
}
