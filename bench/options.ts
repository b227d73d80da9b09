/** What the command line says, for the benches that care. */
export interface BenchOptions {
  /** One round and small numbers: shows that the bench works, measures nothing. */
  readonly quick: boolean;
  /** fanout: publish whole entries of the log, about 750 bytes, instead of the 400-byte trades of the goals. */
  readonly entries: boolean;
}
