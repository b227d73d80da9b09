import { keepPreviousData } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { trpc } from '../../api.ts';
import { useVaults } from '../../live/hooks.ts';
import { type ResultGroup, resultGroups } from './results.ts';

/** Long enough to write the next letter. */
const SETTLED_MS = 150;
const AGENTS = 8;
/** The most letters that the server takes. */
export const LONGEST_SEARCH = 64;

interface Search {
  readonly groups: readonly ResultGroup[];
  /** `waiting`: the answer for this very text is not there yet; what is shown is the one before. */
  readonly status: 'waiting' | 'found' | 'failed';
  readonly retry: () => void;
}

/** What there is for a text: agents as the server finds them, vaults and pages by their names. */
export function useSearch(text: string): Search {
  const wanted = text.trim().slice(0, LONGEST_SEARCH);
  const settled = useSettled(wanted);
  const agents = trpc.agents.useQuery(
    settled === '' ? { sort: 'trending', limit: AGENTS } : { search: settled, limit: AGENTS },
    { placeholderData: keepPreviousData },
  );
  const vaults = useVaults();
  const isCurrent = settled === wanted && !agents.isPlaceholderData;
  const answered = agents.isError || agents.isSuccess;
  return {
    groups: resultGroups({ text, agents: agents.data?.agents ?? [], vaults: vaults.view }),
    status: isCurrent && answered ? (agents.isError ? 'failed' : 'found') : 'waiting',
    retry: () => void agents.refetch(),
  };
}

/** A text as it was when nobody had written for a moment. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
