import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeptBytes } from '../../../server/realtime/ws/kept-bytes.ts';

it('gives the bytes of every text, whatever comes before and after it', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.nat(3_000).map((length) => 'ü€😀x'.repeat(length).slice(0, length)),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
      const kept = new KeptBytes();
      const made = texts.map((each) => kept.of(each));
      expect(made.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(
        texts.map((each) => Buffer.from(each).toString('hex')),
      );
    }),
  );
});

it('keeps little beside what is kept: short texts share blocks, long ones have their own', () => {
  const kept = new KeptBytes();
  const made = Array.from({ length: 1_000 }, () => kept.of('x'.repeat(400)));
  const blocks = new Set(made.map(({ buffer }) => buffer));
  const bytes = [...blocks].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(bytes).toBeLessThan(1.1 * 400 * 1_000);
  expect(kept.of('x'.repeat(5_000)).buffer.byteLength).toBe(5_000);
  // Nothing that others cut their own out of.
  expect(blocks).not.toContain(Buffer.from('short').buffer);
});
