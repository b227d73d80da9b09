import './trade.css';
import { useState } from 'react';
import type { Side } from '../../shared/curve.ts';
import { tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { useWalletDesk } from './desk.ts';
import { useTicket } from './ticket.ts';
import { TradeForm } from './trade-form.tsx';

/** On narrow screens: what one holds, Buy and Sell at the bottom of the page; the form comes up as a sheet. */
export function TradeBar({ agent }: { readonly agent: AgentView }) {
  const desk = useWalletDesk();
  const ticket = useTicket();
  const [isOpen, setOpen] = useState(false);
  if (agent.phase.kind === 'graduated') return null;
  const { symbol } = agent;
  const funds = desk?.fundsIn(agent.agentId) ?? null;
  const open = (side: Side): void => {
    ticket.turn(side);
    setOpen(true);
  };
  const close = (): void => setOpen(false);
  return (
    <div className="trade-bar" data-agent={agent.agentId}>
      <p className="trade-held">
        <span className="muted">You hold</span>
        {funds === null ? (
          <span className="figure">–</span>
        ) : (
          <Tokens value={tokenUnits(funds.tokens + funds.staked)} symbol={symbol} />
        )}
      </p>
      <button type="button" className="button button-buy" onClick={() => open('buy')}>
        Buy
      </button>
      <button type="button" className="button button-sell" onClick={() => open('sell')}>
        Sell
      </button>
      {isOpen && (
        <Dialog title={`Trade ${symbol}`} kind="sheet" onClose={close}>
          <div className="trade-sheet">
            <TradeForm agent={agent} desk={desk} ticket={ticket} onPlaced={close} />
          </div>
        </Dialog>
      )}
    </div>
  );
}
