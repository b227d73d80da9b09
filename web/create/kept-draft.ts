import { type Draft, EMPTY_DRAFT } from './draft.ts';

const KEY = 'agent-fun.new-agent';

interface Tab {
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** The draft that this tab has kept; an empty one where there is none, or none that can be read. */
export function keptDraft(tab: Tab): Draft {
  const text = ifAllowed(() => tab.sessionStorage.getItem(KEY)) ?? null;
  return text === null ? EMPTY_DRAFT : draftFrom(text);
}

/** Keeps a draft, so that a reload loses nothing. */
export function keepDraft(tab: Tab, draft: Draft): void {
  ifAllowed(() => tab.sessionStorage.setItem(KEY, JSON.stringify(draft)));
}

export function forgetDraft(tab: Tab): void {
  ifAllowed(() => tab.sessionStorage.removeItem(KEY));
}

/** Where the browser is told to keep nothing, or has no room, the draft lives as long as the page. */
function ifAllowed<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
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
