import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/** Stands for a peer without an address: a Unix socket, or one that has already gone. They are counted together. */
const UNKNOWN = 'unknown';

/**
 * The IP address that a request comes from, behind so many proxies of our own.
 *
 * Each of them appends the address of its peer to X-Forwarded-For, so with `hops` of them the `hops`-th entry from the
 * right is what the outermost one saw; everything to the left of it was written by the client and means nothing. With
 * fewer entries than that, the leftmost counts.
 *
 * @param hops a whole number; with 0 the header is not looked at
 * @returns IPv4 also where it comes as IPv6 (`::ffff:1.2.3.4`), IPv6 without its zone; the address of the socket where
 * the entry is no IP address, and `unknown` where that has none either
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  hops: number,
): string {
  const peer = socket.remoteAddress === undefined ? UNKNOWN : plain(socket.remoteAddress);
  if (hops === 0) return peer;
  // Empty entries keep their place: without them the count would end at one that the client wrote.
  const entries = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',');
  return parseEntry(entries[Math.max(0, entries.length - hops)] ?? '') ?? peer;
}

/**
 * What limits count an address by. Of IPv6 the /64: whoever has one address of it has all 2^64 (RFC 4291, section 2.5.1),
 * and would otherwise come with a new one each time.
 * @returns IPv4, and what is no IP address, as it stands
 */
export function addressKey(address: string): string {
  const bare = plain(address);
  if (!isIPv6(bare)) return bare;
  const network = groupsOf(bare).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

/** An entry of X-Forwarded-For; some proxies write the port too, and brackets around IPv6. */
function parseEntry(entry: string): string | undefined {
  const text = entry.trim();
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? undefined : plain(address);
}

/** Without a zone, which means something only on the machine it was written on; IPv4 where it is IPv4 inside IPv6. */
function plain(address: string): string {
  const bare = address.replace(/%.*$/s, '');
  if (!isIPv6(bare)) return bare;
  const [a, b, c, d, e, mark, high = 0, low = 0] = groupsOf(bare);
  const mapped = [a, b, c, d, e].every((group) => group === 0) && mark === 0xffff;
  return mapped ? [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.') : bare;
}

/** @param address IPv6 without a zone @returns its eight groups */
function groupsOf(address: string): readonly number[] {
  const hex = address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a, b, c, d) => `${pair(a, b).toString(16)}:${pair(c, d).toString(16)}`,
  );
  const [left = '', right = ''] = hex.split('::');
  const front = parseGroups(left);
  const back = parseGroups(right);
  const zeros = new Array<number>(8 - front.length - back.length).fill(0);
  return [...front, ...zeros, ...back];
}

const pair = (high: string, low: string): number => Number(high) * 256 + Number(low);

const parseGroups = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
