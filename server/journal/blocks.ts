import { crc32 } from 'node:zlib';
import type { EventType } from '../../shared/events.ts';
import { encodeLine } from './codec.ts';
import { JournalError, type LogRecord } from './log.ts';

/** The type nearly every entry has. Blocks are not indexed by it: to find it, reading in order is as good. */
export const COMMON_TYPE = 'trade_executed' satisfies EventType;

/**
 * Entries are stored many to a row, as they were appended: a row for each would cost four times the CPU. A block is one
 * row; a read takes and verifies it whole, so its size is bounded.
 */
export interface Block {
  /** The seqs of its first and last entry. */
  readonly first: number;
  readonly last: number;
  /** The codec's line of each entry, with line breaks between them. */
  readonly data: string;
}

/** A block to be written, with what it is to be found by. */
export interface NewBlock extends Block {
  /** The agents of its entries, each once. */
  readonly agents: readonly string[];
  /** The types of its entries, each once, but for {@link COMMON_TYPE}. */
  readonly types: readonly string[];
}

const MAX_ENTRIES = 1024;
/** In UTF-16 units; one entry that is larger is a block of its own. */
const MAX_LENGTH = 256 * 1024;

/** Lays a group out as blocks. Its seqs are without holes. */
export function encodeBlocks(records: readonly LogRecord[]): NewBlock[] {
  const blocks: NewBlock[] = [];
  let first = 0;
  let lines: string[] = [];
  let length = 0;
  const agents = new Set<string>();
  const types = new Set<string>();
  const finish = (): void => {
    const last = first + lines.length - 1;
    blocks.push({ first, last, data: lines.join('\n'), agents: [...agents], types: [...types] });
    lines = [];
    length = 0;
    agents.clear();
    types.clear();
  };
  for (const record of records) {
    const { entry } = record;
    const line = encodeLine(record);
    if (lines.length > 0 && (lines.length >= MAX_ENTRIES || length + line.length > MAX_LENGTH)) finish();
    if (lines.length === 0) first = entry.seq;
    lines.push(line);
    length += line.length + 1;
    if ('agentId' in entry && entry.agentId !== null) agents.add(entry.agentId);
    if (entry.type !== COMMON_TYPE) types.add(entry.type);
  }
  if (lines.length > 0) finish();
  return blocks;
}

/** CRC-32 of a block, its place included: it tells damage from data, also a whole block in the place of another. */
export function checksum(first: number, last: number, data: string | Uint8Array): number {
  return crc32(data, crc32(`${first}-${last}\n`));
}

/**
 * Reads a row of first, last, data as bytes, and checksum.
 * @param file named when something is wrong.
 * @throws JournalError `corrupt` when it is not what was stored.
 */
export function verifiedBlock(row: unknown, file: string): Block {
  const [first, last, data, stored]: readonly unknown[] = Array.isArray(row) ? row : [];
  if (typeof first !== 'number' || typeof last !== 'number' || !Buffer.isBuffer(data)) {
    throw new JournalError('corrupt', `${file}: a block is not of numbers and bytes`);
  }
  if (checksum(first, last, data) === stored) return { first, last, data: data.toString() };
  const message = `${file}: the block of entries ${first} to ${last} is damaged: its checksum does not match`;
  throw new JournalError('corrupt', message);
}
