import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OpenConnections } from '../../server/guards/open-connections.ts';

it('lets each key have as many as the limit, and one more when one has closed', () => {
  const open = new OpenConnections(2);
  expect([open.enter('a'), open.enter('a'), open.enter('a')]).toEqual([true, true, false]);
  expect([open.enter('b'), open.total]).toEqual([true, 3]);
  open.leave('a');
  expect([open.enter('a'), open.enter('a'), open.total]).toEqual([true, false, 3]);
});

it('does not count one that was refused', () => {
  const open = new OpenConnections(1);
  open.enter('a');
  for (let attempt = 0; attempt < 5; attempt += 1) open.enter('a');
  open.leave('a');
  expect([open.enter('a'), open.total]).toEqual([true, 1]);
});

it('lets nobody in with a limit of 0', () => {
  const open = new OpenConnections(0);
  expect([open.enter('a'), open.total, open.keys]).toEqual([false, 0, 0]);
});

it('only counts without a limit', () => {
  const open = new OpenConnections(null);
  for (let count = 0; count < 1_000; count += 1) expect(open.enter('a')).toBe(true);
  expect(open.total).toBe(1_000);
});

it('leaves a key alone that has none open', () => {
  const open = new OpenConnections(1);
  open.enter('a');
  open.leave('b');
  expect([open.total, open.enter('b'), open.enter('b')]).toEqual([1, true, false]);
  open.leave('a');
  open.leave('a');
  expect([open.total, open.enter('a'), open.enter('a')]).toEqual([1, true, false]);
});

it('counts as a list of what is open would, and remembers only keys that have something open', () => {
  const step = fc.record({ enter: fc.boolean(), key: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
      const counted = new OpenConnections(limit);
      const open: string[] = [];
      for (const { enter, key } of steps) {
        if (enter) {
          const room = open.filter((one) => one === key).length < limit;
          expect(counted.enter(key)).toBe(room);
          if (room) open.push(key);
        } else {
          counted.leave(key);
          const at = open.indexOf(key);
          if (at >= 0) open.splice(at, 1);
        }
        expect([counted.total, counted.keys]).toEqual([open.length, new Set(open).size]);
      }
    }),
  );
});
