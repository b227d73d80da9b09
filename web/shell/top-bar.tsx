import { Plus, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { pagePath } from '../router.ts';
import { useRoute } from '../services.ts';
import { Mark } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { PLACES } from './places.ts';
import { SearchPalette } from './search/search-palette.tsx';
import { SignIn } from './sign-in.tsx';
import { SEARCH_KEYS, useShortcuts } from './use-shortcuts.ts';

type Opened = 'nothing' | 'search' | 'help';

/** Where one is and can go, and who one is. */
export function TopBar() {
  const [opened, open] = useState<Opened>('nothing');
  useShortcuts({ search: () => open('search'), help: () => open('help') });
  const close = (): void => open('nothing');
  return (
    <header className="top">
      <Link className="brand" href="/" aria-label="Agent.fun, the board">
        <Mark />
        <span className="brand-name">Agent.fun</span>
      </Link>
      <Places />
      <div className="top-side">
        <button
          type="button"
          className="search-button"
          aria-haspopup="dialog"
          aria-keyshortcuts="/ Control+K Meta+K"
          onClick={() => open('search')}
        >
          <Search size={16} aria-hidden="true" />
          <span className="search-hint">
            Search
            <span className="key" aria-hidden="true">
              {SEARCH_KEYS.join(' ')}
            </span>
          </span>
        </button>
        <Link className="button create-link" href={pagePath('create')} aria-label="Create agent">
          <Plus size={16} aria-hidden="true" />
          <span className="create-word">Create agent</span>
        </Link>
        <LiveIndicator size="md" />
        <SignIn />
      </div>
      {opened === 'search' && <SearchPalette onClose={close} />}
      {opened === 'help' && <KeyboardHelp onClose={close} />}
    </header>
  );
}

function Places() {
  const { kind } = useRoute();
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: which place is marked changes with the kind of page
  useEffect(() => {
    // On a phone the row scrolls: where one is should be in sight.
    const here = nav.current?.querySelector('[aria-current]');
    here?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [kind]);
  return (
    <nav className="places" aria-label="Pages" ref={nav}>
      {PLACES.map(({ href, label, kinds }) => (
        <Link
          key={href}
          className="place"
          href={href}
          aria-current={kinds.includes(kind) ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
      {/* Where there is no room for the button. */}
      <Link className="place place-create" href={pagePath('create')}>
        Create agent
      </Link>
    </nav>
  );
}
