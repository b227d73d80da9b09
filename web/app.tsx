import { AgentPage } from './components/agent-page.tsx';
import { BoardPage } from './components/board-page.tsx';
import { ConnectionNotice } from './components/connection-notice.tsx';
import { Mark } from './components/icons.tsx';
import { Link } from './components/link.tsx';
import { LiveIndicator } from './components/live-indicator.tsx';
import { Empty, ErrorBoundary } from './components/panel.tsx';
import { SignIn } from './components/sign-in.tsx';
import { useConnection } from './live/hooks.ts';
import { useRoute } from './services.ts';

export function App() {
  const { state } = useConnection();
  return (
    <div className="app" data-connection={state}>
      <header className="top">
        <Link className="brand" href="/">
          <Mark />
          <span>Agent.fun</span>
        </Link>
        <div className="top-side">
          <LiveIndicator size="md" />
          <SignIn />
        </div>
      </header>
      <ErrorBoundary name="This page">
        <Page />
      </ErrorBoundary>
      <ConnectionNotice />
    </div>
  );
}

function Page() {
  const route = useRoute();
  switch (route.kind) {
    case 'board':
      return <BoardPage sort={route.sort} />;
    case 'agent':
      return <AgentPage key={route.agentId} agentId={route.agentId} />;
    case 'not_found':
      return (
        <main className="page-lone">
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
