import { Suspense } from 'react';
import { useConnection } from './live/hooks.ts';
import { PAGES } from './pages.ts';
import { useRoute } from './services.ts';
import { ConnectionNotice } from './shell/connection-notice.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { Link } from './ui/link.tsx';
import { Empty, ErrorBoundary } from './ui/panel.tsx';
import { SkeletonRows } from './ui/skeleton.tsx';
import { Toaster } from './ui/toaster.tsx';

export function App() {
  const { state } = useConnection();
  return (
    <div className="app" data-connection={state}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <TopBar />
      <ErrorBoundary name="This page">
        <Suspense fallback={<PageSkeleton />}>
          <Page />
        </Suspense>
      </ErrorBoundary>
      <ConnectionNotice />
      <Toaster />
    </div>
  );
}

function Page() {
  const route = useRoute();
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
      return (
        <main id="main" className="page-lone">
          <div className="panel">
            <Empty title="There is nothing here">
              No page has the address {route.path}. <Link href="/">See all agents</Link>
            </Empty>
          </div>
        </main>
      );
    default:
      return route satisfies never;
  }
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
