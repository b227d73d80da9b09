import { useState } from 'react';
import type { AgentId } from '../../shared/ids.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import { useAgent } from '../live/hooks.ts';
import { useVaultDesk } from '../trade/desk.ts';
import { TradePanel } from '../trade/trade-panel.tsx';
import { ArrowLeft } from '../ui/icons.tsx';
import { Panel, Problem } from '../ui/panel.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { AgentSearch } from './agent-search.tsx';

/** For its manager: trades with what a vault has. */
export function VaultTrading({ vault }: { readonly vault: VaultDetail }) {
  const [chosen, choose] = useState<AgentId | null>(null);
  if (chosen === null) {
    return (
      <Panel title="Trade for the vault">
        <AgentSearch onChoose={choose} />
      </Panel>
    );
  }
  return (
    <div className="vault-desk">
      <div className="vault-desk-head">
        <button type="button" className="button" onClick={() => choose(null)}>
          <ArrowLeft />
          Another agent
        </button>
        <p className="muted">With the vault’s money</p>
      </div>
      <VaultTrade key={chosen} vault={vault} agentId={chosen} />
    </div>
  );
}

interface VaultTradeProps {
  readonly vault: VaultDetail;
  readonly agentId: AgentId;
}

function VaultTrade({ vault, agentId }: VaultTradeProps) {
  const { view, status, retry } = useAgent(agentId);
  const desk = useVaultDesk(vault);
  if (view !== null) return <TradePanel agent={view.agent} desk={desk} />;
  return (
    <Panel title="Trade for the vault">
      {status.kind === 'ended' ? (
        <Problem what="This agent" detail={status.error.message} onRetry={retry} />
      ) : (
        <SkeletonRows rows={6} label="Loading the agent" />
      )}
    </Panel>
  );
}
