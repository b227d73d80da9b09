import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey, clientAddress } from '../../server/guards/client-address.ts';

const PEER = '192.0.2.1';

/** @param forwarded the header lines, in the form Node has them */
function ask(
  forwarded: string | string[] | undefined,
  hops: number,
  peer: string | undefined = PEER,
): string {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  return clientAddress(
    { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket },
    hops,
  );
}

describe('the address of a client', () => {
  it('is that of the socket when no proxy is ours, whatever the client writes', () => {
    expect(ask('203.0.113.9', 0)).toBe(PEER);
    expect(ask(undefined, 0)).toBe(PEER);
  });

  it.each([
    [1, '10.0.0.3'],
    [2, '10.0.0.2'],
    [3, '203.0.113.9'],
  ])('is what the outermost of %i proxies saw', (hops, seen) => {
    expect(ask('198.51.100.7, 203.0.113.9, 10.0.0.2, 10.0.0.3', hops)).toBe(seen);
  });

  it('is not what the client writes before it', () => {
    fc.assert(
      fc.property(fc.string(), (forged) => {
        expect(ask(`${forged}, 203.0.113.9`, 1)).toBe('203.0.113.9');
        expect(ask(`${forged},203.0.113.9\t,10.0.0.2`, 2)).toBe('203.0.113.9');
      }),
    );
  });

  it('is counted over all lines of the header', () => {
    expect(ask(['198.51.100.7', '203.0.113.9, 10.0.0.2'], 2)).toBe('203.0.113.9');
    expect(ask(['198.51.100.7', '203.0.113.9, 10.0.0.2'], 3)).toBe('198.51.100.7');
  });

  it('is the leftmost where fewer have written than there are proxies', () => {
    expect(ask('203.0.113.9, 10.0.0.2', 5)).toBe('203.0.113.9');
    expect(ask(undefined, 2)).toBe(PEER);
    expect(ask('', 2)).toBe(PEER);
  });

  it('is that of the socket where the entry is no address', () => {
    for (const entry of [
      'unknown',
      '_hidden',
      '',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '01.2.3.4',
      'a.example',
    ]) {
      expect(ask(`203.0.113.9, ${entry}`, 1)).toBe(PEER);
    }
    for (const entry of [
      '[1:2]',
      '[2001:db8::1',
      '2001:db8::1]',
      '[2001:db8::1]x',
      '1.2.3.4:',
      '1.2.3.4:x',
    ]) {
      expect(ask(entry, 1)).toBe(PEER);
    }
  });

  it('does not slide to what the client wrote when a proxy appended nothing', () => {
    expect(ask('203.0.113.9, , 10.0.0.2', 2)).toBe(PEER);
  });

  it('is taken out of brackets and away from its port', () => {
    expect(ask('203.0.113.9:4711', 1)).toBe('203.0.113.9');
    expect(ask('[2001:db8::9]', 1)).toBe('2001:db8::9');
    expect(ask('[2001:db8::9]:4711', 1)).toBe('2001:db8::9');
    expect(ask('2001:db8::9', 1)).toBe('2001:db8::9');
  });

  it.each([
    '::ffff:203.0.113.9',
    '::FFFF:cb00:7109',
    '0:0:0:0:0:ffff:203.0.113.9',
    '::ffff:203.0.113.9%eth0',
  ])('is IPv4 where it comes as %s, from the socket and from a proxy', (mapped) => {
    expect(ask(undefined, 0, mapped)).toBe('203.0.113.9');
    expect(ask(mapped, 1)).toBe('203.0.113.9');
    expect(ask(`[${mapped}]:80`, 1)).toBe('203.0.113.9');
  });

  it('is not IPv4 where an IPv6 address only looks like one', () => {
    for (const address of [
      '::fffe:203.0.113.9',
      '1::ffff:203.0.113.9',
      '::1:ffff:203.0.113.9',
      '::ffff:0:203.0.113.9',
      '::1',
    ]) {
      expect(ask(undefined, 0, address)).toBe(address);
    }
  });

  it('has no zone', () => {
    expect(ask(undefined, 0, 'fe80::1%eth0')).toBe('fe80::1');
    expect(ask('fe80::1%eth0', 1)).toBe('fe80::1');
  });

  it('is unknown where the socket has none', () => {
    expect(clientAddress({ headers: {}, socket: new Socket() }, 0)).toBe('unknown');
    expect(clientAddress({ headers: { 'x-forwarded-for': '203.0.113.9' }, socket: new Socket() }, 1)).toBe(
      '203.0.113.9',
    );
  });
});

const group = fc.integer({ min: 0, max: 0xffff });
/** Zeros often, so that there is something to leave out. */
const groups = (length: number) =>
  fc.array(fc.oneof(fc.constant(0), group), { minLength: length, maxLength: length });
/** The first half of addresses that have no IPv4 in them. */
const network = groups(4);
const host = groups(4).filter(([a, b]) => !(a === 0 && b === 0xffff));

/** The same address in the many ways it can be written. */
const written = (parts: readonly number[]): fc.Arbitrary<string> =>
  fc
    .record({
      upper: fc.boolean(),
      padded: fc.boolean(),
      dotted: fc.boolean(),
      from: fc.nat(8),
      to: fc.nat(8),
      zone: fc.constantFrom('', '%eth0', '%1'),
    })
    .map(({ upper, padded, dotted, from, to, zone }) => {
      const texts = parts.map((part) => part.toString(16).padStart(padded ? 4 : 1, '0'));
      const [high = 0, low = 0] = parts.slice(6);
      const tail = dotted ? [[high >> 8, high & 255, low >> 8, low & 255].join('.')] : texts.slice(6);
      const all = [...texts.slice(0, 6), ...tail];
      const [start, end] = [Math.min(from, to), Math.min(Math.max(from, to), 6)];
      const zeros = end - start > 0 && parts.slice(start, end).every((part) => part === 0);
      const text = zeros ? `${all.slice(0, start).join(':')}::${all.slice(end).join(':')}` : all.join(':');
      return `${upper ? text.toUpperCase() : text}${zone}`;
    });

describe('the key of an address', () => {
  it('is one for all addresses of a /64, however they are written, and another for another', () => {
    const twoOfOne = fc
      .tuple(network, host, host)
      .chain(([net, one, other]) => fc.tuple(written([...net, ...one]), written([...net, ...other])));
    fc.assert(
      fc.property(twoOfOne, ([one, other]) => {
        expect(addressKey(one)).toBe(addressKey(other));
      }),
    );

    const apart = fc
      .tuple(network, network, host)
      .filter(([one, other]) => one.some((part, index) => part !== other[index]))
      .chain(([one, other, rest]) => fc.tuple(written([...one, ...rest]), written([...other, ...rest])));
    fc.assert(
      fc.property(apart, ([one, other]) => {
        expect(addressKey(one)).not.toBe(addressKey(other));
      }),
    );
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
    ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('is the address itself for IPv4, also inside IPv6', () => {
    expect(addressKey('203.0.113.9')).toBe('203.0.113.9');
    expect(addressKey('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(addressKey('::ffff:203.0.113.8')).toBe('203.0.113.8');
  });

  it('is the text itself where it is no address', () => {
    expect(addressKey('unknown')).toBe('unknown');
  });
});
