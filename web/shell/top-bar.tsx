import { pagePath } from '../router.ts';
import { useRoute } from '../services.ts';
import { Mark } from '../ui/icons.tsx';
import { Link } from '../ui/link.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { SignIn } from './sign-in.tsx';

const PLACES = [
  { href: '/', label: 'Board', kinds: ['board', 'agent'] },
  { href: pagePath('olympics'), label: 'Olympics', kinds: ['olympics'] },
  { href: pagePath('vaults'), label: 'Vaults', kinds: ['vaults', 'vault'] },
  { href: pagePath('activity'), label: 'Activity', kinds: ['activity'] },
  { href: pagePath('portfolio'), label: 'Portfolio', kinds: ['portfolio'] },
];

/** Where one is and can go, and who one is. */
export function TopBar() {
  const { kind } = useRoute();
  return (
    <header className="top">
      <Link className="brand" href="/" aria-label="Agent.fun, the board">
        <Mark />
        <span className="brand-name">Agent.fun</span>
      </Link>
      <nav className="places" aria-label="Pages">
        {PLACES.map(({ href, label, kinds }) => (
          <Link
            key={href}
            className="place"
            href={href}
            {...(kinds.includes(kind) ? { 'aria-current': 'page' as const } : {})}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="top-side">
        <Link className="button create-link" href={pagePath('create')}>
          Create agent
        </Link>
        <LiveIndicator size="md" />
        <SignIn />
      </div>
    </header>
  );
}
