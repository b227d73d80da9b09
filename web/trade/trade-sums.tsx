import type { ReactNode } from 'react';
import { CREATOR_FEE_BPS, PROTOCOL_FEE_BPS } from '../../shared/curve.ts';
import { formatBps, formatSol } from '../../shared/format.ts';
import type { Lamports, TokenUnits } from '../../shared/units.ts';
import { exactPrice, exactSol } from '../ui/exact.ts';
import { PriceText } from '../ui/price-text.tsx';
import { Tokens } from '../ui/tokens.tsx';
import type { Impact } from './action.ts';
import type { OrderTerms, Quote } from './quote.ts';
import type { Ticket } from './ticket.ts';

interface TradeSumsProps {
  readonly ticket: Ticket;
  readonly symbol: string;
  /** Without one every line is there, and empty. */
  readonly quote: Quote | null;
  readonly impact: Impact;
}

const FEE = formatBps(Number(PROTOCOL_FEE_BPS + CREATOR_FEE_BPS));

/** What is paid, what is got, and what it does to the price. No line comes or goes as the numbers change. */
export function TradeSums({ ticket, symbol, quote, impact }: TradeSumsProps) {
  const { side, draft } = ticket;
  const limit = draft.wanted === 'buy_tokens' ? 'At most' : 'At least';
  return (
    <dl className="sums trade-sums">
      <Line name={side === 'buy' ? 'You pay' : 'You sell'} isMain>
        {quote && (side === 'buy' ? sol(quote.walletSol) : tokens(quote.fill.tokens, symbol))}
      </Line>
      <Line name="You get" isMain>
        {quote && (side === 'buy' ? tokens(quote.fill.tokens, symbol) : sol(quote.walletSol))}
      </Line>
      <Line name={limit}>{quote && limitOf(quote.terms, symbol)}</Line>
      <Line name={`Fee, ${FEE}`}>{quote && <Fee quote={quote} />}</Line>
      <Line name="Price impact" tone={impact}>
        {quote && <span className="figure">{formatBps(quote.impactBps)}</span>}
      </Line>
      <Line name="Price after">
        {quote && (
          <span className="figure" title={exactPrice(quote.priceAfter)}>
            <PriceText value={quote.priceAfter} /> SOL
          </span>
        )}
      </Line>
    </dl>
  );
}

interface LineProps {
  readonly name: string;
  readonly isMain?: boolean;
  readonly tone?: Impact;
  readonly children: ReactNode;
}

function Line({ name, isMain = false, tone, children }: LineProps) {
  return (
    <div data-main={isMain} data-impact={tone}>
      <dt>{name}</dt>
      <dd>{children ?? <span className="figure muted">–</span>}</dd>
    </div>
  );
}

function Fee({ quote: { fill, fee } }: { readonly quote: Quote }) {
  const title = `${exactSol(fee)}: protocol ${exactSol(fill.protocolFee)}, creator ${exactSol(fill.creatorFee)}`;
  return (
    <span className="figure" title={title}>
      {formatSol(fee)} SOL
    </span>
  );
}

const sol = (amount: Lamports): ReactNode => (
  <span className="figure" title={exactSol(amount)}>
    {formatSol(amount)} SOL
  </span>
);

const tokens = (amount: TokenUnits, symbol: string): ReactNode => <Tokens value={amount} symbol={symbol} />;

function limitOf(terms: OrderTerms, symbol: string): ReactNode {
  if (terms.side === 'sell') return sol(terms.minSol);
  return terms.exact === 'sol' ? tokens(terms.minTokens, symbol) : sol(terms.maxSol);
}
