/** A place in a log: the number `seq` of an entry in the log named `epoch`. Ids and receipts write it `epoch-seq`. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

const POSITION = /^([0-9A-Za-z]{1,64})-(0|[1-9]\d{0,14})$/;

/** `undefined` when the text is not a position. */
export function parsePosition(text: string): Position | undefined {
  const [, epoch, seq] = POSITION.exec(text) ?? [];
  return epoch === undefined || seq === undefined ? undefined : { epoch, seq: Number(seq) };
}
