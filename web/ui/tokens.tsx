import { formatTokens } from '../../shared/format.ts';
import type { TokenUnits } from '../../shared/units.ts';
import { exactTokens } from './exact.ts';

interface TokensProps {
  readonly value: TokenUnits;
  /** Of which agent, beside the amount; where it is left out, what is around it says so. */
  readonly symbol?: string;
  readonly className?: string;
}

/** An amount of tokens, short; the exact one as a tooltip. */
export function Tokens({ value, symbol, className = '' }: TokensProps) {
  return (
    <span className={`figure ${className}`} title={exactTokens(value, symbol)}>
      {formatTokens(value)}
      {symbol !== undefined && ` ${symbol}`}
    </span>
  );
}
