import type { RefObject } from 'react';
import { type Curve, tokensForSpend } from '../../shared/curve.ts';
import { formatSol } from '../../shared/format.ts';
import { formatDecimal, SOL_DECIMALS, TOKEN_DECIMALS } from '../../shared/units.ts';
import { AmountField, type AmountNote } from '../ui/amount-field.tsx';
import { exactSol } from '../ui/exact.ts';
import { Tabs } from '../ui/tabs.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { Presets } from './presets.tsx';
import type { Funds } from './quote.ts';
import type { Ticket, Unit } from './ticket.ts';

interface AmountEntryProps {
  readonly ticket: Ticket;
  readonly symbol: string;
  readonly curve: Curve;
  readonly funds: Funds | null;
  readonly note: AmountNote | null;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

const UNITS: readonly Unit[] = ['sol', 'tokens'];

/** How much: in which unit, what there is of it, the amount itself and short ways to it. */
export function AmountEntry({ ticket, symbol, curve, funds, note, inputRef }: AmountEntryProps) {
  const { side, unit, draft, type } = ticket;
  const inSol = side === 'buy' && unit === 'sol';
  const most = funds === null ? null : mostOf(ticket, curve, funds);
  return (
    <div className="trade-amount">
      <div className="trade-by">
        {side === 'buy' ? (
          <Tabs
            label="Count in"
            options={UNITS}
            chosen={unit}
            titleOf={(option) => (option === 'sol' ? 'By SOL' : 'By tokens')}
            onChoose={ticket.countIn}
          />
        ) : (
          <Staked funds={funds} />
        )}
        <Available side={side} symbol={symbol} funds={funds} />
      </div>
      <AmountField
        label={LABELS[draft.wanted]}
        isLabelHidden
        unit={inSol ? 'SOL' : symbol}
        value={draft.amount}
        onChange={type}
        note={note}
        inputRef={inputRef}
        onMax={most === null || most === '0' || side === 'sell' ? undefined : () => type(most)}
      >
        <Presets ticket={ticket} funds={funds} />
      </AmountField>
    </div>
  );
}

const LABELS = {
  buy_sol: 'SOL to spend',
  buy_tokens: 'Tokens to buy',
  sell: 'Tokens to sell',
} as const;

function Staked({ funds }: { readonly funds: Funds | null }) {
  if (funds === null || funds.staked === 0n) return <span />;
  return (
    <span className="muted" title="Staked tokens cannot be sold">
      <Tokens value={funds.staked} /> staked
    </span>
  );
}

type AvailableProps = Pick<AmountEntryProps, 'symbol' | 'funds'> & Pick<Ticket, 'side'>;

function Available({ side, symbol, funds }: AvailableProps) {
  return (
    <span className="trade-available">
      Available{' '}
      {funds === null ? (
        <span className="figure">–</span>
      ) : side === 'buy' ? (
        <span className="figure" title={exactSol(funds.sol)}>
          {formatSol(funds.sol)} SOL
        </span>
      ) : (
        <Tokens value={funds.tokens} symbol={symbol} />
      )}
    </span>
  );
}

/** All that can be spent or sold, as it would be typed. */
function mostOf({ draft }: Ticket, curve: Curve, { sol, tokens }: Funds): string {
  switch (draft.wanted) {
    case 'buy_sol':
      return formatDecimal(sol, SOL_DECIMALS);
    case 'buy_tokens':
      return formatDecimal(tokensForSpend(curve, sol), TOKEN_DECIMALS);
    case 'sell':
      return formatDecimal(tokens, TOKEN_DECIMALS);
    default:
      return draft.wanted satisfies never;
  }
}
