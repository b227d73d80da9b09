import './trade.css';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Address } from '../ui/address.tsx';
import { Empty, Panel } from '../ui/panel.tsx';
import { type Desk, useWalletDesk } from './desk.ts';
import { useTicket } from './ticket.ts';
import { TradeForm } from './trade-form.tsx';

interface TradePanelProps {
  readonly agent: AgentView;
  /** Who trades; the signed-in wallet unless given. */
  readonly desk?: Desk;
}

/** Buys and sells one agent, and says where it trades when it is not here. */
export function TradePanel({ agent, desk }: TradePanelProps) {
  return (
    <Panel title={`Trade ${agent.symbol}`} className="trade-panel">
      {agent.phase.kind === 'graduated' ? (
        <Empty title={`${agent.symbol} has graduated`}>
          It trades in its pool <Address value={agent.phase.poolId} /> now, no longer on the curve.
        </Empty>
      ) : (
        <div className="panel-body">
          {desk === undefined ? <WalletForm agent={agent} /> : <DeskForm agent={agent} desk={desk} />}
        </div>
      )}
    </Panel>
  );
}

const WalletForm = ({ agent }: { readonly agent: AgentView }) => (
  <DeskForm agent={agent} desk={useWalletDesk()} />
);

function DeskForm({ agent, desk }: { readonly agent: AgentView; readonly desk: Desk | null }) {
  return <TradeForm agent={agent} desk={desk} ticket={useTicket()} />;
}
