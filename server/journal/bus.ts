import { EventEmitter } from 'node:events';
import { type Entry, type EntryOf, type EventType, isEntryOf } from '../../shared/events.ts';

/**
 * The in-process event bus: emits every committed entry under its event's name, in the order of the log, after it is
 * durable and the views show it. A listener that throws or rejects is reported and disturbs nobody else.
 */
export class MarketBus {
  readonly #emitter = new EventEmitter();

  /** @param onListenerError told when a listener throws, or when the promise it returned rejects. */
  constructor(private readonly onListenerError: (error: unknown, type: EventType) => void) {
    this.#emitter.setMaxListeners(0);
  }

  /** Calls the listener for every entry of the type, until the returned function is called. */
  on<T extends EventType>(type: T, listener: (entry: EntryOf<T>) => void | Promise<void>): () => void {
    const failed = (error: unknown): void => this.onListenerError(error, type);
    const guarded = (entry: Entry): void => {
      if (!isEntryOf(entry, type)) return;
      try {
        listener(entry)?.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
    this.#emitter.on(type, guarded);
    return () => {
      this.#emitter.off(type, guarded);
    };
  }

  emit(entries: readonly Entry[]): void {
    for (const entry of entries) this.#emitter.emit(entry.type, entry);
  }
}
