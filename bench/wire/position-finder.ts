const DASH = '-'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/**
 * Reads the seq out of a frame that carries a position, `epoch-seq`, without parsing the frame. The place is learned
 * from the first one: frames of one kind begin alike.
 */
export class PositionFinder {
  readonly #marker: Buffer;
  /** Where the digits began in the last frame, counted from its start. */
  #offset = 0;

  constructor(epoch: string) {
    this.#marker = Buffer.from(`"${epoch}-`);
  }

  /** @returns the seq of the frame's first position, or -1 when it carries none */
  find(data: Buffer, start: number, end: number): number {
    const { length } = this.#marker;
    const learned = start + this.#offset;
    if (this.#offset >= length && learned < end && data[learned - 1] === DASH) {
      const before = learned - length;
      if (data[before] === this.#marker[0] && data[before + 1] === this.#marker[1]) {
        return digits(data, learned, end);
      }
    }
    const found = data.subarray(start, end).indexOf(this.#marker);
    if (found < 0) return -1;
    this.#offset = found + length;
    return digits(data, start + this.#offset, end);
  }
}

function digits(data: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (data[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}
