interface Count {
  handed: number;
  unread: number;
  silent: number;
}

/** What is remembered of the latest attacks, in case one of them ends the server. */
const REMEMBERED = 24;
const PREVIEW = 160;

/** What has been delivered, and how the server took it. */
export class Tally {
  readonly #counts = new Map<string, Count>();
  readonly #closeCodes = new Map<string, number>();
  readonly #latest: string[] = [];
  #total = 0;

  /** Attacks that were handed to the socket of an open connection. */
  get total(): number {
    return this.#total;
  }

  handed(name: string, bytes: Buffer): void {
    this.#of(name).handed += 1;
    this.#total += 1;
    this.#latest.push(`${name} ${JSON.stringify(bytes.toString('latin1', 0, PREVIEW))}`);
    if (this.#latest.length > REMEMBERED) this.#latest.shift();
  }

  /** The connection closed before it was known that the server had read as far as this one. */
  unread(name: string): void {
    this.#of(name).unread += 1;
  }

  /** Something was due from the server and did not come. */
  silent(name: string): void {
    this.#of(name).silent += 1;
  }

  closed(code: string): void {
    this.#closeCodes.set(code, (this.#closeCodes.get(code) ?? 0) + 1);
  }

  get latest(): readonly string[] {
    return this.#latest;
  }

  /** Kinds for which the server owed a sign of life and gave none. */
  get silences(): readonly string[] {
    return [...this.#counts]
      .filter(([, { silent }]) => silent > 0)
      .map(([name, { silent }]) => `${name}: ${silent} without an answer`);
  }

  byKind(): Readonly<Record<string, number>> {
    return sorted([...this.#counts].map(([name, { handed }]) => [name, handed]));
  }

  unreadByKind(): Readonly<Record<string, number>> {
    return sorted(
      [...this.#counts].filter(([, { unread }]) => unread > 0).map(([name, { unread }]) => [name, unread]),
    );
  }

  closeCodes(): Readonly<Record<string, number>> {
    return sorted([...this.#closeCodes]);
  }

  #of(name: string): Count {
    const count = this.#counts.get(name) ?? { handed: 0, unread: 0, silent: 0 };
    this.#counts.set(name, count);
    return count;
  }
}

const sorted = (counts: readonly (readonly [string, number])[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
