import { Check } from 'lucide-react';
import { formatBps, formatTokens } from '../../shared/format.ts';
import type { Impact } from './action.ts';
import type { Confirmation } from './confirmation.ts';
import type { Quote } from './quote.ts';

interface WarningProps {
  readonly id: string;
  readonly symbol: string;
  readonly quote: Quote | null;
  readonly impact: Impact;
  readonly agreed: boolean;
  readonly onAgree: (agreed: boolean) => void;
}

/** What is unusual about a trade, above the button; its room is there without it. */
export function Warning({ id, symbol, quote, impact, agreed, onAgree }: WarningProps) {
  return (
    <div className="trade-warning" id={id} data-impact={impact}>
      {quote !== null && (
        <>
          {impact === 'large' && <p>Price impact {formatBps(quote.impactBps)}: large for this agent.</p>}
          {impact === 'needs_consent' && (
            <label className="trade-consent">
              <input type="checkbox" checked={agreed} onChange={({ target }) => onAgree(target.checked)} />
              {quote.fill.side === 'buy' ? 'Buy' : 'Sell'} with a price impact of {formatBps(quote.impactBps)}
            </label>
          )}
          {quote.graduates && <p className="trade-graduates">{graduationText(quote, symbol)}</p>}
        </>
      )}
    </div>
  );
}

function graduationText({ takesRest, fill }: Quote, symbol: string): string {
  const rest = takesRest ? `Buys the last ${formatTokens(fill.tokens)} ${symbol}` : `Buys the last ${symbol}`;
  return `${rest} and graduates it.`;
}

const CONFIRMATIONS: Readonly<Record<Exclude<Confirmation['kind'], 'none'>, string>> = {
  asking: 'Confirming with the server',
  confirmed: 'Confirmed by the server',
  differs: 'The server quotes otherwise; its figures are shown',
  failed: 'Not confirmed by the server',
};

/** Whether the server computes the same. It is quiet: only a difference is worth hearing of. */
export function ConfirmationLine({ kind }: Pick<Confirmation, 'kind'>) {
  return (
    <p className="trade-confirmation" data-state={kind}>
      {kind === 'none' ? (
        <span className="trade-keys">
          <kbd className="key">B</kbd> buy <kbd className="key">S</kbd> sell <kbd className="key">Enter</kbd>{' '}
          place
        </span>
      ) : (
        <>
          {kind === 'confirmed' && <Check size={16} aria-hidden="true" />}
          {CONFIRMATIONS[kind]}
        </>
      )}
    </p>
  );
}
