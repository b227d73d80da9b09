import { createHash } from 'node:crypto';
import type { StoredSnapshot } from './log.ts';

/**
 * A snapshot file: a header of 76 bytes, then the snapshot. Numbers are little-endian.
 *
 *     0  magic "AFSNAP" and two zero bytes      8  format version, u32
 *    12  epoch, 16 ASCII characters            28  seq, u64
 *    36  length of the snapshot, u64           44  SHA-256 over bytes 0–43 and the snapshot
 */
const MAGIC = 'AFSNAP\0\0';
const FORMAT = 1;
const DIGEST_AT = 44;
export const HEADER_BYTES = 76;
const EPOCH = /^[0-9a-f]{16}$/;

/** What the first bytes of a snapshot file say; whether it is intact is another question. */
export interface SnapshotHeader {
  readonly epoch: string;
  readonly seq: number;
  readonly length: number;
}

/** @throws RangeError when the epoch is not 16 hexadecimal digits. */
export function encodeSnapshot(epoch: string, { seq, bytes }: StoredSnapshot): Buffer {
  if (!EPOCH.test(epoch)) throw new RangeError(`not an epoch: ${JSON.stringify(epoch)}`);
  const file = Buffer.alloc(HEADER_BYTES + bytes.byteLength);
  file.write(MAGIC, 0, 'latin1');
  file.writeUInt32LE(FORMAT, 8);
  file.write(epoch, 12, 'latin1');
  file.writeBigUInt64LE(BigInt(seq), 28);
  file.writeBigUInt64LE(BigInt(bytes.byteLength), 36);
  file.set(bytes, HEADER_BYTES);
  file.set(digest(file), DIGEST_AT);
  return file;
}

/** @throws RangeError when the bytes do not begin a snapshot file of this format. */
export function decodeHeader(file: Buffer): SnapshotHeader {
  if (file.length < HEADER_BYTES) throw new RangeError('it ends within its header');
  if (file.toString('latin1', 0, 8) !== MAGIC) throw new RangeError('it is not a snapshot');
  const format = file.readUInt32LE(8);
  if (format !== FORMAT) throw new RangeError(`it has format ${format}, not ${FORMAT}`);
  return {
    epoch: file.toString('latin1', 12, 28),
    seq: Number(file.readBigUInt64LE(28)),
    length: Number(file.readBigUInt64LE(36)),
  };
}

/** @throws RangeError when the file is not whole, intact and of this epoch. */
export function decodeSnapshot(epoch: string, file: Buffer): StoredSnapshot {
  const header = decodeHeader(file);
  if (header.epoch !== epoch) throw new RangeError(`it belongs to the log ${header.epoch}, not ${epoch}`);
  const length = file.length - HEADER_BYTES;
  if (length !== header.length) throw new RangeError(`it has ${length} bytes of ${header.length}`);
  if (!digest(file).equals(file.subarray(DIGEST_AT, HEADER_BYTES))) {
    throw new RangeError('its SHA-256 does not match');
  }
  return { seq: header.seq, bytes: file.subarray(HEADER_BYTES) };
}

function digest(file: Buffer): Buffer {
  return createHash('sha256')
    .update(file.subarray(0, DIGEST_AT))
    .update(file.subarray(HEADER_BYTES))
    .digest();
}
