import { expect, it } from 'vitest';
import { Offences } from '../../server/gateway/offences.ts';

it('twenty errors in any ten seconds are borne, and the next one is not', () => {
  const offences = new Offences();
  for (let now = 0; now < 10_000; now += 500) expect(offences.add(now)).toBe(false);
  expect(offences.add(9_999)).toBe(true);
  // The first one is ten seconds ago: there is room for one.
  expect(offences.add(10_000)).toBe(false);
  expect(offences.add(10_499)).toBe(true);
  expect(offences.add(10_500)).toBe(false);
});

it('one every half second is borne for ever', () => {
  const offences = new Offences();
  for (let count = 0; count < 1_000; count += 1) expect(offences.add(count * 500)).toBe(false);
});

it('twenty at once are forgotten together', () => {
  const offences = new Offences();
  for (let count = 0; count < 20; count += 1) expect(offences.add(5)).toBe(false);
  expect(offences.add(10_004)).toBe(true);
  for (let count = 0; count < 20; count += 1) expect(offences.add(10_005)).toBe(false);
  expect(offences.add(10_005)).toBe(true);
});
