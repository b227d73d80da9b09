import { type Draft, EMPTY_DRAFT } from './draft.ts';

const KEY = 'agent-fun.new-agent';

/** The draft that this tab has kept; an empty one where there is none, or none that can be read. */
export function keptDraft(storage: Pick<Storage, 'getItem'>): Draft {
  const text = storage.getItem(KEY);
  return text === null ? EMPTY_DRAFT : draftFrom(text);
}

/** Keeps a draft, so that a reload loses nothing. */
export function keepDraft(storage: Pick<Storage, 'setItem'>, draft: Draft): void {
  storage.setItem(KEY, JSON.stringify(draft));
}

export function forgetDraft(storage: Pick<Storage, 'removeItem'>): void {
  storage.removeItem(KEY);
}

function draftFrom(text: string): Draft {
  const stored = parsed(text);
  if (typeof stored !== 'object' || stored === null) return EMPTY_DRAFT;
  const given = new Map<string, unknown>(Object.entries(stored));
  const field = (name: keyof Draft): string => {
    const value = given.get(name);
    return typeof value === 'string' ? value : '';
  };
  return {
    name: field('name'),
    symbol: field('symbol'),
    purpose: field('purpose'),
    imageUrl: field('imageUrl'),
    firstBuy: field('firstBuy'),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
