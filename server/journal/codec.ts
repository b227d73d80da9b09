import { crc32 } from 'node:zlib';
import type { Entry } from '../../shared/events.ts';
import { clientOrderId } from '../../shared/ids.ts';
import { FieldReader, readFields, writeFields } from './fields.ts';
import type { LogRecord, OrderRecord } from './log.ts';

/** One column of one stored row. Rows travel between threads as one flat array of these: no object per record. */
export type Cell = string | number | null;

/** The columns of a stored row, in the order in which they travel. */
export const COLUMNS = ['seq', 'at', 'type', 'agent_id', 'data', 'placed_order', 'checksum'] as const;
export const WIDTH = COLUMNS.length;

/**
 * A number that stands for everything stored for one seq: CRC-32 of the texts, begun at a value made of the numbers.
 * It tells damage from data, also a whole row found in the place of another.
 */
function checksum(seq: number, at: number, type: string, texts: readonly [string, string | null]): number {
  const [data, order] = texts;
  const place =
    Math.imul(seq, 0x9e37_79b1) ^ Math.imul(at % 0x1_0000_0000, 0x85eb_ca6b) ^ (at / 0x1_0000_0000);
  const sum = crc32(data, crc32(type, place >>> 0));
  return order === null ? sum : crc32(order, sum);
}

function encodeOrder({ wallet, clientOrderId: id, entries, request }: OrderRecord): string {
  return JSON.stringify([wallet, id, entries, request]);
}

/** Lays the records out as rows of {@link COLUMNS}, one after the other. */
export function encodeRecords(records: readonly LogRecord[]): Cell[] {
  const cells: Cell[] = [];
  for (const { entry, order } of records) {
    const { seq, at, type } = entry;
    const agent = 'agentId' in entry ? entry.agentId : null;
    const data = JSON.stringify(writeFields(entry));
    const placed = order === null ? null : encodeOrder(order);
    cells.push(seq, at, type, agent, data, placed, checksum(seq, at, type, [data, placed]));
  }
  return cells;
}

type Read = (fields: FieldReader, seq: number, at: number) => Entry;
const readers: ReadonlyMap<string, Read> = new Map(Object.entries(readFields));

/** Reads stored rows back. Keep one per log: it remembers the ids it has checked. */
export class RecordDecoder {
  readonly #fields = new FieldReader();

  /**
   * Decodes the row that starts at `offset`.
   * @throws RangeError or SyntaxError when the row is not exactly what was stored.
   */
  decode(cells: readonly unknown[], offset: number): LogRecord {
    const seq = wholeNumber(cells[offset], 'seq');
    const at = wholeNumber(cells[offset + 1], 'at');
    const type = text(cells[offset + 2], 'type');
    const data = text(cells[offset + 4], 'data');
    const placed = cells[offset + 5] === null ? null : text(cells[offset + 5], 'placed_order');
    if (checksum(seq, at, type, [data, placed]) !== cells[offset + 6]) {
      throw new RangeError('its checksum does not match');
    }
    const read = readers.get(type);
    if (read === undefined) throw new RangeError(`unknown event type ${JSON.stringify(type)}`);
    const fields = this.#open(data);
    const entry = read(fields, seq, at);
    fields.close();
    if (('agentId' in entry ? entry.agentId : null) !== cells[offset + 3]) {
      throw new RangeError('agent_id is not the agent of the event');
    }
    return { entry, order: placed === null ? null : this.#order(placed) };
  }

  #order(placed: string): OrderRecord {
    const fields = this.#open(placed);
    const order: OrderRecord = {
      wallet: fields.wallet(),
      clientOrderId: clientOrderId(fields.text()),
      entries: fields.integer(),
      request: fields.text(),
    };
    fields.close();
    return order;
  }

  #open(json: string): FieldReader {
    const values: unknown = JSON.parse(json);
    if (!Array.isArray(values)) throw new RangeError('not a list of fields');
    this.#fields.open(values);
    return this.#fields;
  }
}

function text(value: unknown, column: string): string {
  if (typeof value !== 'string') throw new RangeError(`${column} is not a text`);
  return value;
}

function wholeNumber(value: unknown, column: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${column} is not a whole number`);
  }
  return value;
}
