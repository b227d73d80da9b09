import { describe, expect, it } from 'vitest';
import { formatPosition, parsePosition } from '../../server/realtime/position.ts';

describe('position', () => {
  it('reads back what it writes', () => {
    expect(parsePosition(formatPosition('0af3', 12))).toEqual({ epoch: '0af3', seq: 12 });
    expect(parsePosition('0af3-0')).toEqual({ epoch: '0af3', seq: 0 });
  });

  it.each([
    '',
    '-',
    'a-',
    '-1',
    'a-01',
    'a--1',
    'a-1.5',
    'a-1e3',
    'a-9999999999999999',
    'a b-1',
    'a-1\n',
    `${'a'.repeat(65)}-1`,
  ])('refuses %j', (text) => {
    expect(parsePosition(text)).toBeUndefined();
  });
});
