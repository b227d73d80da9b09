import { memo, useId } from 'react';
import { Tabs } from '../ui/tabs.tsx';
import { TAPE_SIDES, TAPE_SIZES, type TapeFilter } from './filter.ts';

const SIDE_TITLES = { all: 'All', buy: 'Buys', sell: 'Sells', own: 'Yours' } as const;

interface TapeFiltersProps {
  readonly filter: TapeFilter;
  readonly onChange: (filter: TapeFilter) => void;
}

/** Which trades a tape shows: by side, one's own, and by size. */
export const TapeFilters = memo(function TapeFilters({ filter, onChange }: TapeFiltersProps) {
  const id = useId();
  return (
    <div className="tape-filters">
      <Tabs
        label="Which trades"
        options={TAPE_SIDES}
        chosen={filter.side}
        titleOf={(side) => SIDE_TITLES[side]}
        onChoose={(side) => onChange({ ...filter, side })}
      />
      <label className="tape-size" htmlFor={id}>
        <span className="muted">Size</span>
        <select
          id={id}
          className="select"
          value={filter.atLeast}
          onChange={({ target }) => {
            const atLeast = TAPE_SIZES.find((size) => size === target.value);
            if (atLeast !== undefined) onChange({ ...filter, atLeast });
          }}
        >
          {TAPE_SIZES.map((size) => (
            <option key={size} value={size}>
              {size === '0' ? 'Any size' : `≥ ${size} SOL`}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
});
