/**
 * A place in a log: the number `seq` of an entry in the log named `epoch`. Written `epoch-seq`, it is the tRPC event
 * id of every item, and what a client sends back as `lastEventId`.
 */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

const POSITION = /^([0-9A-Za-z]{1,64})-(0|[1-9]\d{0,14})$/;

export const formatPosition = (epoch: string, seq: number): string => `${epoch}-${seq}`;

/** `undefined` when the text is not a position. */
export function parsePosition(text: string): Position | undefined {
  const match = POSITION.exec(text);
  const [, epoch, seq] = match ?? [];
  return epoch === undefined || seq === undefined ? undefined : { epoch, seq: Number(seq) };
}
