import { formatDecimal, TOKEN_DECIMALS } from '../../shared/units.ts';
import { useSetting } from '../services.ts';
import type { Funds } from './quote.ts';
import type { Ticket } from './ticket.ts';

interface PresetsProps {
  readonly ticket: Ticket;
  readonly funds: Funds | null;
}

interface Preset {
  readonly label: string;
  /** As it would be typed; `null` when there is nothing to take a part of. */
  readonly amount: string | null;
}

/** Per cent of what there is to sell. */
const PARTS = [25n, 50n, 75n, 100n];

/** Amounts at one press: the trader's own of SOL to buy for, or parts of what there is to sell. */
export function Presets({ ticket, funds }: PresetsProps) {
  const { side, unit, draft } = ticket;
  const amounts = useSetting(({ buyPresets }) => buyPresets);
  const presets =
    side === 'buy'
      ? amounts.map((amount): Preset => ({ label: unit === 'sol' ? amount : `${amount} SOL`, amount }))
      : PARTS.map((part): Preset => ({ label: `${part} %`, amount: partOf(funds, part) }));
  const choose = side === 'buy' ? ticket.spend : ticket.type;
  return (
    <fieldset className="trade-presets" aria-label={side === 'buy' ? 'SOL to spend' : 'Part to sell'}>
      {presets.map(({ label, amount }, place) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: two of a trader's own amounts may be the same
          key={place}
          type="button"
          className="button trade-preset"
          disabled={amount === null}
          aria-pressed={amount !== null && draft.wanted !== 'buy_tokens' && amount === draft.amount}
          onClick={() => amount !== null && choose(amount)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

function partOf(funds: Funds | null, part: bigint): string | null {
  if (funds === null || funds.tokens === 0n) return null;
  return formatDecimal((funds.tokens * part) / 100n, TOKEN_DECIMALS);
}
