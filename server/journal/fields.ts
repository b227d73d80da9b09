import type { Entry, EntryOf, EventType } from '../../shared/events.ts';
import {
  type AgentId,
  agentId,
  type MintAddress,
  mintAddress,
  type PoolId,
  poolId,
  type WalletAddress,
  walletAddress,
} from '../../shared/ids.ts';
import {
  type Lamports,
  lamports,
  type Price,
  price,
  type TokenUnits,
  tokenUnits,
} from '../../shared/units.ts';

/**
 * Which fields of each event are stored, and in which order: without their names, which is half the bytes and half the
 * time. So a change here is a new schema version of the log.
 */

/**
 * The event's own fields as the inside of a JSON list, the agent or null first, amounts as decimal texts; seq, at and
 * type are stored before them. Only free text can need an escape: ids are parsed and amounts are digits.
 */
export function writeFields(entry: Entry): string {
  switch (entry.type) {
    case 'agent_created': {
      const { name, symbol, purpose, imageUrl } = entry;
      const texts = [name, symbol, purpose, imageUrl].map((text) => JSON.stringify(text));
      return `"${entry.agentId}",${texts.join(',')},"${entry.creator}","${entry.mint}"`;
    }
    case 'trade_executed': {
      const curve = `"${entry.virtualSol}","${entry.virtualTokens}","${entry.realSol}","${entry.realTokens}"`;
      const paid = `"${entry.tokens}","${entry.sol}","${entry.protocolFee}","${entry.creatorFee}"`;
      return `"${entry.agentId}","${entry.trader}","${entry.side}",${paid},${curve},"${entry.price}"`;
    }
    case 'agent_graduated':
      return `"${entry.agentId}","${entry.poolId}","${entry.sol}","${entry.tokens}"`;
    case 'wallet_credited':
      return `null,"${entry.wallet}","${entry.sol}"`;
    default: {
      const unknown: never = entry;
      throw new TypeError(`no stored form for ${JSON.stringify(unknown)}`);
    }
  }
}

/** Whose wallet the event is about, which nearly always is the one that ordered it. */
export function ownWallet(entry: Entry): WalletAddress | null {
  switch (entry.type) {
    case 'agent_created':
      return entry.creator;
    case 'trade_executed':
      return entry.trader;
    case 'agent_graduated':
      return null;
    case 'wallet_credited':
      return entry.wallet;
    default: {
      const unknown: never = entry;
      throw new TypeError(`no wallet for ${JSON.stringify(unknown)}`);
    }
  }
}

type Read<T extends EventType> = (fields: FieldReader, seq: number, at: number) => EntryOf<T>;

/** Reads back what {@link writeFields} wrote, in the same order: an object literal is evaluated from top to bottom. */
export const readFields = {
  agent_created: (fields, seq, at) => ({
    type: 'agent_created',
    seq,
    at,
    agentId: fields.agent(),
    name: fields.text(),
    symbol: fields.text(),
    purpose: fields.text(),
    imageUrl: fields.textOrNull(),
    creator: fields.wallet(),
    mint: fields.mint(),
  }),
  trade_executed: (fields, seq, at) => ({
    type: 'trade_executed',
    seq,
    at,
    agentId: fields.agent(),
    trader: fields.wallet(),
    side: fields.oneOf('buy', 'sell'),
    tokens: fields.tokenUnits(),
    sol: fields.lamports(),
    protocolFee: fields.lamports(),
    creatorFee: fields.lamports(),
    virtualSol: fields.lamports(),
    virtualTokens: fields.tokenUnits(),
    realSol: fields.lamports(),
    realTokens: fields.tokenUnits(),
    price: fields.price(),
  }),
  agent_graduated: (fields, seq, at) => ({
    type: 'agent_graduated',
    seq,
    at,
    agentId: fields.agent(),
    poolId: fields.pool(),
    sol: fields.lamports(),
    tokens: fields.tokenUnits(),
  }),
  wallet_credited: (fields, seq, at) => ({
    type: 'wallet_credited',
    seq,
    at,
    wallet: fields.noAgent().wallet(),
    sol: fields.lamports(),
  }),
} satisfies { readonly [T in EventType]: Read<T> };

/** What a bigint is stored as; `BigInt()` alone would also take "", " 1" and "0x1". */
const AMOUNT = /^\d{1,19}$/;

/** Reads a list of stored values one after the other. Every method throws a RangeError when the value is not its kind. */
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

  oneOf<A extends string, B extends string>(first: A, second: B): A | B {
    const text = this.text();
    if (text === first) return first;
    if (text === second) return second;
    throw new RangeError(`field ${this.#next} is neither ${first} nor ${second}`);
  }

  lamports(): Lamports {
    return lamports(this.#amount());
  }

  tokenUnits(): TokenUnits {
    return tokenUnits(this.#amount());
  }

  price(): Price {
    return price(this.#amount());
  }

  agent(): AgentId {
    return this.#agent(this.text());
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

  integer(): number {
    const value = this.#values[this.#next];
    this.#next += 1;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`field ${this.#next} is not a whole number`);
    }
    return value;
  }

  #amount(): bigint {
    const text = this.text();
    if (!AMOUNT.test(text)) throw new RangeError(`field ${this.#next} is not an amount`);
    return BigInt(text);
  }
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
