import { Empty, Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';

export function PortfolioPage() {
  useTitle('Portfolio');
  return (
    <main id="main" className="page-lone">
      <Panel title="Portfolio">
        <Empty title="Portfolio">Not built yet.</Empty>
      </Panel>
    </main>
  );
}
