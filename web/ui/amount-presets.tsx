import './amount-presets.css';
import { formatDecimal } from '../../shared/units.ts';

/** An amount at one press. */
export interface AmountPreset {
  readonly label: string;
  /** As it would be typed; `null` when there is nothing to take a part of. */
  readonly amount: string | null;
}

interface AmountPresetsProps {
  readonly label: string;
  readonly presets: readonly AmountPreset[];
  /** The amount that is filled in now; `null` where it is none of these. */
  readonly chosen: string | null;
  readonly onChoose: (amount: string) => void;
}

/** Short ways to an amount, in a row below its field. */
export function AmountPresets({ label, presets, chosen, onChoose }: AmountPresetsProps) {
  return (
    <fieldset className="amount-presets" aria-label={label}>
      {presets.map(({ label: text, amount }, place) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: two of a trader's own amounts may be the same
          key={place}
          type="button"
          className="button"
          disabled={amount === null}
          aria-pressed={amount !== null && amount === chosen}
          onClick={() => amount !== null && onChoose(amount)}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}

const PARTS = [25n, 50n, 75n, 100n];

/** A quarter, a half, three quarters and all of an amount in units of 10^-decimals; `null` while it is not known. */
export const partsOf = (whole: bigint | null, decimals: number): readonly AmountPreset[] =>
  PARTS.map((part) => ({
    label: `${part} %`,
    amount: whole === null || whole === 0n ? null : formatDecimal((whole * part) / 100n, decimals),
  }));
