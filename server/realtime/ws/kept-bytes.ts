/** Bytes that texts are cut out of. Larger blocks would cost less to make, and be kept longer for one text in them. */
const BLOCK_BYTES = 8 * 1024;
/** Longer texts have bytes of their own. */
const LONG_BYTES = BLOCK_BYTES / 4;

/**
 * Makes bytes of texts that are kept. `Buffer.from` cuts small ones out of a block that it shares with whatever else is
 * made at the time, and one that is kept keeps all of the block; these share theirs with others that are kept as long.
 */
export class KeptBytes {
  #block = Buffer.alloc(0);
  #used = 0;

  of(text: string): Uint8Array {
    const length = Buffer.byteLength(text);
    if (length > LONG_BYTES) {
      const own = Buffer.allocUnsafeSlow(length);
      own.write(text);
      return own;
    }
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    this.#block.write(text, start);
    return this.#block.subarray(start, this.#used);
  }
}
