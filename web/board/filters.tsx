import './filters.css';
import { ChevronDown, SlidersHorizontal } from 'lucide-react';
import { useId, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import {
  AGES,
  type BoardFilter,
  choicesMade,
  MARKET_CAPS,
  type MaxAge,
  NO_FILTER,
  VOLUMES,
} from './address.ts';
import { BOARD_ORDERS, ORDER_TITLES } from './sorts.ts';

interface FiltersProps {
  readonly filter: BoardFilter;
  readonly onChange: (filter: BoardFilter) => void;
}

const AGE_TITLES: Readonly<Record<MaxAge, string>> = {
  any: 'Any age',
  '10m': 'Last 10 min',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '1d': 'Last day',
};
// They say what they are about: where there is room for little, the label is left out.
const marketCapTitle = (amount: string): string =>
  amount === '0' ? 'Any market cap' : `Cap ≥ ${amount} SOL`;
const volumeTitle = (amount: string): string => (amount === '0' ? 'Any volume' : `Volume ≥ ${amount} SOL`);

/** What comes first on the board and who is left out of it. */
export function Filters({ filter, onChange }: FiltersProps) {
  const set = (changed: Partial<BoardFilter>): void => onChange({ ...filter, ...changed });
  return (
    <fieldset className="filters" aria-label="Sort and filter">
      <Choice
        label="Sort"
        options={BOARD_ORDERS}
        chosen={filter.order}
        titleOf={(option) => ORDER_TITLES[option]}
        onChoose={(order) => set({ order })}
      />
      <Choice
        label="Market cap"
        options={MARKET_CAPS}
        chosen={filter.minMarketCap}
        titleOf={marketCapTitle}
        onChoose={(minMarketCap) => set({ minMarketCap })}
      />
      <Choice
        label="Volume"
        options={VOLUMES}
        chosen={filter.minVolume}
        titleOf={volumeTitle}
        onChoose={(minVolume) => set({ minVolume })}
      />
      <Choice
        label="Created"
        options={AGES}
        chosen={filter.within}
        titleOf={(option) => AGE_TITLES[option]}
        onChoose={(within) => set({ within })}
      />
      <button
        type="button"
        className="toggle"
        aria-pressed={filter.hideQuiet}
        title="Leaves out who has not traded for an hour"
        onClick={() => set({ hideQuiet: !filter.hideQuiet })}
      >
        Hide quiet
      </button>
      {choicesMade(filter) > 0 && (
        <button type="button" className="toggle clear" onClick={() => onChange(NO_FILTER)}>
          Clear
        </button>
      )}
    </fieldset>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly [T, ...T[]];
  readonly chosen: T;
  readonly titleOf: (option: T) => string;
  readonly onChoose: (option: T) => void;
}

function Choice<T extends string>({ label, options, chosen, titleOf, onChoose }: ChoiceProps<T>) {
  const id = useId();
  const [usual] = options;
  return (
    <div className="choice" data-made={chosen !== usual}>
      <label htmlFor={id}>{label}</label>
      <span className="choice-box">
        <select
          id={id}
          className="select"
          value={chosen}
          onChange={({ target }) => onChoose(options.find((option) => option === target.value) ?? usual)}
        >
          {options.map((option) => (
            <option key={option} value={option}>
              {titleOf(option)}
            </option>
          ))}
        </select>
        <ChevronDown size={16} aria-hidden="true" />
      </span>
    </div>
  );
}

/** The same where there is no room for it: a button that opens it. */
export function FiltersButton({ filter, onChange }: FiltersProps) {
  const [open, setOpen] = useState(false);
  const made = choicesMade(filter);
  return (
    <>
      <button
        type="button"
        className="button filters-button"
        aria-label={made === 0 ? 'Sort and filter' : `Sort and filter, ${made} set`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <SlidersHorizontal size={16} aria-hidden="true" />
        {made > 0 && <span className="figure">{made}</span>}
      </button>
      {open && (
        <Dialog title="Sort and filter" kind="sheet" onClose={() => setOpen(false)}>
          <div className="filters-sheet">
            <Filters filter={filter} onChange={onChange} />
            <button
              type="button"
              className="button button-primary button-large"
              onClick={() => setOpen(false)}
            >
              Show agents
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
