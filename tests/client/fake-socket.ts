/** A browser's socket without a network: what happens, and in which order within a tick, is up to the test. */
export class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static readonly made: FakeSocket[] = [];
  readonly OPEN = 1;
  readonly sent: string[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    FakeSocket.made.push(this);
  }

  /** The socket at that place; @throws when it was never made */
  static at(index: number): FakeSocket {
    const made = FakeSocket.made[index];
    if (made === undefined) throw new Error(`no socket ${index} of ${FakeSocket.made.length}`);
    return made;
  }

  send(data: string): void {
    this.sent.push(data);
  }

  /** An open one is closed when the other side has answered, or when the browser has lost its patience. */
  close(): void {
    const before = this.readyState;
    this.readyState = Math.max(before, 2);
    if (before === 0) setTimeout(() => this.closed(1006));
  }

  opened(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  heard(message: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  /** With an error before it, as a browser does, if there was no close frame. */
  closed(code: number, reason = ''): void {
    this.readyState = 3;
    if (code === 1006) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }
}
