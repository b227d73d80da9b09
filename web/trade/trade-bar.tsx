import './trade.css';
import { useState } from 'react';
import type { Side } from '../../shared/curve.ts';
import { formatTokens } from '../../shared/format.ts';
import { formatDecimal, TOKEN_DECIMALS, type TokenUnits, tokenUnits } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { Dialog } from '../ui/dialog.tsx';
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
  const held = funds === null ? null : tokenUnits(funds.tokens + funds.staked);
  const open = (side: Side): void => {
    ticket.turn(side);
    setOpen(true);
  };
  const close = (): void => setOpen(false);
  return (
    <div className="trade-bar" data-agent={agent.agentId}>
      <p className="trade-held">
        <span className="muted">You hold</span>
        <Held tokens={held} symbol={symbol} />
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

function Held({ tokens, symbol }: { readonly tokens: TokenUnits | null; readonly symbol: string }) {
  if (tokens === null) return <span className="figure">–</span>;
  return (
    <span className="figure" title={`${formatDecimal(tokens, TOKEN_DECIMALS)} ${symbol}`}>
      {formatTokens(tokens)} {symbol}
    </span>
  );
}
