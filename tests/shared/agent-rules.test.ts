import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  IMAGE_URL,
  lengthOf,
  NAME,
  PERFORMANCE_FEE_MAX_BPS,
  PURPOSE,
  SYMBOL,
  tidied,
} from '../../shared/agent-rules.ts';
import {
  createVaultInput,
  imageUrlSchema,
  nameSchema,
  purposeSchema,
  symbolSchema,
} from '../../shared/inputs.ts';
import { SEEDED } from './fixtures.ts';

/** Texts as people and attackers write them. */
const TEXTS = [
  '',
  ' ',
  'A',
  'Ada of the curve, 2nd',
  'a  b',
  'a\nb',
  'a\u202eb',
  'x'.repeat(32),
  'x'.repeat(33),
  '🤖'.repeat(32),
  '🤖'.repeat(33),
  'Zoe\u0308',
  '\u3164',
  'AB',
  'ABCDEFGHIJ',
  'ABCDEFGHIJK',
  'ab',
  'A$',
  'x'.repeat(500),
  'x'.repeat(501),
  'a\tb',
  'a\u0000b',
];
const URLS = [
  'https://example.com/ada.png?size=64#top',
  'http://example.com/ada.png',
  'httpsx://example.com',
  'javascript:alert(1)',
  'data:image/png;base64,AAAA',
  '//example.com/ada.png',
  'https:example.com',
  'https:/example.com/a',
  'https://exa mple.com',
  'example.com',
  'https://',
  '',
  ` https://example.com/`,
  `https://example.com/${'x'.repeat(2028)}`,
  `https://example.com/${'x'.repeat(2029)}`,
];

describe('rules of what is written about an agent', () => {
  it('are those by which the server takes it or not', () => {
    for (const text of TEXTS) {
      expect(NAME.accepts(tidied(text)), `name ${text}`).toBe(nameSchema.safeParse(text).success);
      expect(SYMBOL.accepts(text), `symbol ${text}`).toBe(symbolSchema.safeParse(text).success);
      expect(PURPOSE.accepts(tidied(text)), `purpose ${text}`).toBe(purposeSchema.safeParse(text).success);
    }
    for (const url of URLS) {
      expect(IMAGE_URL.accepts(url), url).toBe(imageUrlSchema.safeParse(url).success);
    }
  });

  it('are so for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(NAME.accepts(tidied(text))).toBe(nameSchema.safeParse(text).success);
        expect(PURPOSE.accepts(tidied(text))).toBe(purposeSchema.safeParse(text).success);
        expect(SYMBOL.accepts(text)).toBe(symbolSchema.safeParse(text).success);
        expect(IMAGE_URL.accepts(text)).toBe(imageUrlSchema.safeParse(text).success);
      }),
      SEEDED,
    );
  });

  it('are told in the words with which the server refuses', () => {
    const wordsOf = (schema: typeof nameSchema | typeof symbolSchema | typeof imageUrlSchema, text: string) =>
      schema.safeParse(text).error?.issues.map(({ message }) => message);
    expect(wordsOf(nameSchema, '')).toEqual([NAME.words]);
    expect(wordsOf(symbolSchema, 'a')).toEqual([SYMBOL.words]);
    expect(wordsOf(imageUrlSchema, 'x')).toEqual([IMAGE_URL.words]);
    expect(purposeSchema.safeParse('a\tb').error?.issues.map(({ message }) => message)).toEqual([
      PURPOSE.words,
    ]);
  });

  it('count characters, not the units they are stored in', () => {
    expect(lengthOf('🤖é')).toBe(2);
  });

  it('limit what a manager may ask for', () => {
    const vault = { clientOrderId: 'order-1', name: 'Slow' };
    const takes = (performanceFeeBps: number) =>
      createVaultInput.safeParse({ ...vault, performanceFeeBps }).success;
    expect(takes(PERFORMANCE_FEE_MAX_BPS)).toBe(true);
    expect(takes(PERFORMANCE_FEE_MAX_BPS + 1)).toBe(false);
  });
});
