/** The id of an item is its place in the log, `epoch-seq`. */
interface Position {
  readonly epoch: string;
  readonly seq: number;
}

function parse(id: string): Position {
  const dash = id.lastIndexOf('-');
  return { epoch: id.slice(0, dash), seq: Number(id.slice(dash + 1)) };
}

/** Whether an item was already folded into a view that stands at `last`: same log, and not after it. */
export function isSeen(id: string, last: string): boolean {
  const item = parse(id);
  const seen = parse(last);
  return item.epoch === seen.epoch && item.seq <= seen.seq;
}
