import './search.css';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useServices } from '../../services.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { nextByKey } from '../../ui/list-keys.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { ResultRow } from './result-row.tsx';
import type { ResultGroup } from './results.ts';
import { LONGEST_SEARCH, useSearch } from './use-search.ts';

/**
 * Finds agents, vaults and pages (ARIA combobox with a list): the focus stays in the field, arrows, Home and End move
 * among the results, Enter goes there.
 */
export function SearchPalette({ onClose }: { readonly onClose: () => void }) {
  const { router } = useServices();
  const [text, setText] = useState('');
  const [chosen, choose] = useState(0);
  const { groups, status, retry } = useSearch(text);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const results = groups.flatMap((group) => group.results);
  const at = Math.min(chosen, Math.max(results.length - 1, 0));
  const optionId = (index: number): string => `${id}-${index}`;

  // The dialog is open by now, and has given the focus to the first button in it.
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector(`#${CSS.escape(`${id}-${at}`)}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at]);

  const go = (path: string): void => {
    // First, so that the dialog gives the focus back before the page that comes takes it.
    flushSync(onClose);
    router.navigate(path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends a composition chooses a word, not a result.
    if (event.nativeEvent.isComposing) return;
    const result = results[at];
    if (event.key === 'Enter' && result !== undefined) {
      event.preventDefault();
      go(result.path);
    }
    const next = nextByKey(event.key, at, results.length);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  };

  return (
    <Dialog kind="palette" title="Search" untitled onClose={onClose}>
      <div className="search-field">
        <Search size={16} aria-hidden="true" />
        <input
          className="search-input"
          ref={field}
          role="combobox"
          aria-label="Search agents, vaults and pages"
          aria-expanded={results.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={results.length > 0 ? optionId(at) : undefined}
          placeholder="Search agents, vaults and pages"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={LONGEST_SEARCH}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            choose(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd className="key">Esc</kbd>
      </div>
      <div className="search-results" ref={list} aria-busy={status === 'waiting'}>
        <div role="listbox" id={id} aria-label="Results">
          {withPlaces(groups).map(({ heading, results: found, first }) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list
            <div key={heading} role="group" aria-labelledby={`${id}-${heading}`}>
              <p className="search-heading" id={`${id}-${heading}`}>
                {heading}
              </p>
              {found.map((result, index) => (
                <ResultRow
                  key={result.path}
                  id={optionId(first + index)}
                  result={result}
                  chosen={first + index === at}
                  onPoint={() => choose(first + index)}
                  onChoose={() => go(result.path)}
                />
              ))}
            </div>
          ))}
        </div>
        <Answer text={text} count={results.length} status={status} onRetry={retry} />
      </div>
      <p className="search-keys" aria-hidden="true">
        <span>
          <kbd className="key">↑</kbd> <kbd className="key">↓</kbd> to move
        </span>
        <span>
          <kbd className="key">Enter</kbd> to open
        </span>
      </p>
    </Dialog>
  );
}

/** Each group with the place of its first result among all. */
function withPlaces(groups: readonly ResultGroup[]): readonly (ResultGroup & { readonly first: number })[] {
  let first = 0;
  return groups.map((group) => {
    const placed = { ...group, first };
    first += group.results.length;
    return placed;
  });
}

interface AnswerProps {
  readonly text: string;
  readonly count: number;
  readonly status: 'waiting' | 'found' | 'failed';
  readonly onRetry: () => void;
}

/** What is to be said of the results besides themselves; how many there are only to screen readers. */
function Answer({ text, count, status, onRetry }: AnswerProps) {
  if (status === 'waiting' && count === 0) return <SkeletonRows rows={4} label="Searching" />;
  return (
    <>
      {status === 'failed' && (
        <p className="search-answer">
          Agents could not be searched.{' '}
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        </p>
      )}
      {status === 'found' && count === 0 && (
        <p className="search-answer">
          Nothing is called “{text.trim()}”. Try a symbol, a part of a name, or a whole address.
        </p>
      )}
      <p className="visually-hidden" role="status">
        {status === 'found' ? `${count} ${count === 1 ? 'result' : 'results'}` : ''}
      </p>
    </>
  );
}
