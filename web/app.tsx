import { Suspense, useRef } from 'react';
import { PAGES } from './pages.ts';
import type { Route } from './router.ts';
import { useRoute } from './services.ts';
import { Announcements } from './shell/announcements.tsx';
import { Arrival } from './shell/arrival.tsx';
import { ConnectionNotice } from './shell/connection-notice.tsx';
import { PageBoundary } from './shell/page-boundary.tsx';
import { useShownState } from './shell/shown-state.ts';
import { TopBar } from './shell/top-bar.tsx';
import { UpdatePrompt, useOutdated } from './shell/update-prompt.tsx';
import { Link } from './ui/link.tsx';
import { Empty } from './ui/panel.tsx';
import { SkeletonRows } from './ui/skeleton.tsx';
import { Toaster } from './ui/toaster.tsx';
import { useTitle } from './ui/use-title.ts';

export function App() {
  const state = useShownState();
  const outdated = useOutdated();
  const route = useRoute();
  const address = addressOf(route);
  const arrived = useRef<string | null>(null);
  return (
    <div className="app" data-connection={state}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <TopBar />
      <PageBoundary address={address} outdated={outdated ? <PageSkeleton /> : null}>
        <Suspense fallback={<PageSkeleton />}>
          <Page route={route} />
          <Arrival address={address} last={arrived} />
        </Suspense>
      </PageBoundary>
      <ConnectionNotice />
      <UpdatePrompt />
      <Toaster />
      <Announcements />
    </div>
  );
}

/** What is another place to be at; the same board with other lists or filters is not. */
function addressOf(route: Route): string {
  switch (route.kind) {
    case 'agent':
      return `agent ${route.agentId}`;
    case 'vault':
      return `vault ${route.vaultId}`;
    case 'not_found':
      return `not found ${route.path}`;
    default:
      return route.kind;
  }
}

function Page({ route }: { readonly route: Route }) {
  switch (route.kind) {
    case 'board':
      return <PAGES.board sort={route.sort} />;
    case 'agent':
      return <PAGES.agent key={route.agentId} agentId={route.agentId} />;
    case 'vault':
      return <PAGES.vault key={route.vaultId} vaultId={route.vaultId} />;
    case 'portfolio':
      return <PAGES.portfolio />;
    case 'olympics':
      return <PAGES.olympics />;
    case 'vaults':
      return <PAGES.vaults />;
    case 'activity':
      return <PAGES.activity />;
    case 'create':
      return <PAGES.create />;
    case 'settings':
      return <PAGES.settings />;
    case 'not_found':
      return <Nowhere path={route.path} />;
    default:
      return route satisfies never;
  }
}

function Nowhere({ path }: { readonly path: string }) {
  useTitle('Nothing here');
  return (
    <main id="main" className="page-lone">
      <h1 className="visually-hidden">There is nothing here</h1>
      <div className="panel">
        <Empty title="There is nothing here">
          No page has the address {path}. <Link href="/">See all agents</Link>
        </Empty>
      </div>
    </main>
  );
}

function PageSkeleton() {
  return (
    <main id="main" className="page-lone">
      <div className="panel">
        <SkeletonRows rows={14} label="Loading the page" />
      </div>
    </main>
  );
}
