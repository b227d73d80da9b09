/**
 * What may be written about an agent or a vault: one set of rules for the server, which refuses what breaks them
 * (`inputs.ts`), and for forms, which say so beside the field in the same words. No schemas, so browsers may have it.
 */
export interface TextRule {
  /** What is asked for, as the end of a sentence that begins with the field's name. */
  readonly words: string;
  /** Whether a text, {@link tidied} where the field's text is, keeps the rule. */
  readonly accepts: (text: string) => boolean;
}

const NAME_LENGTH = 32;
export const PURPOSE_LENGTH = 500;

/**
 * Words of letters, marks, numbers, punctuation and symbols with single spaces between; nothing that hides or
 * reorders text. Some letters and marks are drawn as nothing (default ignorable, such as the Hangul filler) and so is
 * the blank Braille pattern; of those only the emoji variation selector is let through, behind a character. A mark
 * needs a character to sit on.
 */
const WORD =
  /(?!\p{DI}|\u2800)[\p{L}\p{N}\p{P}\p{S}]\uFE0F?(?:(?!\p{DI}|\u2800)[\p{L}\p{M}\p{N}\p{P}\p{S}]\uFE0F?)*/u;
const VISIBLE = new RegExp(`^${WORD.source}(?: ${WORD.source})*$`, 'u');

/** Characters as people count them, nearly: code points rather than UTF-16 units. */
export const lengthOf = (text: string): number => [...text].length;

/** A name or a purpose as it is kept: composed, without the space around it. */
export const tidied = (text: string): string => text.normalize('NFC').trim();

/** Of an agent and of a vault. */
export const NAME: TextRule = {
  words: 'must be 1–32 visible characters',
  accepts: (text) => lengthOf(text) >= 1 && lengthOf(text) <= NAME_LENGTH && VISIBLE.test(text),
};

export const SYMBOL_LENGTH = 10;
export const SYMBOL_PATTERN = /^[A-Z0-9]{2,10}$/;
export const SYMBOL: TextRule = {
  words: 'must be 2–10 of A–Z and 0–9',
  accepts: (text) => SYMBOL_PATTERN.test(text),
};

export const PURPOSE: TextRule = {
  words: 'must be at most 500 characters, without control characters',
  accepts: (text) => lengthOf(text) <= PURPOSE_LENGTH && !/[^\P{Cc}\n]/u.test(text),
};

export const IMAGE_URL_LENGTH = 2048;
export const IMAGE_URL_PROTOCOL = /^https$/;
export const IMAGE_URL: TextRule = {
  words: 'must be an https URL',
  accepts: (text) =>
    text.length <= IMAGE_URL_LENGTH &&
    URL.canParse(text) &&
    IMAGE_URL_PROTOCOL.test(new URL(text).protocol.replace(':', '')),
};

/** Of the gain above the high-water mark, the most that a vault's manager may ask for: a fifth. */
export const PERFORMANCE_FEE_MAX_BPS = 2_000;
