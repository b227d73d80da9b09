import {
  type AgentId,
  agentId,
  type MintAddress,
  mintAddress,
  type PoolId,
  poolId,
  type VaultId,
  vaultId,
  type WalletAddress,
  walletAddress,
} from '../../shared/ids.ts';
import {
  type Lamports,
  lamports,
  type Price,
  price,
  type Rate,
  rate,
  type Shares,
  shares,
  type TokenUnits,
  tokenUnits,
} from '../../shared/units.ts';

/** What an amount is stored as; `BigInt()` alone would also take "", " 1" and "0x1". */
const AMOUNT = /^\d{1,19}$/;
/** A rate may have more digits than an amount: 60 are up to 10^42 lamports per unit, which no sum of amounts reaches. */
const RATE = /^\d{1,60}$/;

/**
 * Reads a list of stored values one after the other. Every method throws a RangeError when the value is not its kind;
 * after that the reader must be opened anew.
 */
export class FieldReader {
  #values: readonly unknown[] = [];
  #next = 0;
  readonly #agent = remembering(agentId);
  readonly #wallet = remembering(walletAddress);

  /** Starts on the list of another event. */
  open(values: readonly unknown[]): void {
    this.#values = values;
    this.#next = 0;
  }

  /** Whether every value has been read. */
  get ended(): boolean {
    return this.#next >= this.#values.length;
  }

  /** @throws RangeError when the list has values that were not read. */
  close(): void {
    if (this.#next !== this.#values.length) {
      throw new RangeError(`${this.#values.length} fields where ${this.#next} belong`);
    }
  }

  text(): string {
    const value = this.#values[this.#next];
    this.#next += 1;
    if (typeof value !== 'string') throw new RangeError(`field ${this.#next} is not a text`);
    return value;
  }

  textOrNull(): string | null {
    if (this.#values[this.#next] !== null) return this.text();
    this.#next += 1;
    return null;
  }

  /** Passes over the next value when it is that text; tells whether it was. For a field that may be left out. */
  skipped(text: string): boolean {
    if (this.#values[this.#next] !== text) return false;
    this.#next += 1;
    return true;
  }

  oneOf<const T extends string>(...accepted: readonly T[]): T {
    const text = this.text();
    const found = accepted.find((candidate) => candidate === text);
    if (found === undefined) throw new RangeError(`field ${this.#next} is none of ${accepted.join(', ')}`);
    return found;
  }

  lamports(): Lamports {
    return lamports(this.#digits(AMOUNT, 'an amount'));
  }

  tokenUnits(): TokenUnits {
    return tokenUnits(this.#digits(AMOUNT, 'an amount'));
  }

  shares(): Shares {
    return shares(this.#digits(AMOUNT, 'an amount'));
  }

  price(): Price {
    return price(this.#digits(AMOUNT, 'an amount'));
  }

  rate(): Rate {
    return rate(this.#digits(RATE, 'a rate'));
  }

  agent(): AgentId {
    return this.#agent(this.text());
  }

  agentOrNull(): AgentId | null {
    if (this.#values[this.#next] !== null) return this.agent();
    this.#next += 1;
    return null;
  }

  wallet(): WalletAddress {
    return this.#wallet(this.text());
  }

  /** The wallet, where null stands for `own`. */
  walletOr(own: WalletAddress | null): WalletAddress {
    if (own === null || this.#values[this.#next] !== null) return this.wallet();
    this.#next += 1;
    return own;
  }

  /** Passes over the place of the agent in an event that has none. */
  noAgent(): this {
    if (this.#values[this.#next] !== null) throw new RangeError(`field ${this.#next + 1} is not null`);
    this.#next += 1;
    return this;
  }

  mint(): MintAddress {
    return mintAddress(this.text());
  }

  pool(): PoolId {
    return poolId(this.text());
  }

  vault(): VaultId {
    return vaultId(this.text());
  }

  integer(): number {
    const value = this.#values[this.#next];
    this.#next += 1;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`field ${this.#next} is not a whole number`);
    }
    return value;
  }

  /**
   * A list of lists.
   * @param readElement is given this reader, opened on one of the inner lists, and must read all of it.
   */
  list<T>(readElement: (fields: this) => T): T[] {
    const elements = listOrThrow(this.#values[this.#next], `field ${this.#next + 1}`);
    const values = this.#values;
    const next = this.#next + 1;
    const read = elements.map((element, index) => {
      this.open(listOrThrow(element, `element ${index + 1} of field ${next}`));
      const value = readElement(this);
      this.close();
      return value;
    });
    this.#values = values;
    this.#next = next;
    return read;
  }

  #digits(pattern: RegExp, kind: string): bigint {
    const text = this.text();
    if (!pattern.test(text)) throw new RangeError(`field ${this.#next} is not ${kind}`);
    return BigInt(text);
  }
}

function listOrThrow(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new RangeError(`${name} is not a list`);
  return value;
}

/** Distinct texts a {@link remembering} parser keeps at most. */
const REMEMBERED = 65_536;

/** Makes a parser check each distinct text once: the same traders and agents come again and again, and base58 is slow. */
function remembering<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const parsed = parse(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, parsed);
    return parsed;
  };
}
