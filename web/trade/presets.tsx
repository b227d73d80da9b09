import { TOKEN_DECIMALS } from '../../shared/units.ts';
import { useSetting } from '../services.ts';
import { AmountPresets, partsOf } from '../ui/amount-presets.tsx';
import type { Funds } from './quote.ts';
import type { Ticket } from './ticket.ts';

interface PresetsProps {
  readonly ticket: Ticket;
  readonly funds: Funds | null;
}

/** Amounts at one press: the trader's own of SOL to buy for, or parts of what there is to sell. */
export function Presets({ ticket: { side, unit, draft, spend, type }, funds }: PresetsProps) {
  const amounts = useSetting(({ buyPresets }) => buyPresets);
  if (side === 'sell') {
    const parts = partsOf(funds?.tokens ?? null, TOKEN_DECIMALS);
    return <AmountPresets label="Part to sell" presets={parts} chosen={draft.amount} onChoose={type} />;
  }
  const inSol = unit === 'sol';
  const presets = amounts.map((amount) => ({ label: inSol ? amount : `${amount} SOL`, amount }));
  const chosen = inSol ? draft.amount : null;
  return <AmountPresets label="SOL to spend" presets={presets} chosen={chosen} onChoose={spend} />;
}
